"""A design worked out from what is wanted and from the company's own past."""

from dataclasses import replace

from cmo.experiments.design_parts import (
    BLOCK_WEEKS,
    WEEKS,
    channel_of,
    expected_effect,
    expected_of_spend,
    figures_of,
    lot_of,
    mean_return,
    promise_of,
)
from cmo.experiments.feasible import Feasible, split
from cmo.experiments.gate import EVERY_REGION
from cmo.experiments.geo_planning import planned_geo
from cmo.experiments.life import Figures
from cmo.experiments.past import Audience, Panel
from cmo.experiments.registration import Kind
from cmo.experiments.switchback import switchback_order
from cmo.experiments.time_design import before_after_error, switchback_error
from cmo.experiments.wanted import Known, Plan, Wanted
from cmo.measures import Problem

ENOUGH_POWER = 0.8


def planned(wanted: Wanted, known: Known) -> Plan:
    """The design of a test.

    Args:
        wanted: What is wanted.
        known: The company's past, and what it believes of its channels.

    Raises:
        Problem: Something is missing for this kind of test, or the past cannot bear it.
    """
    if not wanted.hypothesis.strip():
        raise Problem(f"{wanted.test}: say what is expected, and why, before it is designed (--hypothesis)")
    match wanted.form.kind:
        case Kind.GEO:
            return planned_geo(wanted, known)
        case Kind.SWITCHBACK:
            return _switchback(wanted, known)
        case Kind.BEFORE_AFTER:
            return _before_after(wanted, known)
        case _:
            return _units(wanted, known)


def _switchback(wanted: Wanted, known: Known) -> Plan:
    nation = _nation(wanted, known)
    channel = channel_of(wanted, nation)
    weeks = wanted.weeks or WEEKS[Kind.SWITCHBACK]
    rng = lot_of(wanted)
    error = switchback_error(nation, weeks=weeks, block=BLOCK_WEEKS, rng=rng)
    if error is None:
        raise Problem(
            f"{wanted.test}: {weeks} weeks on and off need an even number of at least four blocks of "
            f"{BLOCK_WEEKS} weeks, and a past three times as long"
        )
    moved = -0.5 * nation.usual_spend(channel, nation.regions, periods=nation.periods(weeks))
    design = Feasible(
        id=wanted.test,
        form=wanted.form,
        subject=channel,
        metric="revenue",
        weeks=weeks,
        change=0.0,
        standard_error=error,
        outcome=0.5 * _outcome(nation) * nation.periods(weeks),
        spend_change=moved,
        cost=max(moved * (1.0 - mean_return(known, channel, nation)), 0.0),
    )
    figures = figures_of(wanted, design, known, effect=expected_of_spend(wanted, design, known))
    order = switchback_order(weeks // BLOCK_WEEKS, rng=rng)
    promise = promise_of(
        wanted,
        figures,
        metric="revenue",
        control="off",
        order=tuple(bool(on) for on in order),
        channel=channel,
    )
    return Plan(registration=promise, figures=figures, population=(EVERY_REGION, f"channel:{channel}"))


def _before_after(wanted: Wanted, known: Known) -> Plan:
    nation = _nation(wanted, known)
    weeks = wanted.weeks or WEEKS[Kind.BEFORE_AFTER]
    error = before_after_error(nation, weeks=weeks)
    if error is None:
        raise Problem(
            f"{wanted.test}: what comes after is held against two years before; too little is known"
        )
    design = Feasible(
        id=wanted.test,
        form=wanted.form,
        subject=wanted.channel or "all",
        metric="revenue",
        weeks=weeks,
        standard_error=error,
        outcome=_outcome(nation) * nation.periods(weeks),
        cost=0.0,
    )
    figures = figures_of(wanted, design, known, effect=expected_effect(wanted, known, design))
    promise = promise_of(wanted, figures, metric="revenue", control="before", channel=wanted.channel)
    return Plan(registration=promise, figures=figures, population=(EVERY_REGION,))


def _units(wanted: Wanted, known: Known) -> Plan:
    audiences = [of for of in known.past.audiences if of.name == wanted.audience]
    shares = tuple(share for _, share in wanted.arms)
    found = _audience(wanted, audiences, known, shares)
    if found is None:
        weeks = wanted.weeks or 4
        effect = wanted.effect or wanted.least_effect or known.typical or 0.0
        figures = Figures(expected_effect=effect, weeks=weeks, cost=wanted.cost, value=wanted.value)
    else:
        design = split(found, shares=(shares[0], min(shares[1:])))
        figures = figures_of(wanted, design, known, effect=expected_effect(wanted, known, design))
    promise = promise_of(
        wanted,
        figures,
        metric="converted" if found is None else found.metric,
        control=wanted.arms[0][0],
        shares=wanted.arms,
        channel=wanted.channel,
    )
    population = (
        f"segment:{wanted.segment or 'all'}",
        *((f"channel:{wanted.channel}",) if wanted.channel else ()),
    )
    return Plan(registration=promise, figures=figures, population=population)


def _audience(
    wanted: Wanted, audiences: list[Audience], known: Known, shares: tuple[float, ...]
) -> Audience | None:
    """The metric that was asked for; the shortest window that sees what is expected, else the longest."""
    metric = wanted.metric or "converted"
    fitting = sorted((of for of in audiences if of.metric == metric), key=lambda of: of.weeks)
    if not fitting:
        return None
    if wanted.weeks is not None:
        near = min(fitting, key=lambda of: abs(of.weeks - (wanted.weeks or 0)))
        return replace(near, weeks=wanted.weeks)
    for of in fitting:
        design = split(of, shares=(shares[0], min(shares[1:])))
        if design.power(expected_effect(wanted, known, design)) >= ENOUGH_POWER:
            return of
    return fitting[-1]


def _nation(wanted: Wanted, known: Known) -> Panel:
    if known.past.nation is None:
        raise Problem(f"{wanted.test} compares weeks, and there are no outcomes: give the table outcomes")
    return known.past.nation


def _outcome(nation: Panel) -> float:
    lately = nation.outcomes[-min(len(nation.days), nation.periods(52)) :]
    return float(lately.sum(axis=1).mean())
