"""A budget proposal for a company, from its tables and the plan in force."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from cmo.measures import Unanswered
from cmo.media.allocation import Group
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Channels whose money together is bounded.

    Attributes:
        channels: Their names.
        low: Least money together, >= 0.
        high: Most money together.
    """

    channels: tuple[str, ...]
    low: float = 0.0
    high: float = np.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a plan must respect beyond the bounds of the plan in force.

    Attributes:
        budget: Money in all; that of the plan in force where none is told.
        any_budget: Whether the total is chosen too.
        caution: Weight of the worst cases, in [0, 1].
        committed: Money by channel that is already spent or promised.
        together: Channels bounded together; no channel in two of them.
    """

    budget: float | None = None
    any_budget: bool = False
    caution: float = 0.0
    committed: Mapping[str, float] = field(default_factory=dict)
    together: tuple[Together, ...] = ()

    def unknown(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Channels spoken of here that are not among those known."""
        spoken = {*self.committed, *(name for group in self.together for name in group.channels)}
        return tuple(sorted(spoken - set(names)))


def plan_budget(
    field: Field, *, terms: Terms | None = None, rng: np.random.Generator
) -> Proposal | Unanswered:
    """The best division of a budget over the plan's period, against the plan in force.

    Without a plan the period is the quarter after the data and the plan in force the pace of the last year;
    channels that the plan does not name keep their pace, and those that the data do not know keep their plan.

    Args:
        field: The company's tables and its plan.
        terms: What the plan must respect; the plan in force's own bounds by default.
        rng: Source of randomness.

    Returns:
        The proposal, or why there is none.

    Raises:
        ValueError: A term speaks of a channel that the media do not hold, or no division respects them all.
    """
    terms = terms or Terms()
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
    if strangers := terms.unknown(mix.names):
        raise ValueError(f"{', '.join(strangers)}: no such channel; there are {', '.join(mix.names)}")
    fit = fit_mix(replace(mix, tests=lifts_of(field.strategy.tests, mix)), rng=rng)
    if withheld(sampling_checks(fit)):
        return Unanswered(measure="media.mroi", reason=reason_of("not_converged"), unlock=())
    told = channels_of(field.strategy.plan)
    ahead = horizon_of(field.strategy.plan, after=weekly.weeks[-1])
    spends = [float(channel["spend"]) for name, channel in told.items() if name in mix.names]
    outlook = look_ahead(fit, horizon=(ahead.start, ahead.end), most=max([*spends, terms.budget or 0.0]))
    pace = dict(zip(mix.names, outlook.usual, strict=True))
    current = np.array([float(told[name]["spend"]) if name in told else pace[name] for name in mix.names])
    total = float(current.sum()) if terms.budget is None else terms.budget
    return propose(
        outlook,
        aim=Aim(margin=margin, caution=terms.caution),
        current=current,
        bounds=tuple(_bounds(told.get(name), committed=terms.committed.get(name)) for name in mix.names),
        groups=tuple(
            Group(members=tuple(mix.names.index(n) for n in group.channels), low=group.low, high=group.high)
            for group in terms.together
        ),
        budget=None if terms.any_budget else total,
    )


def _bounds(told: Mapping[str, Any] | None, *, committed: float | None) -> Bounds:
    if committed is not None:
        return Bounds(low=committed, high=committed)
    if told is None:
        return Bounds()
    low, high = told.get("min"), told.get("max")
    return Bounds(low=0.0 if low is None else float(low), high=np.inf if high is None else float(high))
