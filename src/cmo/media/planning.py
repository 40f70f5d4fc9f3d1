"""A budget proposal for a company, from its tables and the plan in force."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from cmo.measures import Text, Unanswered, Window
from cmo.media.calibration import lifts_of
from cmo.media.checks import sampling_checks, withheld
from cmo.media.evidence import ENOUGH
from cmo.media.evidence_counts import REVENUE, Weekly, count_weeks
from cmo.media.fit import fit_mix
from cmo.media.media_method import reason_of
from cmo.media.plan import Aim, Bounds, Proposal, look_ahead, propose
from cmo.warehouse.field import Field

Floats = npt.NDArray[np.float64]

_QUARTER = 13


def plan_budget(
    field: Field, *, budget: float | None = None, caution: float = 0.0, rng: np.random.Generator
) -> Proposal | Unanswered:
    """The best division of a budget over the plan's period, against the plan in force.

    Without a plan the period is the quarter after the data and the plan in force the pace of the last year;
    channels that the plan does not name keep their pace, and those that the data do not know keep their plan.

    Args:
        field: The company's tables and its plan.
        budget: Money in all; that of the plan in force by default.
        caution: Weight of the worst cases, in [0, 1].
        rng: Source of randomness.

    Returns:
        The proposal, or why there is none.
    """
    if not {"media", "outcomes"} <= field.tables:
        missing = tuple(sorted({"media", "outcomes"} - field.tables))
        return Unanswered(measure="media.mroi", reason=reason_of("no_table"), unlock=missing)
    weekly = count_weeks(field)
    margin = weekly.margin if weekly.margin is not None else _margin_of_orders(field)
    if margin is None:
        return Unanswered(measure="media.mroi", reason=_NO_MARGIN, unlock=("outcomes.value_per_unit",))
    if REVENUE not in weekly.outcomes or len(weekly.weeks) < ENOUGH or not weekly.spend:
        return Unanswered(measure="media.mroi", reason=reason_of("too_short"), unlock=("media", "outcomes"))
    mix = weekly.mix(REVENUE)
    fit = fit_mix(replace(mix, tests=lifts_of(field.strategy.tests, mix)), rng=rng)
    if withheld(sampling_checks(fit)):
        return Unanswered(measure="media.mroi", reason=reason_of("not_converged"), unlock=())
    told = _channels(field.strategy.plan)
    horizon = _horizon(field.strategy.plan, weekly=weekly)
    spends = [float(channel["spend"]) for name, channel in told.items() if name in mix.names]
    outlook = look_ahead(fit, horizon=horizon, most=max([*spends, budget or 0.0]))
    pace = dict(zip(mix.names, outlook.usual, strict=True))
    current = np.array([float(told[name]["spend"]) if name in told else pace[name] for name in mix.names])
    return propose(
        outlook,
        aim=Aim(margin=margin, caution=caution),
        current=current,
        bounds=tuple(_bounds(told.get(name)) for name in mix.names),
        budget=float(current.sum()) if budget is None else budget,
    )


_NO_MARGIN = Text(
    "The margin of a sale is not known: give value_per_unit in outcomes, or margin in orders.",
    "La marge d'une vente n'est pas connue : donnez value_per_unit dans outcomes ou margin dans orders.",
)


def _margin_of_orders(field: Field) -> float | None:
    if "orders" not in field.tables or "margin" not in field.columns("orders"):
        return None
    orders = field.table("orders")
    sums = orders.filter(orders["margin"].notnull()).aggregate(
        margin=orders["margin"].sum().cast("float64"), revenue=orders["revenue"].sum().cast("float64")
    )
    row = field.collect(sums).to_pylist()[0]
    return row["margin"] / row["revenue"] if row["revenue"] else None


def _channels(plan: Mapping[str, Any] | None) -> Mapping[str, Mapping[str, Any]]:
    return {} if plan is None else plan.get("channels", {})


def _horizon(plan: Mapping[str, Any] | None, *, weekly: Weekly) -> tuple[date, date]:
    if plan is None:
        first = weekly.weeks[-1] + timedelta(days=7)
        return first, first + timedelta(days=7 * _QUARTER - 1)
    period = plan["period"]
    window = period if isinstance(period, Window) else Window.parse(period)
    return window.start, window.end


def _bounds(told: Mapping[str, Any] | None) -> Bounds:
    if told is None:
        return Bounds()
    low, high = told.get("min"), told.get("max")
    return Bounds(low=0.0 if low is None else float(low), high=np.inf if high is None else float(high))
