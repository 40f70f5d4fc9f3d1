"""A design worked out from what is wanted and from the company's own past."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from hashlib import blake2b
from typing import Any

import numpy as np

from cmo.experiments.contrast import Alternative
from cmo.experiments.early import widened_by
from cmo.experiments.feasible import CHANGES, Feasible, Form, geo_design, split
from cmo.experiments.gate import EVERY_REGION
from cmo.experiments.geo_design import Limits, MarketChoice, error_of, market_choices
from cmo.experiments.life import Figures
from cmo.experiments.past import Audience, Panel, Past
from cmo.experiments.registration import Kind, Registration, Stopping
from cmo.experiments.switchback import switchback_order
from cmo.experiments.time_design import before_after_error, switchback_error
from cmo.experiments.worth import value_of_answer
from cmo.measures import Problem

WEEKS: Mapping[Kind, int] = {Kind.GEO: 6, Kind.SWITCHBACK: 12, Kind.BEFORE_AFTER: 8}
BLOCK_WEEKS, ENOUGH_POWER = 2, 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody wants to test.

    Attributes:
        test: Identifier.
        form: What kind of test.
        starts_on: First day, a Monday for preference.
        hypothesis: What is expected, and why.
        metric: What decides; the usual one of the kind where nobody says.
        channel: The channel whose spend changes.
        change: Its spend where it is changed, as a multiple of the usual.
        weeks: Length; as long as it needs where nobody says.
        arms: Planned share of each variant, control first.
        limits: What a choice of regions must keep to.
        regions: Treated regions, where they are chosen already.
        segment: The customers it is about.
        audience: Who is drawn from: `customers`, or a past test whose visitors come again.
        effect: Relative effect that is expected.
        least_effect: Smallest relative effect worth acting on.
        stopping: When it may be read.
        looks: Planned looks.
        cost: What it costs besides the money moved.
        value: What its answer is worth, where somebody says.
        belief: The belief that it is to judge.
        guardrails: Metrics that must not fall.
        margin: Share of a guardrail whose loss would be borne.
        alternative: Which way counts.
        cluster: Column that names what is drawn where units come in groups.
        strata: Column within whose values units are drawn.
    """

    test: str
    form: Form
    starts_on: date
    hypothesis: str = ""
    metric: str | None = None
    channel: str | None = None
    change: float = CHANGES[0]
    weeks: int | None = None
    arms: tuple[tuple[str, float], ...] = (("control", 0.5), ("variant", 0.5))
    limits: Limits = field(default_factory=Limits)
    regions: tuple[str, ...] = ()
    segment: str | None = None
    audience: str = "customers"
    effect: float | None = None
    least_effect: float = 0.0
    stopping: Stopping = Stopping.AT_THE_END
    looks: int = 1
    cost: float = 0.0
    value: float | None = None
    belief: str | None = None
    guardrails: tuple[str, ...] = ()
    margin: float = 0.02
    alternative: Alternative = Alternative.DIFFERENT
    cluster: str | None = None
    strata: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the company knows besides its tables.

    Attributes:
        past: Regions, customers, days.
        returns: Outcome per unit of money by channel: mean and standard deviation.
        typical: Size of relative effect that its own tests have shown; none without past tests.
    """

    past: Past
    returns: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    typical: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A design and what else was thought of.

    Attributes:
        registration: What would be promised.
        figures: What is expected of it.
        population: What it touches.
        choices: Other regions that were thought of, the surest first.
    """

    registration: Registration
    figures: Figures
    population: tuple[str, ...]
    choices: tuple[MarketChoice, ...] = ()


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
            return _geo(wanted, known)
        case Kind.SWITCHBACK:
            return _switchback(wanted, known)
        case Kind.BEFORE_AFTER:
            return _before_after(wanted, known)
        case _:
            return _units(wanted, known)


def _geo(wanted: Wanted, known: Known) -> Plan:
    if (panel := known.past.panel) is None:
        raise Problem(
            f"{wanted.test} compares regions, and outcomes are not known by region: give them a column region"
        )
    channel = _channel(wanted, panel)
    weeks = wanted.weeks or WEEKS[Kind.GEO]
    choices = _choices(wanted, panel, weeks=weeks)
    design = geo_design(
        panel, choices[0], channel=channel, change=wanted.change, value=_mean_return(known, channel, panel)
    )
    figures = _figures(wanted, design, known, effect=_expected_of_spend(wanted, design, known))
    population = (*(f"region:{name}" for name in design.treated), f"channel:{channel}")
    promise = _promise(
        wanted,
        figures,
        metric="revenue",
        control="others",
        treated=design.treated,
        channel=channel,
        change=wanted.change,
    )
    return Plan(registration=promise, figures=figures, population=population, choices=choices)


def _choices(wanted: Wanted, panel: Panel, *, weeks: int) -> tuple[MarketChoice, ...]:
    periods = panel.periods(weeks)
    choices: tuple[MarketChoice, ...]
    try:
        if wanted.regions:
            found = error_of(panel, wanted.regions, periods=periods)
            choices = () if found is None else (found,)
        else:
            choices = market_choices(panel, periods=periods, limits=wanted.limits)
    except ValueError as error:
        raise Problem(f"{wanted.test}: {error}") from error
    if not choices:
        raise Problem(
            f"{wanted.test}: no choice of regions can be tried on the past for {weeks} weeks; it needs five "
            "regions or more, and three times as many weeks of outcomes as the test lasts"
        )
    return choices


