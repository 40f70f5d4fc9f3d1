"""Parts that designs of every kind share: the channel, the promise, the figures, the worth, the lot."""

from collections.abc import Mapping
from datetime import timedelta
from hashlib import blake2b
from typing import Any

import numpy as np

from cmo.experiments.early import widened_by
from cmo.experiments.feasible import Feasible
from cmo.experiments.life import Figures
from cmo.experiments.past import Panel
from cmo.experiments.registration import Kind, Registration
from cmo.experiments.wanted import Known, Wanted
from cmo.experiments.worth import value_of_answer
from cmo.measures import Problem

WEEKS: Mapping[Kind, int] = {Kind.GEO: 6, Kind.SWITCHBACK: 12, Kind.BEFORE_AFTER: 8}
BLOCK_WEEKS = 2


def channel_of(wanted: Wanted, panel: Panel) -> str:
    """The channel whose spend is to change, if its spend is known.

    Raises:
        Problem: Nobody says which, or no spend is known of it.
    """
    if wanted.channel is None:
        names = ", ".join(sorted(panel.spend)) or "none"
        raise Problem(
            f"{wanted.test} changes the spend of a channel: say which (--channel); known are {names}"
        )
    if wanted.channel not in panel.spend:
        names = ", ".join(sorted(panel.spend)) or "none by region"
        raise Problem(f"{wanted.test}: no spend is known of {wanted.channel}; known are {names}")
    return wanted.channel


def promise_of(wanted: Wanted, figures: Figures, *, metric: str, control: str, **more: Any) -> Registration:
    """What is promised.

    Args:
        wanted: What is wanted.
        figures: What is expected of it; its length tells the last day.
        metric: What decides where nobody says.
        control: Name of what is left as it was.
        more: What else the kind of test promises.

    Raises:
        Problem: It does not hold together.
    """
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


def figures_of(wanted: Wanted, design: Feasible, known: Known, *, effect: float) -> Figures:
    """What a design is expected to tell and to cost, by the rule of its looks."""
    value = wanted.value if wanted.value is not None else worth_of(design, known)
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


def worth_of(design: Feasible, known: Known) -> float | None:
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


def expected_effect(wanted: Wanted, known: Known, design: Feasible) -> float:
    """The relative effect to expect: what is said, what past tests show, or what can just be seen."""
    return wanted.effect or known.typical or wanted.least_effect or design.mde


def expected_of_spend(wanted: Wanted, design: Feasible, known: Known) -> float:
    """What the money moved should do, by what the channel is believed to bring."""
    if wanted.effect is None and design.subject in known.returns and design.outcome > 0.0:
        mean, _ = known.returns[design.subject]
        return mean * design.spend_change / design.outcome
    return expected_effect(wanted, known, design)


def mean_return(known: Known, channel: str, panel: Panel) -> float:
    """Money that a unit of money spent on a channel is believed to leave; none where nothing is known."""
    return known.returns.get(channel, (0.0, 0.0))[0] * panel.value_per_unit


def lot_of(wanted: Wanted) -> np.random.Generator:
    """The lot of a test: drawn from its name and first day, so that nobody can draw again until it suits."""
    said = f"{wanted.test} {wanted.starts_on}".encode()
    return np.random.default_rng(int.from_bytes(blake2b(said, digest_size=8).digest()))
