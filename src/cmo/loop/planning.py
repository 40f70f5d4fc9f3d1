"""`cmo plan`: the budget allocation with its expected profit against the plan in force."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from cmo.briefs.answers import Answer
from cmo.ledger.strategy import remembered_strategy
from cmo.loop.measuring import seed_of
from cmo.loop.observing import Progress
from cmo.loop.standing import standing
from cmo.loop.stating import stated
from cmo.measures import Language, Problem, Text, Unanswered, Unit, chances
from cmo.media.planning import plan_budget
from cmo.strategy.confront import unlocking
from cmo.warehouse.engines import open_field


def plan(folder: Path, *, budget: float | None, progress: Progress, language: Language | None) -> Answer:
    """The best division of a budget over the plan's period, beside the plan in force.

    Args:
        folder: The company's folder; it has been reviewed.
        budget: Money in all; that of the plan in force by default.
        progress: Told what is being done.
        language: Language of the answer.

    Raises:
        Problem: There has been no review, the budget is none, or the data cannot bear a plan.
    """
    if budget is not None and not 0 < budget < np.inf:
        raise Problem(f"a budget of {budget:g} cannot be planned; give an amount above zero")
    now = standing(folder, language)
    field = open_field(now.workspace, strategy=stated(remembered_strategy()))
    progress(Text("weighing the channels", "pesée des canaux"))
    at_hand = tuple(table for table in ("media", "outcomes") if table in field.tables)
    rng = np.random.default_rng(seed_of("plan", field, at_hand))
    proposal = plan_budget(field, budget=budget, rng=rng)
    if isinstance(proposal, Unanswered):
        raise Problem(unlocking(proposal).in_(now.language))
    return _told(proposal.as_mapping(), Unit(field.company.currency), now.language)


def _told(said: Mapping[str, Any], unit: Unit, language: Language) -> Answer:
    def amount(profit: Mapping[str, float]) -> str:
        mean, low, high = (unit.write(profit[name], language, beside=profit["mean"]) for name in _ENDS)
        return f"{mean} ({low} {'to' if language == 'en' else 'à'} {high})"

    total, gain = unit.write(said["budget"], language), said["gain"]
    odds = chances(gain["probability_positive"])
    lines = Text(
        f"{said['horizon'][0]} to {said['horizon'][1]}, {total} in all. Expected profit: proposed "
        f"{amount(said['proposed']['profit'])}, plan in force {amount(said['current']['profit'])}.\n"
        f"Gain {amount(gain)}; that the proposal is better: {odds.en}.",
        f"Du {said['horizon'][0]} au {said['horizon'][1]}, {total} en tout. Profit attendu : proposé "
        f"{amount(said['proposed']['profit'])}, plan en vigueur {amount(said['current']['profit'])}.\n"
        f"Gain {amount(gain)} ; que la proposition soit meilleure : {odds.fr}.",
    )
    ratio = Unit(f"{unit.name}/{unit.name}")
    head = Text(
        "channel|in force|proposed|marginal return|5%|95%",
        "canal|en vigueur|proposé|retour marginal|5 %|95 %",
    )
    return Answer(
        data=dict(said),
        lines=tuple(lines.in_(language).splitlines()),
        head=tuple(head.in_(language).split("|")),
        body=tuple(
            (
                str(row["channel"]),
                unit.write(row["current"], language),
                unit.write(row["proposed"], language),
                *(ratio.write(row["mroi"][name], language) for name in _ENDS),
            )
            for row in said["allocation"]
        ),
    )


_ENDS = ("mean", "q05", "q95")
