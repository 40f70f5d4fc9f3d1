"""Whether a test may be read today, and with which interval, by the rule promised before the start."""

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from math import inf, sqrt

import numpy as np

from cmo.experiments.confidence_sequence import Mixture, always_valid, half_width
from cmo.experiments.contrast import Effect, Inference, quantile
from cmo.experiments.findings import Look
from cmo.experiments.group_sequential import Boundaries, boundaries, obrien_fleming_spending
from cmo.experiments.power import sequential_inflation
from cmo.experiments.registration import Registration, Stopping
from cmo.experiments.stopping import prudent_estimate, stopped_effect
from cmo.measures import Text, Unit

_MANY = 1000.0
"""Units at which a confidence sequence is held against a fixed interval; it hardly depends on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """How far a test has come.

    Attributes:
        elapsed: Share of the planned days that have passed, in [0, 1].
        look: Planned looks that are behind it, of `looks`.
        looks: Planned looks.
        last: Last day that this reading may use.
    """

    elapsed: float
    look: int
    looks: int
    last: date


def moment_of(registration: Registration, *, as_of: date, ended_on: date | None = None) -> Moment:
    """How far a test has come on a day.

    Args:
        registration: What was promised.
        as_of: Last day of the data.
        ended_on: Last day it really ran, where it was stopped.
    """
    planned = (registration.ends_on - registration.starts_on).days + 1
    last = min(as_of, registration.ends_on, ended_on or registration.ends_on)
    passed = max((last - registration.starts_on).days + 1, 0)
    elapsed = passed / planned
    looks = registration.looks if registration.stopping is Stopping.PLANNED_LOOKS else 1
    look = int(elapsed * looks + 1e-9)
    if registration.stopping is Stopping.PLANNED_LOOKS and 0 < look < looks:
        # What came after the last planned look waits for the next one.
        last = date.fromordinal(registration.starts_on.toordinal() + round(look * planned / looks) - 1)
    return Moment(elapsed=elapsed, look=look, looks=looks, last=last)


def look_of(registration: Registration, moment: Moment, *, stopped: bool = False) -> Look:
    """Whether an effect may be told now.

    Args:
        registration: What was promised.
        moment: How far the test has come.
        stopped: Whether it was stopped before its end.
    """
    share = Unit("share")
    part = Text(share.write(moment.elapsed, "en"), share.write(moment.elapsed, "fr"))
    over = moment.elapsed >= 1.0
    if over:
        says = Text("The test has run its planned time.", "Le test a duré le temps prévu.")
        return Look(told=True, decides=True, elapsed=moment.elapsed, says=says)
    if stopped:
        says = Text(
            f"The test was stopped after {part.en} of its planned time.",
            f"Le test a été arrêté après {part.fr} du temps prévu.",
        )
        return Look(told=True, decides=True, elapsed=moment.elapsed, says=says)
    match registration.stopping:
        case Stopping.AT_THE_END:
            says = Text(
                f"{part.en} of the planned time has passed; the result is read on {registration.ends_on}, as "
                "promised, and not before.",
                f"{part.fr} du temps prévu est passé ; le résultat se lit le {registration.ends_on}, comme "
                "promis, et pas avant.",
            )
            return Look(told=False, decides=False, elapsed=moment.elapsed, says=says)
        case Stopping.PLANNED_LOOKS if moment.look == 0:
            says = Text(
                f"The first of {moment.looks} planned looks has not come yet.",
                f"La première des {moment.looks} lectures prévues n’est pas encore venue.",
            )
            return Look(told=False, decides=False, elapsed=moment.elapsed, says=says)
        case Stopping.PLANNED_LOOKS:
            says = Text(
                f"Look {moment.look} of {moment.looks}, on the data up to {moment.last}; the boundaries keep "
                "the error promised over all looks.",
                f"Lecture {moment.look} sur {moment.looks}, sur les données jusqu’au {moment.last} ; les "
                "bornes tiennent l’erreur promise sur l’ensemble des lectures.",
            )
            return Look(told=True, decides=False, elapsed=moment.elapsed, says=says)
        case _:
            says = Text(
                f"{part.en} of the planned time has passed; the interval holds at whatever time it is read.",
                f"{part.fr} du temps prévu est passé ; l’intervalle tient à tout moment.",
            )
            return Look(told=True, decides=False, elapsed=moment.elapsed, says=says)


def as_promised(
    effect: Effect, registration: Registration, moment: Moment, *, variants: int = 1
) -> tuple[Effect, bool]:
    """The effect with the interval and p-value of the promised rule, and whether the rule ends the test.

    Several variants share the error evenly (Bonferroni), so that all their intervals hold at once.

    Args:
        effect: The effect as a fixed two-sided test reads it on the data of this moment.
        registration: What was promised.
        moment: How far the test has come.
        variants: Treated variants.
    """
    alpha = (1.0 - registration.level) / variants
    inference = Inference(level=1.0 - alpha, alternative=registration.alternative)
    if registration.stopping is Stopping.ANY_TIME:
        share = max(moment.elapsed, 1e-9)
        told = always_valid(effect, inference, expected_n=effect.n / min(share, 1.0))
        return told, told.low > 0.0 or told.high < 0.0
    if registration.stopping is Stopping.PLANNED_LOOKS:
        told, ended = _at_a_look(effect, moment, alpha=alpha)
        return replace(told, p=min(1.0, variants * told.p)), ended
    half = inference.critical(effect.df) * effect.se
    low, high = inference.interval(effect.estimate, half)
    p = min(1.0, variants * inference.p_value(effect.estimate / effect.se, effect.df))
    return replace(effect, low=low, high=high, p=p), False


def widened_by(stopping: Stopping, looks: int) -> float:
    """By how much a rule of early looks widens the error that a design of a given power is worked out from.

    Args:
        stopping: When the test may be read.
        looks: Planned looks.
    """
    if stopping is Stopping.PLANNED_LOOKS and looks > 1:
        return sqrt(sequential_inflation(_plan(looks, looks, 0.05)))
    if stopping is Stopping.ANY_TIME:
        return half_width(_MANY, Mixture.tightest_at(_MANY)) / quantile(0.975, inf)
    return 1.0


def to_expect(effect: Effect, registration: Registration, moment: Moment, *, variants: int = 1) -> float:
    """What to expect of an effect that ended a test by its planned looks, as a fixed test reads it.

    Args:
        effect: The effect as a fixed test reads it at the look.
        registration: What was promised.
        moment: How far the test has come.
        variants: Treated variants.
    """
    plan = _plan(moment.looks, moment.looks, (1.0 - registration.level) / variants)
    return prudent_estimate(plan, max(moment.look, 1) - 1, estimate=effect.estimate, se=effect.se)


def _at_a_look(effect: Effect, moment: Moment, *, alpha: float) -> tuple[Effect, bool]:
    look = max(moment.look, 1)
    plan = _plan(moment.looks, look, alpha)
    z = effect.estimate / effect.se
    bound = float(plan.z[look - 1])
    crossed = abs(z) >= bound
    if crossed or look == moment.looks:
        freed = stopped_effect(plan, look - 1, estimate=effect.estimate, se=effect.se, level=1.0 - alpha)
        told = replace(effect, estimate=freed.estimate, low=freed.low, high=freed.high, p=freed.p, df=inf)
        return told, crossed
    # Jennison and Turnbull's repeated interval: it holds at every look together.
    half = bound * effect.se
    p = _repeated_p(abs(z), moment.looks, look)
    return replace(effect, low=effect.estimate - half, high=effect.estimate + half, p=p, df=inf), False


@lru_cache(maxsize=64)
def _plan(looks: int, look: int, alpha: float) -> Boundaries:
    fractions = np.arange(1, look + 1) / looks
    return boundaries(fractions, obrien_fleming_spending(alpha), alpha=alpha)


def _repeated_p(z: float, looks: int, look: int) -> float:
    """Smallest error at which a look's boundary would have been crossed, by bisection."""
    low, high = 1e-6, 1.0 - 1e-6
    if z < float(_plan(looks, look, 0.999).z[-1]):
        return 1.0
    for _ in range(20):
        middle = sqrt(low * high)
        if float(_plan(looks, look, round(middle, 9)).z[-1]) <= z:
            high = middle
        else:
            low = middle
    return high
