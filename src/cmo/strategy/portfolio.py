"""Explore and exploit: what each new channel is worth as an option, and where each existing one stands.

A pilot buys the right, not the duty, to scale. Its value is what scaling brings in the worlds where its
result says so, less what the pilot loses; the innovation budget is the sum of the pilots that pay.

References:
    Raiffa & Schlaifer (1961): the value of a pilot as sample information.
    Bass (1969), "A New Product Growth for Model Consumer Durables", Management Science 15(5): the ceiling.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from cmo.strategy.decisions.curves import Curves
from cmo.strategy.information.sample_information import REPEATS, sample_information, with_noise
from cmo.strategy.information.smoothing import expected_given

Floats = npt.NDArray[np.float64]

PILOTS: Final = (0.05, 0.1, 0.2, 0.35, 0.5)
"""Money of a pilot, as a part of what the channel would get at scale over as many weeks."""
STRANGENESS: Final = 0.6
"""Spread of the logarithm of a new channel's return around those of the channels that are known."""
SURE: Final = 0.9
_NEXT: Final = 1.05


class Stage(StrEnum):
    """Where a channel stands."""

    PROSPECT = "prospect"
    PILOT = "pilot"
    SCALE = "scale"
    HARVEST = "harvest"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstMover:
    """How much more a channel returns while it is new, as a normal law.

    Attributes:
        mean: Extra return in the first weeks, as a part of the later one: 0.2 is a fifth more.
        sd: How unsure that is, > 0.
        half_life: Weeks in which half of it fades, > 0.
    """

    mean: float = 0.15
    sd: float = 0.2
    half_life: float = 26.0

    def over(self, weeks: tuple[float, float]) -> float:
        """Part of the first weeks' extra that is left on average between two weeks."""
        start, end = weeks
        rate = np.log(2) / self.half_life
        return float((np.exp(-rate * start) - np.exp(-rate * end)) / (rate * (end - start)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What could be opened.

    Attributes:
        name: The channel.
        scale: Money it would get in a year, were it scaled, > 0.
        rising: Probability that its audience is on the rise, in [0, 1]: a bonus is hoped for only then.
        ceiling: Most margin that a year of it can bring (Bass); none where not known.
        hours: Hours to run its pilot.
    """

    name: str
    scale: float
    rising: float = 0.0
    ceiling: float | None = None
    hours: float = 24.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pilot:
    """The best pilot of a channel, with its gate.

    Attributes:
        name: The channel.
        money: What to spend on it.
        weeks: How long.
        value: Value of the option, its cost taken off, in money.
        gains: The same at each draw, shape (draws,).
        scales: Probability that it will be scaled, in [0, 1].
        kill_below: Margin per money that the pilot must show to be scaled.
        early: The part of the value that comes from being early.
    """

    name: str
    money: float
    weeks: int
    value: float
    gains: Floats
    scales: float
    kill_below: float
    early: float


def prior_return(known: Floats, *, rng: np.random.Generator, strangeness: float = STRANGENESS) -> Floats:
    """Draws of the margin per money of a channel never tried: like one of those known, only less surely.

    Args:
        known: Draws of the margin per money of the channels at hand, shape (draws, channels), >= 0.
        rng: Source of randomness.
        strangeness: Spread of the logarithm around the channel it is like.

    Returns:
        Shape (draws,); its mean is that of the channels known.
    """
    n, k = known.shape
    like = known[np.arange(n), rng.integers(0, k, n)]
    return np.asarray(
        like * np.exp(strangeness * rng.standard_normal(n) - strangeness**2 / 2), dtype=np.float64
    )


def pilot(
    opening: Opening,
    returns: Floats,
    *,
    noise: float,
    weeks: int,
    mover: FirstMover,
    hour: float,
    rng: np.random.Generator,
) -> Pilot | None:
    """The pilot of a channel that is worth most; none where none pays.

    Args:
        opening: What could be opened.
        returns: Draws of its margin per money once it is no longer new, shape (draws,).
        noise: Standard error of the margin that a pilot of so many weeks is seen to bring, in money.
        weeks: Length of the pilot.
        mover: The bonus of being early.
        hour: What an hour costs.
        rng: Source of randomness.
    """
    left = max(52.0 - weeks, 1.0) / 52.0
    bonus = np.maximum(mover.mean + mover.sd * rng.standard_normal(len(returns)), 0.0)
    extra = opening.rising * bonus * mover.over((float(weeks), 52.0))
    scaled = _bounded(opening.scale * left * returns * (1 + extra), opening.ceiling) - opening.scale * left
    plain = _bounded(opening.scale * left * returns, opening.ceiling) - opening.scale * left
    best: Pilot | None = None
    for part in PILOTS:
        money = part * opening.scale * weeks / 52.0
        seen = with_noise(returns, noise / money, rng=rng)
        profits = _choice(scaled)
        option = _option(scaled, seen)
        paid = money * (1 - returns) + opening.hours * hour
        gains = option[: len(returns)] - paid
        early = float(option.mean() - _option(plain, seen).mean())
        found = Pilot(
            name=opening.name,
            money=money,
            weeks=weeks,
            value=float(gains.mean()),
            gains=gains,
            scales=_chosen(profits, seen),
            kill_below=_gate(profits, seen),
            early=early,
        )
        if best is None or found.value > best.value:
            best = found
    return best if best is not None and best.value > 0 else None


def innovation_budget(pilots: Sequence[Pilot], *, most: float) -> tuple[Pilot, ...]:
    """The pilots to pay for, the most valuable per money first, as far as the money goes.

    Args:
        pilots: Those that pay.
        most: Money that can be had.
    """
    chosen: list[Pilot] = []
    for one in sorted(pilots, key=lambda candidate: -candidate.value / candidate.money):
        if sum(other.money for other in chosen) + one.money <= most:
            chosen.append(one)
    return tuple(chosen)


def stage(average: Floats, marginal: Floats) -> Stage:
    """Where a channel stands, by draws of its margin per money, on average and of the next money.

    Args:
        average: Shape (draws,).
        marginal: Shape (draws,).
    """
    pays, next_pays = float((average > 1).mean()), float((marginal > 1).mean())
    if 1 - pays >= SURE:
        return Stage.STOP
    if next_pays >= SURE:
        return Stage.SCALE
    return Stage.HARVEST if pays >= SURE else Stage.PILOT


def stages(curves: Curves, money: Floats) -> dict[str, Stage]:
    """Where each channel stands at an amount of money, those without any left out.

    A channel of whose return too little is known is on trial still, whatever the prior makes of it.

    Args:
        curves: What money brings.
        money: Money by channel, shape (channels,).
    """
    more = curves.brought(_NEXT * money) - curves.brought(money)
    average, known = curves.brought(money), curves.known(money)
    return {
        name: stage(average[:, c] / money[c], more[:, c] / ((_NEXT - 1) * money[c]))
        if known[c]
        else Stage.PILOT
        for c, name in enumerate(curves.channels)
        if money[c] > 0
    }


def _bounded(brought: Floats, ceiling: float | None) -> Floats:
    return brought if ceiling is None else np.minimum(brought, ceiling)


def _choice(scaled: Floats) -> Floats:
    return np.tile(np.stack([np.zeros_like(scaled), scaled], axis=1), (REPEATS, 1))


def _option(scaled: Floats, seen: Floats) -> Floats:
    """What the right to scale brings at each reading; without one it is left, or scaled at once."""
    return sample_information(_choice(scaled), seen).gains + max(float(scaled.mean()), 0.0)


def _chosen(profits: Floats, seen: Floats) -> float:
    after = expected_given(seen, profits[:, [1]])[:, 0]
    return float((after > 0).mean())


def _gate(profits: Floats, seen: Floats) -> float:
    """The result from which scaling is expected to pay: the lowest of those at which it does."""
    after = expected_given(seen, profits[:, [1]])[:, 0]
    paying = seen[after > 0]
    return float(paying.min()) if len(paying) else float(seen.max())
