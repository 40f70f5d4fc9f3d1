"""How sure the holders of beliefs were before the data was shown, as the ledger first heard it."""

from collections.abc import Mapping
from datetime import datetime

from cmo.ledger import models
from cmo.ledger.strategy import revisions
from cmo.strategy.document import Belief


def stated_before() -> dict[str, dict[str, float]]:
    """Confidence of each holder, by belief: what was said before the first verdict on the same claim.

    A confidence that is changed after a verdict was shown is no forecast any more; the first word counts. A
    holder who is first heard later is left out.
    """
    first = _first_verdicts()
    found: dict[str, dict[str, float]] = {}
    for revision in reversed(revisions()):
        for change in revision.changes:
            if change.name.section != "beliefs" or change.after is None:
                continue
            belief = Belief.model_validate(dict(change.after))
            shown = first.get((belief.id, _claim_of(change.after)))
            if shown is None or revision.made_at <= shown:
                found[belief.id] = dict(belief.confidences)
    return found


def _first_verdicts() -> dict[tuple[str, str], datetime]:
    """When a belief with this claim was first judged."""
    seen: dict[tuple[str, str], datetime] = {}
    rows = models.Verdict.rows.select_related("review").order_by("review__number")
    for row in rows.only("belief", "claim", "probability_after", "review__finished_at"):
        if row.probability_after is not None:
            seen.setdefault((row.belief, repr(sorted((row.claim or {}).items()))), row.review.finished_at)
    return seen


def _claim_of(item: Mapping[str, object]) -> str:
    claim = item.get("claim")
    return repr(sorted(claim.items())) if isinstance(claim, Mapping) else repr([])
