"""Tests of regions, of weeks on and off, and of one change on one day, analysed as they were promised."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import inf
from typing import Self

import numpy as np
import numpy.typing as npt

from cmo.experiments.contrast import Effect, Inference, quantile, tested
from cmo.experiments.findings import Course, Money
from cmo.experiments.geo_lot import assignments, changes, lot_error
from cmo.experiments.geo_reading import LEAST_PERIODS, LEAST_PLACEBOS, GeoLift, counterfactual, geo_lift
from cmo.experiments.interrupted import interrupted_series
from cmo.experiments.moments import Floats
from cmo.experiments.past import Panel
from cmo.experiments.randomisation import randomised_effect
from cmo.experiments.registration import Registration
from cmo.experiments.second_readings import Second, second_readings
from cmo.experiments.switchback import SwitchbackEffect, switchback_effect
from cmo.experiments.trimmed_match import TrimmedMatch, trimmed_match

LOOK_BACK = timedelta(days=365)
"""The past that a counterfactual is learnt from."""
SHOWN = 26
"""Periods before the test that a chart shows."""
LEAST_MOVED = 0.1
"""Share of the spend that must have moved for a return on it to be told."""
_NINETY = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesFindings:
    """What a comparison over time found.

    Attributes:
        effect: Relative effect on what was treated, two-sided at the promised level.
        expected: Outcome of it during the test had nothing been changed.
        observed: Outcome that came.
        course: Both, period by period.
        money: What the change of spend brought; none where no spend is known to have moved.
        lift: The geo reading behind it, for a geo test.
        switched: The comparison of blocks behind it, for a switchback.
        end: Last day read.
        draws: Draws of the lot that were compared, for regions that were drawn.
        others: The same effect by other methods: estimate and its 95 % interval, where it has one.
        matched: Return on the money moved from pairs drawn by lot, odd pairs trimmed; none where regions were
            not drawn in pairs or no spend is known to have moved.
    """

    effect: Effect
    expected: float
    observed: float
    course: Course
    money: Money | None
    end: date
    lift: GeoLift | None = None
    switched: SwitchbackEffect | None = None
    draws: int = 0
    others: tuple[Second, ...] = ()
    matched: TrimmedMatch | None = None


def geo_findings(
    panel: Panel, registration: Registration, *, last: date, touched: Sequence[str] = ()
) -> SeriesFindings:
    """A geo test read by the method that does best in the regions left alone.

    Args:
        panel: Outcomes and spend by region.
        registration: What was promised.
        last: Last day that may be read.
        touched: Regions that other tests treated in the same time or in the past that is learnt from.

    Raises:
        ValueError: A treated region has no outcomes, too little is known before or during the test, or too
            few regions were left alone.
    """
    quiet = panel.without([name for name in touched if name not in registration.treated])
    quiet.index(registration.treated)
    cut, pre = _within(quiet, registration, last=last)
    treated = cut.index(registration.treated)
    if pre < LEAST_PERIODS or cut.outcomes.shape[1] - len(treated) < LEAST_PLACEBOS:
        raise ValueError(
            f"{pre} periods before the test and {cut.outcomes.shape[1] - len(treated)} regions left alone: "
            f"need at least {LEAST_PERIODS} and {LEAST_PLACEBOS}"
        )
    lift = geo_lift(cut.outcomes, treated, pre=pre)
    target = cut.outcomes[:, treated].sum(axis=1)
    donors = np.delete(cut.outcomes, treated, axis=1)
    expected = counterfactual(target, donors, pre=pre, method=lift.method)
    inference = Inference(level=registration.level, alternative=registration.alternative)
    effect = tested(lift.estimate, lift.se, df=lift.df, n=float(cut.outcomes.shape[1]), inference=inference)
    end = min(last, registration.ends_on)
    return SeriesFindings(
        effect=effect,
        expected=float(target[pre:].sum()) / (1.0 + lift.estimate),
        observed=float(target[pre:].sum()),
        course=_course(cut, target, expected, pre=pre),
        money=_geo_money(cut, registration, _Moved.of(lift), pre=pre, end=end),
        lift=lift,
        end=end,
        others=second_readings(cut.outcomes, treated, pre=pre),
    )


def lot_findings(
    panel: Panel,
    registration: Registration,
    *,
    last: date,
    rng: np.random.Generator,
    touched: Sequence[str] = (),
) -> SeriesFindings:
    """A geo test whose regions were drawn by lot, read by the draws that could have been made.

    Args:
        panel: Outcomes and spend by region.
        registration: What was promised, with the groups of the lot.
        last: Last day that may be read.
        rng: Draws lots where there are too many to list.
        touched: Regions that other tests treated: their groups are left out.

    Raises:
        ValueError: A region has no outcomes, too little is known, or too few groups are left.
    """
    panel.index([name for group in registration.lot for name in group])
    others = {name for name in touched if name not in registration.treated}
    groups = [group for group in registration.lot if not others & set(group)]
    inside = [name for group in groups for name in group]
    quiet = panel.without([name for name in panel.regions if name not in inside])
    treated = [name for name in registration.treated if name in inside]
    cut, pre = _within(quiet, registration, last=last)
    if pre < LEAST_PERIODS:
        raise ValueError(f"{pre} periods before the test: need at least {LEAST_PERIODS}")
    length = len(cut.days) - pre
    past = replace(cut, days=cut.days[:pre], outcomes=cut.outcomes[:pre], spend={})
    try:
        _, base = lot_error(past, groups, periods=length, rng=rng)
    except ValueError:
        base = pre
    own = np.isin(np.array(cut.regions), treated)
    found = randomised_effect(
        changes(cut.outcomes, pre=pre, base=base),
        own,
        assignments=assignments(cut.regions, groups, treated, rng=rng),
        level=registration.level,
    )
    low, high = (float(np.expm1(end)) for end in (found.low, found.high))
    estimate = float(np.expm1(found.estimate))
    effect = Effect(
        estimate=estimate,
        se=found.se * (1.0 + estimate),
        low=low,
        high=high,
        p=found.p,
        df=inf,
        n=float(len(inside)),
    )
    target = cut.outcomes[:, own].sum(axis=1)
    donors = cut.outcomes[:, ~own]
    scale = target[max(pre - base, 0) : pre].sum() / donors[max(pre - base, 0) : pre].sum()
    moved = _Moved(estimate=estimate, se=effect.se, df=float(len(groups) - 1))
    end = min(last, registration.ends_on)
    return SeriesFindings(
        effect=effect,
        expected=float(target[pre:].sum()) / (1.0 + estimate),
        observed=float(target[pre:].sum()),
        course=_course(cut, target, donors.sum(axis=1) * scale, pre=pre),
        money=_geo_money(cut, replace(registration, treated=tuple(treated)), moved, pre=pre, end=end),
        end=end,
        draws=found.draws,
        matched=_matched(cut, registration.channel, groups, treated, pre=pre, base=base),
        others=second_readings(cut.outcomes, np.flatnonzero(own), pre=pre),
    )


def _matched(
    panel: Panel,
    channel: str | None,
    groups: Sequence[Sequence[str]],
    treated: Sequence[str],
    *,
    pre: int,
    base: int,
) -> TrimmedMatch | None:
    """The return by trimmed match on changes within pairs: of outcome, and of spend."""
    if channel is None or channel not in panel.spend or any(len(group) != 2 for group in groups):
        return None

    def change(values: Floats) -> Floats:
        before = values[max(pre - base, 0) : pre].mean(axis=0)
        own = (values[pre:] - before).sum(axis=0)
        at = [panel.index([next(name for name in pair if name in treated)])[0] for pair in groups]
        match = [panel.index([next(name for name in pair if name not in treated)])[0] for pair in groups]
        return np.asarray(own[at] - own[match], dtype=np.float64)

    try:
        return trimmed_match(change(panel.outcomes), change(panel.spend[channel]))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moved:
    """A relative effect with its error, from whatever reading."""

    estimate: float
    se: float
    df: float

    @classmethod
    def of(cls, lift: GeoLift) -> Self:
        return cls(estimate=lift.estimate, se=lift.se, df=lift.df)


def switchback_findings(
    nation: Panel, registration: Registration, *, last: date, rng: np.random.Generator
) -> SeriesFindings:
    """A budget switched on and off, compared block by block.

    Args:
        nation: All outcomes in one region.
        registration: What was promised, with the order of the blocks.
        last: Last day that may be read.
        rng: Draws orders for the randomisation test.

    Raises:
        ValueError: Too few whole blocks have passed.
    """
    total = nation.outcomes.sum(axis=1)
    when = np.array([(day - registration.starts_on).days for day in nation.days])
    block = when // registration.block_days
    kept = (when >= 0) & (block < len(registration.order)) & np.array([day <= last for day in nation.days])
    if not kept.any():
        raise ValueError("no period of the test has outcomes yet")
    part, label = total[kept], block[kept].astype(np.intp)
    on = np.array(registration.order, dtype=np.bool_)[label]
    burn_in = 1 if registration.block_days > nation.step else 0
    inference = Inference(level=registration.level, alternative=registration.alternative)
    found = switchback_effect(part, on, block=label, burn_in=burn_in, rng=rng, inference=inference)
    base = float(part[~on].mean())
    effect = replace(
        found.effect,
        estimate=found.effect.estimate / base,
        se=found.effect.se / base,
        low=found.effect.low / base,
        high=found.effect.high / base,
    )
    days = tuple(day for day, inside in zip(nation.days, kept, strict=True) if inside)
    expected = np.where(on, part / (1.0 + effect.estimate), part)
    lift = found.effect.estimate * float(on.sum())
    error = found.effect.se * float(on.sum())
    money = _on_off_money(nation, registration, kept=np.flatnonzero(kept), on=on)
    return SeriesFindings(
        effect=effect,
        expected=float(expected[on].sum()),
        observed=float(part[on].sum()),
        course=Course(days=days, observed=tuple(part.tolist()), expected=tuple(expected.tolist()), pre=0),
        money=None if money is None else _money(lift, error, df=found.effect.df, spend=money, until=days[-1]),
        switched=found,
        end=min(last, registration.ends_on),
    )


def before_after_findings(nation: Panel, registration: Registration, *, last: date) -> SeriesFindings:
    """One change on one day, against what trend and season would have brought.

    Args:
        nation: All outcomes in one region.
        registration: What was promised.
        last: Last day that may be read.

    Raises:
        ValueError: Fewer than two seasons are known before, or nothing after.
    """
    total = nation.outcomes.sum(axis=1)
    inside = [i for i, day in enumerate(nation.days) if day <= min(last, registration.ends_on)]
    pre = sum(nation.days[i] < registration.starts_on for i in inside)
    season = 7 if nation.step == 1 else 52
    inference = Inference(level=registration.level, alternative=registration.alternative)
    found = interrupted_series(total[: len(inside)], pre=pre, season=season, inference=inference)
    base = float(found.counterfactual[pre:].mean())
    effect = replace(
        found.effect,
        estimate=found.effect.estimate / base,
        se=found.effect.se / base,
        low=found.effect.low / base,
        high=found.effect.high / base,
    )
    cut = replace(nation, days=nation.days[: len(inside)], outcomes=nation.outcomes[: len(inside)], spend={})
    return SeriesFindings(
        effect=effect,
        expected=float(found.counterfactual[pre:].sum()),
        observed=float(total[pre : len(inside)].sum()),
        course=_course(cut, total[: len(inside)], found.counterfactual, pre=pre),
        money=None,
        end=min(last, registration.ends_on),
    )


def _within(panel: Panel, registration: Registration, *, last: date) -> tuple[Panel, int]:
    """The year before the test and the test, with the number of periods before it."""
    first = registration.starts_on - LOOK_BACK
    end = min(last, registration.ends_on)
    kept = np.array([first <= day <= end for day in panel.days], dtype=np.bool_)
    days = tuple(day for day, inside in zip(panel.days, kept, strict=True) if inside)
    pre = sum(day < registration.starts_on for day in days)
    if pre == len(days):
        raise ValueError("no period of the test has outcomes yet")
    spend = {name: of[kept] for name, of in panel.spend.items()}
    return replace(panel, days=days, outcomes=panel.outcomes[kept], spend=spend), pre


def _geo_money(
    panel: Panel, registration: Registration, lift: _Moved, *, pre: int, end: date
) -> Money | None:
    """What the spend that was moved in the treated regions brought, next to what the others spent."""
    channel = registration.channel
    if channel is None or channel not in panel.spend:
        return None
    treated = panel.index(registration.treated)
    own, rest = panel.spend[channel][:, treated], np.delete(panel.spend[channel], treated, axis=1)
    spent, before = float(own[pre:].sum()), float(own[:pre].mean())
    others = float(rest[:pre].mean())
    growth = float(rest[pre:].mean()) / others if others > 0.0 else 1.0
    usual = before * growth * own[pre:].size
    moved = spent - usual
    if abs(moved) <= LEAST_MOVED * max(usual, spent):
        return None
    observed = float(panel.outcomes[pre:, treated].sum())
    expected = observed / (1.0 + lift.estimate)
    everywhere = spent + float(rest[pre:].sum())
    money = _money(lift.estimate * expected, lift.se * expected, df=lift.df, spend=moved, until=end)
    return replace(
        money,
        factor=usual / spent if spent > 0.0 else None,
        national_factor=(everywhere - moved) / everywhere if everywhere > 0.0 else None,
    )


def _on_off_money(
    nation: Panel, registration: Registration, *, kept: npt.NDArray[np.intp], on: npt.NDArray[np.bool_]
) -> float | None:
    channel = registration.channel
    if channel is None or channel not in nation.spend:
        return None
    spend = nation.spend[channel].sum(axis=1)[kept]
    moved = float(spend[on].mean() - spend[~on].mean()) * float(on.sum())
    return moved if moved > 0.0 else None


def _money(lift: float, error: float, *, df: float, spend: float, until: date) -> Money:
    half = quantile(_NINETY, df) * error
    ends = sorted(((lift - half) / spend, (lift + half) / spend))
    return Money(
        lift=lift,
        standard_error=error,
        spend=spend,
        factor=None,
        national_factor=None,
        read_until=until,
        low=ends[0],
        high=ends[1],
    )


def _course(panel: Panel, observed: Floats, expected: Floats, *, pre: int) -> Course:
    first = max(pre - SHOWN, 0)
    return Course(
        days=panel.days[first:],
        observed=tuple(float(of) for of in observed[first:]),
        expected=tuple(float(of) for of in expected[first:]),
        pre=pre - first,
    )