def _switchback(wanted: Wanted, known: Known) -> Plan:
    nation = _nation(wanted, known)
    channel = _channel(wanted, nation)
    weeks = wanted.weeks or WEEKS[Kind.SWITCHBACK]
    rng = _lot(wanted)
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
        cost=max(moved * (1.0 - _mean_return(known, channel, nation)), 0.0),
    )
    figures = _figures(wanted, design, known, effect=_expected_of_spend(wanted, design, known))
    order = switchback_order(weeks // BLOCK_WEEKS, rng=rng)
    promise = _promise(
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
    figures = _figures(wanted, design, known, effect=_expected(wanted, known, design))
    promise = _promise(wanted, figures, metric="revenue", control="before", channel=wanted.channel)
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
        figures = _figures(wanted, design, known, effect=_expected(wanted, known, design))
    promise = _promise(
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
        if design.power(_expected(wanted, known, design)) >= ENOUGH_POWER:
            return of
    return fitting[-1]


def _nation(wanted: Wanted, known: Known) -> Panel:
    if known.past.nation is None:
        raise Problem(f"{wanted.test} compares weeks, and there are no outcomes: give the table outcomes")
    return known.past.nation


def _channel(wanted: Wanted, panel: Panel) -> str:
    if wanted.channel is None:
        names = ", ".join(sorted(panel.spend)) or "none"
        raise Problem(
            f"{wanted.test} changes the spend of a channel: say which (--channel); known are {names}"
        )
    if wanted.channel not in panel.spend:
        names = ", ".join(sorted(panel.spend)) or "none by region"
        raise Problem(f"{wanted.test}: no spend is known of {wanted.channel}; known are {names}")
    return wanted.channel


def _promise(wanted: Wanted, figures: Figures, *, metric: str, control: str, **more: Any) -> Registration:
    given: dict[str, Any] = {
        "test": wanted.test,
        "kind": wanted.form.kind,
        "hypothesis": wanted.hypothesis,
        "metric": wanted.metric or metric,
        "control": control,
        "starts_on": wanted.starts_on,
        "ends_on": wanted.starts_on + timedelta(days=7 * figures.weeks - 1),
        "guardrails": wanted.guardrails,
        "margin": wanted.margin,
        "alternative": wanted.alternative,
        "cluster": wanted.cluster,
        "strata": wanted.strata,
        "least_effect": wanted.least_effect,
        "stopping": wanted.stopping,
        "looks": wanted.looks,
        "form": wanted.form.value,
        "segment": wanted.segment,
        "belief": wanted.belief,
        "block_days": 7 * BLOCK_WEEKS if wanted.form.kind is Kind.SWITCHBACK else 0,
        **more,
    }
    try:
        return Registration(**given)
    except ValueError as error:
        raise Problem(f"{wanted.test}: {error}") from error


def _figures(wanted: Wanted, design: Feasible, known: Known, *, effect: float) -> Figures:
    value = wanted.value if wanted.value is not None else _worth(design, known)
    width = widened_by(wanted.stopping, wanted.looks)
    return Figures(
        standard_error=design.standard_error,
        expected_effect=effect,
        power=design.power(effect / width),
        mde=design.mde * width,
        weeks=design.weeks,
        units=design.units,
        cost=design.cost + wanted.cost,
        value=value,
        spend_change=design.spend_change,
    )


def _worth(design: Feasible, known: Known) -> float | None:
    """What the answer is worth over a year: keep a channel's money or not; act on people or leave it."""
    if design.spend_change != 0.0:
        if design.subject not in known.returns or design.return_error is None or known.past.nation is None:
            return None
        mean, spread = known.returns[design.subject]
        worth, nation = known.past.nation.value_per_unit, known.past.nation
        spend = nation.usual_spend(design.subject, nation.regions, periods=nation.periods(52))
        return spend * value_of_answer(worth * mean - 1.0, worth * spread, worth * design.return_error)
    if design.metric != "revenue" or known.typical is None:
        return None
    worth = 1.0 if known.past.nation is None else known.past.nation.value_per_unit
    stake = worth * design.outcome * 52.0 / design.weeks
    return stake * value_of_answer(0.0, known.typical, design.standard_error)


def _expected(wanted: Wanted, known: Known, design: Feasible) -> float:
    return wanted.effect or known.typical or wanted.least_effect or design.mde


def _expected_of_spend(wanted: Wanted, design: Feasible, known: Known) -> float:
    """What the money moved should do, by what the channel is believed to bring."""
    if wanted.effect is None and design.subject in known.returns and design.outcome > 0.0:
        mean, _ = known.returns[design.subject]
        return mean * design.spend_change / design.outcome
    return _expected(wanted, known, design)


def _mean_return(known: Known, channel: str, panel: Panel) -> float:
    return known.returns.get(channel, (0.0, 0.0))[0] * panel.value_per_unit


def _outcome(nation: Panel) -> float:
    lately = nation.outcomes[-min(len(nation.days), nation.periods(52)) :]
    return float(lately.sum(axis=1).mean())


def _lot(wanted: Wanted) -> np.random.Generator:
    """The lot of a test: drawn from its name and first day, so that nobody can draw again until it suits."""
    said = f"{wanted.test} {wanted.starts_on}".encode()
    return np.random.default_rng(int.from_bytes(blake2b(said, digest_size=8).digest()))
