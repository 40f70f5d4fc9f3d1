"""A budget proposal for a company, from its tables and the plan in force."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from cmo.measures import Unanswered
from cmo.media.calibration import lifts_of
from cmo.media.checks import sampling_checks, withheld
from cmo.media.evidence import ENOUGH
from cmo.media.evidence_counts import REVENUE, count_weeks
from cmo.media.fit import fit_mix
from cmo.media.media_method import reason_of
from cmo.media.plan import Aim, Bounds, Proposal, look_ahead, propose
from cmo.media.response import channels_of, horizon_of, margin_of
from cmo.warehouse.field import Field

Floats = npt.NDArray[np.float64]


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
    margin = margin_of(field, weekly)
    if margin is None:
        return Unanswered(
            measure="media.mroi", reason=reason_of("no_margin"), unlock=("outcomes.value_per_unit",)
        )
    if REVENUE not in weekly.outcomes or len(weekly.weeks) < ENOUGH or not weekly.spend:
        return Unanswered(measure="media.mroi", reason=reason_of("too_short"), unlock=("media", "outcomes"))
    mix = weekly.mix(REVENUE)
    fit = fit_mix(replace(mix, tests=lifts_of(field.strategy.tests, mix)), rng=rng)
    if withheld(sampling_checks(fit)):
        return Unanswered(measure="media.mroi", reason=reason_of("not_converged"), unlock=())
    told = channels_of(field.strategy.plan)
    ahead = horizon_of(field.strategy.plan, after=weekly.weeks[-1])
    spends = [float(channel["spend"]) for name, channel in told.items() if name in mix.names]
    outlook = look_ahead(fit, horizon=(ahead.start, ahead.end), most=max([*spends, budget or 0.0]))
    pace = dict(zip(mix.names, outlook.usual, strict=True))
    current = np.array([float(told[name]["spend"]) if name in told else pace[name] for name in mix.names])
    return propose(
        outlook,
        aim=Aim(margin=margin, caution=caution),
        current=current,
        bounds=tuple(_bounds(told.get(name)) for name in mix.names),
        budget=float(current.sum()) if budget is None else budget,
    )


def _bounds(told: Mapping[str, Any] | None) -> Bounds:
    if told is None:
        return Bounds()
    low, high = told.get("min"), told.get("max")
    return Bounds(low=0.0 if low is None else float(low), high=np.inf if high is None else float(high))
