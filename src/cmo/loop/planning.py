"""`cmo plan`: the budget allocation with its expected profit against the plan in force."""

from collections.abc import Mapping, Sequence
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
from cmo.media.planning import Terms, Together, plan_budget
from cmo.strategy.confront import unlocking
from cmo.warehouse.engines import open_field


def terms_of(
    *,
    budget: float | None = None,
    any_budget: bool = False,
    caution: float = 0.0,
    committed: Sequence[str] = (),
    together: Sequence[str] = (),
) -> Terms:
    """The terms of a plan as a person writes them.

    Args:
        budget: Money in all.
        any_budget: Whether the total is chosen too.
        caution: Weight of the worst cases, in [0, 1].
        committed: `channel=amount`.
        together: `channel,channel=least:most`; either bound may be left out.

    Raises:
        Problem: A term cannot be read, or is out of its range.
    """
    if budget is not None and not 0 < budget < np.inf:
        raise Problem(f"a budget of {budget:g} cannot be planned; give an amount above zero")
    if budget is not None and any_budget:
        raise Problem("give a budget, or let the plan choose it (--any-budget), not both")
    if not 0 <= caution <= 1:
        raise Problem(f"a caution of {caution:g} means nothing; give a number from 0 (the mean) to 1")
    return Terms(
        budget=budget,
        any_budget=any_budget,
        caution=caution,
        committed=dict(_committed(said) for said in committed),
        together=tuple(_together(said) for said in together),
    )


def _committed(said: str) -> tuple[str, float]:
    name, _, amount = said.partition("=")
    return name.strip(), _amount(amount, said=said, wanted="channel=amount, such as tv=20000")


def _together(said: str) -> Together:
    wanted = "channel,channel=least:most, such as tv,radio=10000:50000"
    names, _, bounds = said.partition("=")
    low, colon, high = bounds.partition(":")
    if not colon:
        raise Problem(f"{said!r} cannot be read; write {wanted}")
    return Together(
        channels=tuple(name.strip() for name in names.split(",")),
        low=_amount(low, said=said, wanted=wanted) if low.strip() else 0.0,
        high=_amount(high, said=said, wanted=wanted) if high.strip() else np.inf,
    )


def _amount(written: str, *, said: str, wanted: str) -> float:
    try:
        amount = float(written)
    except ValueError:
        raise Problem(f"{said!r} cannot be read; write {wanted}") from None
    if not 0 <= amount < np.inf:
        raise Problem(f"{said!r}: the amount must be zero or more; write {wanted}")
    return amount


def plan(
    folder: Path,
    *,
    budget: float | None = None,
    terms: Terms | None = None,
    progress: Progress,
    language: Language | None,
) -> Answer:
    """The best division of a budget over the plan's period, beside the plan in force.

    Args:
        folder: The company's folder; it has been reviewed.
        budget: Money in all; that of the plan in force by default.
        terms: What else the plan must respect; they hold the budget themselves.
        progress: Told what is being done.
        language: Language of the answer.

    Raises:
        Problem: There has been no review, the budget is none, or the data cannot bear a plan.
    """
    asked = terms_of(budget=budget) if terms is None else terms
    now = standing(folder, language)
    field = open_field(now.workspace, strategy=stated(remembered_strategy()))
    progress(Text("weighing the channels", "pesée des canaux"))
    at_hand = tuple(table for table in ("media", "outcomes") if table in field.tables)
    rng = np.random.default_rng(seed_of("plan", field, at_hand))
    try:
        proposal = plan_budget(field, terms=asked, rng=rng)
    except ValueError as refused:
        raise Problem(str(refused)) from refused
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
        f"Gain {amount(gain)}; that the proposal is better: {odds.en}.\n{_best(said, unit, 'en')}",
        f"Du {said['horizon'][0]} au {said['horizon'][1]}, {total} en tout. Profit attendu : proposé "
        f"{amount(said['proposed']['profit'])}, plan en vigueur {amount(said['current']['profit'])}.\n"
        f"Gain {amount(gain)} ; que la proposition soit meilleure : {odds.fr}.\n{_best(said, unit, 'fr')}",
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


def _best(said: Mapping[str, Any], unit: Unit, language: Language) -> str:
    """How much money in all, on the bounds given."""
    best = said["best_budget"]
    budget, profit = unit.write(best["budget"], language), unit.write(best["profit"], language)
    if best["beyond_experience"]:
        return Text(
            f"The expected profit still rises at the largest total within the bounds, {budget}.",
            f"Le profit attendu monte encore au plus grand total que permettent les bornes, {budget}.",
        ).in_(language)
    return Text(
        f"Of all totals, {budget} has the highest expected profit: {profit}.",
        f"De tous les totaux, {budget} a le profit attendu le plus élevé : {profit}.",
    ).in_(language)


_ENDS = ("mean", "q05", "q95")
