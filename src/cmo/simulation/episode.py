"""A world that can be steered week by week, `step(actions) -> observation`, and lived again differently."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from cmo.simulation import nature as natures
from cmo.simulation.baskets import EXTRA_LINES
from cmo.simulation.company import World
from cmo.simulation.living import Actions, Market, State, Week, exists, first_state, live, market_of
from cmo.simulation.population import populate

Floats = npt.NDArray[np.float64]

_PEOPLE, _NATURE, _SALES = range(3)
_BASKET_SPREAD = 0.75  # standard deviation of an order's worth over its mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What the company can see of a week.

    Attributes:
        monday: First day of the week.
        orders: Orders, shape (R,).
        revenue: Net of refunds, EUR, shape (R,).
        newcomers: First orders, shape (R,).
        impressions: Contacts, shape (C, R).
        claimed: Orders that the platforms claim, shape (C, R).
        queries: Searches for the category, shape (R,): what a search manager sees of demand.
        available: True for the channels that exist, shape (C,).
    """

    monday: date
    orders: Floats
    revenue: Floats
    newcomers: Floats
    impressions: Floats
    claimed: Floats
    queries: Floats
    available: npt.NDArray[np.bool_]


def rng_of(seed: int, *purpose: int) -> np.random.Generator:
    """A stream of its own for each purpose, so that one mechanism's draws never move another's."""
    return np.random.default_rng(np.random.SeedSequence([seed, *purpose]))


def open_market(world: World) -> Market:
    """Draw the people and the nature of a world."""
    population = populate(world, rng_of(world.seed, _PEOPLE))
    nature = natures.befall(world, population, rng_of(world.seed, _NATURE))
    return market_of(world, population=population, nature=nature)


def observe(market: Market, week: Week) -> Observation:
    """What the company sees of a week: sales are sampled, with the same luck under any policy."""
    rng = rng_of(market.world.seed, _SALES, week.state.week)
    to_region = market.population.in_region.T
    expected = week.orders @ to_region
    orders = rng.poisson(expected).astype(np.float64)
    luck = rng.standard_normal(expected.size)
    mean = np.divide(week.revenue @ to_region, expected, out=np.zeros_like(expected), where=expected > 0)
    revenue = np.maximum(orders * mean + luck * mean * _BASKET_SPREAD * np.sqrt(orders), 0.0)
    return Observation(
        monday=market.nature.mondays[week.state.week],
        orders=orders,
        revenue=revenue,
        newcomers=rng.poisson(week.newcomers.sum(axis=1) @ to_region).astype(np.float64),
        impressions=week.contacts @ to_region,
        claimed=week.claimed @ to_region,
        queries=week.queries @ to_region,
        available=exists(market, week.state.week),
    )


class Episode:
    """A world being lived; the only thing here that changes."""

    def __init__(self, market: Market, state: State | None = None, lived: Sequence[Week] = ()) -> None:
        self.market = market
        self.state = first_state(market) if state is None else state
        self.lived = list(lived)

    @property
    def over(self) -> bool:
        """True when no week is left."""
        return self.state.week >= len(self.market.nature.mondays)

    def step(self, actions: Actions) -> Observation:
        """Live one week under some actions; money for a channel that does not exist yet buys nothing.

        Raises:
            ValueError: The world's weeks are used up.
        """
        if self.over:
            raise ValueError(f"week {self.state.week} lies beyond the world's last: start a longer world")
        self.state, week = live(self.market, self.state, actions)
        self.lived.append(week)
        return observe(self.market, week)

    def copy(self) -> "Episode":
        """The same world at the same instant, to be lived differently from here on."""
        return Episode(self.market, self.state, self.lived)


def relive(market: Market, lived: Sequence[Week], *, spend: Floats, hold: bool = False) -> Iterator[Week]:
    """Live the same weeks again with other spending: same people, same weather, same prices.

    Args:
        market: The constants of the world.
        lived: The weeks as they were.
        spend: Multiplier of the spend, shape (weeks, C) or (weeks, C, R).
        hold: True to let only the memory of advertising differ, and hold customers, awareness and rivals
            as they were: the effect on demand at once, without what new customers and fame bring later.

    Yields:
        The weeks as they would have been, one at a time: a year of them is large.
    """
    factors = spend if spend.ndim == 3 else spend[:, :, None]
    state = lived[0].state
    for factor, was in zip(factors, lived, strict=True):
        if hold:
            state = replace(was.state, fresh=state.fresh, deep=state.deep)
        state, week = live(market, state, replace(was.actions, spend=was.actions.spend * factor))
        yield week


def basket_lines() -> float:
    """Mean number of lines of an order."""
    return 1 + EXTRA_LINES
