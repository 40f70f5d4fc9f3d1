"""What to do next with each segment: which contact, for how many, under a budget; learned from tests.

Doing nothing is always an arm. What a contact gains in a segment is learned from the units of that segment in
the test, shrunk towards what it gains on average as far as the segment alone leaves it unsure.

References:
    Efron & Morris (1975), "Data analysis using Stein's estimator and its generalizations", JASA 70(350).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cmo.customers.purchases.cells import Floats

N_GRID = 60
FEWEST_UNITS = 30  # of a segment in each arm, below which it follows the average alone
NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """What a contact brought in a randomised test, by segment; shapes (segment,).

    Attributes:
        name: The contact.
        contacted: Units that got it.
        left: Units that did not.
        gained: Mean outcome of those contacted over those left, in currency per unit.
        error: Standard error of `gained`.
    """

    name: str
    contacted: Floats
    left: Floats
    gained: Floats
    error: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What to do with a segment.

    Attributes:
        segment: Its position.
        arm: The contact, or `nothing`.
        customers: How many of its customers to contact.
        profit: Draws of the expected profit over doing nothing, in currency, shape (draw,).
    """

    segment: int
    arm: str
    customers: int
    profit: Floats

    @property
    def probability(self) -> float:
        """Chance that the contact earns more than it costs; that of nothing is none."""
        return float((self.profit > 0).mean())


def gains(arm: Arm, *, rng: np.random.Generator, draws: int) -> Floats:
    """Draws of what a contact gains in each segment, in currency per customer, shape (draw, segment).

    Args:
        arm: What it brought in a test.
        rng: Source of randomness.
        draws: Number of draws.

    Raises:
        ValueError: No segment has enough units in both arms.
    """
    known = (arm.contacted >= FEWEST_UNITS) & (arm.left >= FEWEST_UNITS) & (arm.error > 0)
    if not np.any(known):
        raise ValueError(f"no segment has {FEWEST_UNITS} units with and without {arm.name}")
    gained, variance = arm.gained[known], arm.error[known] ** 2
    between = _between(gained, variance, rng=rng, draws=draws)[:, None]
    weight = 1.0 / (variance + between)
    total = weight.sum(axis=1)
    common = weight @ gained / total + rng.standard_normal(draws) / np.sqrt(total)
    own = np.zeros((draws, arm.gained.size))
    own[:, known] = between / (between + variance)
    seen = np.where(known, arm.gained, 0.0)
    noise = np.sqrt((1.0 - own) * between) * rng.standard_normal(own.shape)
    out: Floats = own * seen + (1.0 - own) * common[:, None] + noise
    return out


def next_best(
    arms: Sequence[Arm],
    customers: Sequence[int],
    *,
    cost: float,
    budget: float,
    rng: np.random.Generator,
    draws: int,
) -> list[Action]:
    """The contact that earns most in each segment, until the budget is spent; nothing where none earns.

    Args:
        arms: Contacts with what they brought.
        customers: Customers of each segment that may be contacted, shape (segment,).
        cost: What a contact costs, in currency, >= 0.
        budget: Money for contacts, in currency, >= 0.
        rng: Source of randomness.
        draws: Number of draws.

    Returns:
        One action for each segment, the most profitable contact first.

    Raises:
        ValueError: The cost or the budget is below 0, or no contact was tested.
    """
    if cost < 0 or budget < 0 or not arms:
        raise ValueError(f"cost == {cost}, budget == {budget}, {len(arms)} arms: must be >= 0, >= 0 and >= 1")
    each = np.stack([gains(arm, rng=rng, draws=draws) for arm in arms]) - cost
    expected = each.mean(axis=1)
    best = expected.argmax(axis=0)
    left, actions = budget, []
    for segment in np.argsort(-expected.max(axis=0)):
        arm, worth = int(best[segment]), float(expected[best[segment], segment])
        most = customers[segment] if cost == 0 else min(customers[segment], int(left // cost))
        if worth <= 0 or most == 0:
            actions.append(Action(segment=int(segment), arm=NOTHING, customers=0, profit=np.zeros(draws)))
            continue
        left -= most * cost
        actions.append(
            Action(
                segment=int(segment), arm=arms[arm].name, customers=most, profit=most * each[arm][:, segment]
            )
        )
    return actions


def _between(gained: Floats, variance: Floats, *, rng: np.random.Generator, draws: int) -> Floats:
    """Draws of the variance of true gains over segments, from its exact posterior on a grid, shape (draw,).

    Its root has a half-Cauchy prior of the size of what was seen (Gelman 2006, Bayesian Analysis 1(3)).
    """
    scale = float(np.sqrt(np.mean(gained**2) + np.median(variance)))
    spread = scale * np.geomspace(1e-3, 20.0, N_GRID)
    weight = 1.0 / (variance + spread[:, None] ** 2)
    total = weight.sum(axis=1)
    mean = weight @ gained / total
    apart = (weight * (gained - mean[:, None]) ** 2).sum(axis=1)
    logs = 0.5 * np.log(weight).sum(axis=1) - 0.5 * np.log(total) - 0.5 * apart
    logs += np.log(spread) - np.log1p((spread / scale) ** 2)  # the grid is even in logarithms
    chance = np.exp(logs - logs.max())
    found: Floats = rng.choice(spread, size=draws, p=chance / chance.sum()) ** 2
    return found
