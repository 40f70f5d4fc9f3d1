"""Changing the strategy elsewhere than in the file: strategy.yaml is written, and applied at once."""

from collections.abc import Callable
from pathlib import Path

from cmo.briefs.answers import Answer
from cmo.ledger.rewriting import rewritten
from cmo.ledger.strategy import apply_strategy, export_strategy, remembered_strategy
from cmo.loop.standing import STRATEGY, opened
from cmo.loop.strategy import told
from cmo.measures import Language, Problem
from cmo.strategy.document import Belief, Strategy


def said_confidence(
    folder: Path,
    belief: str,
    probability: float,
    *,
    holder: Callable[[Strategy], str],
    by: str,
    language: Language | None,
) -> Answer:
    """Keep how sure somebody is of a belief; what they said before the first verdict is what counts later.

    Args:
        folder: The company's folder.
        belief: Id of the belief.
        probability: How likely they hold it to be true, in [0, 1].
        holder: Finds their name among the team.
        by: Who asks, for the record of changes.
        language: Language of the answer.

    Raises:
        Problem: There is no such belief, or strategy.yaml holds changes that were not applied.
    """

    def sure(strategy: Strategy) -> Strategy:
        known = {one.id: one for one in strategy.beliefs}
        if belief not in known:
            raise Problem(f"no belief is called {belief}; the beliefs are {', '.join(known) or 'none'}")
        beliefs = [
            _sure(one, holder(strategy), probability) if one.id == belief else one for one in strategy.beliefs
        ]
        return strategy.model_copy(update={"beliefs": beliefs})

    return changed(folder, sure, by=by, language=language)


def changed(
    folder: Path, change: Callable[[Strategy], Strategy], *, by: str, language: Language | None
) -> Answer:
    """Change the strategy that is remembered, and the file with it.

    Args:
        folder: The company's folder.
        change: The strategy as it is to the strategy as it should be.
        by: Who changes it.
        language: Language of the answer.

    Raises:
        Problem: The change does not hold, or strategy.yaml holds changes that were not applied.
    """
    workspace = opened(folder)
    path = workspace.folder / STRATEGY
    with workspace.writing():
        export_strategy(path)
        before = path.read_bytes()
        after = rewritten(before.decode("utf-8-sig"), change(remembered_strategy()), name=path.name)
        try:
            path.write_text(after, encoding="utf-8")
            merged = apply_strategy(path, by=by)
        except BaseException:
            path.write_bytes(before)
            raise
    return told(merged, language or workspace.config.company.language)


def _sure(belief: Belief, holder: str, probability: float) -> Belief:
    if belief.owner in {holder, None} and not belief.holders:
        return belief.model_copy(update={"owner": holder, "confidence": probability})
    if belief.owner == holder:
        return belief.model_copy(update={"confidence": probability})
    return belief.model_copy(update={"holders": {**belief.holders, holder: probability}})
