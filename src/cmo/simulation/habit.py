"""How the company has always spent: the policy that makes the demo's past, with the flaws of real plans.

Television and radio fly together, search and affiliation follow demand, social grows by fashion, the
others are a habit. One geographic test breaks the pattern.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from cmo.simulation.calendar import black_friday, is_sales_period, peak_heights
from cmo.simulation.company import World
from cmo.simulation.episode import Observation
from cmo.simulation.living import Actions, Market

Floats = npt.NDArray[np.float64]

CHASE = 1.3  # elasticity of the search budget to the queries that its manager sees
COMMISSION = 0.4  # share of affiliation's budget that follows last week's sales
SOCIAL_GROWTH = 0.22  # a year
PROMOTION = {"sales": 0.20, "black_friday": 0.25}
PRICE_RISE = 1.05


@dataclass(frozen=True, slots=True, kw_only=True)
class GeoTest:
    """A test in regions: for some weeks (counted from the past's start) a channel runs there alone."""

    test_id: str
    channel: str
    regions: tuple[int, ...]
    first: int
    weeks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The habitual plan of a world, drawn once.

    Attributes:
        intensity: Spend relative to a running week's, shape (T, C).
        tilt: Share of each region in each channel's spend, shape (T, C, R).
        price: List price index, shape (T,).
        discount: Depth of promotion, shape (T,).
        geo_test: The test in regions.
    """

    intensity: Floats
    tilt: Floats
    price: Floats
    discount: Floats
    geo_test: GeoTest


def discount_of(week: date) -> float:
    """Depth of the promotion in a week."""
    if is_sales_period(week):
        return PROMOTION["sales"]
    return PROMOTION["black_friday"] if 0 <= (black_friday(week.year) - week).days < 7 else 0.0


def _flights(total: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Television and radio: the same flights for the most part, radio alone in between."""
    tv, radio = np.zeros(total), np.zeros(total)
    first = 2
    while first < total:
        length = int(rng.integers(3, 6))
        tv[first : first + length] = rng.uniform(0.75, 1.35)
        if rng.random() < 0.8:
            lag = int(rng.integers(0, 2))
            radio[first + lag : first + lag + length] = rng.uniform(0.7, 1.3)
        alone = first + length + int(rng.integers(1, 3))
        if rng.random() < 0.55:
            radio[alone : alone + 3] = rng.uniform(0.6, 1.2)
        first += length + int(rng.integers(4, 8))
    return tv, radio


def _steps(total: int, rng: np.random.Generator, *, spread: float, hold: int) -> Floats:
    levels = np.exp(spread * rng.standard_normal(total // hold + 1))
    return np.repeat(levels, hold)[:total]


def _intensity(world: World, mondays: tuple[date, ...], rng: np.random.Generator) -> Floats:
    total = len(mondays)
    years = (np.arange(total) - world.past) / 52
    tv, radio = _flights(total, rng)
    if not world.mechanisms.flights:
        radio, _ = _flights(total, rng)
    peaks = np.array([sum(peak_heights(week)) for week in mondays])
    noise = {key: np.exp(0.10 * rng.standard_normal(total)) for key in world.company.channel_keys}
    shapes = {
        "tv": tv,
        "radio": radio,
        "search": np.ones(total),
        "social": np.exp(SOCIAL_GROWTH * years) * _steps(total, rng, spread=0.55, hold=4) * (1 + 0.5 * peaks),
        "display": _steps(total, rng, spread=0.65, hold=5),
        "email": _steps(total, rng, spread=0.35, hold=3) * (1 + 0.6 * peaks) * np.exp(0.08 * years),
        "affiliation": _steps(total, rng, spread=0.40, hold=6),
        "live_shopping": _steps(total, rng, spread=0.55, hold=3),
    }
    columns = []
    for channel in world.company.channels:
        column = shapes.get(channel.key, np.ones(total)) * noise[channel.key]
        if channel.appears > 0.0:
            column = np.where(
                np.arange(total) >= world.past + int(channel.appears * world.weeks) + 3, column, 0.0
            )
        columns.append(column)
    return np.array(columns).T


def _geo_test(world: World) -> GeoTest:
    names = world.company.region_names
    wanted = [name for name in ("Occitanie", "Bretagne", "Grand Est", "Normandie") if name in names]
    regions = tuple(names.index(name) for name in wanted) or (0,)
    first = world.past + max(int(0.80 * world.weeks), 1)
    return GeoTest(test_id="geo-tv", channel="tv", regions=regions, first=first, weeks=8)


def habitual_plan(market: Market, rng: np.random.Generator) -> Plan:
    """Draw the plan that the company has always followed."""
    world, mondays = market.world, market.nature.mondays
    total, n_channels = len(mondays), len(world.company.channels)
    intensity = _intensity(world, mondays, rng)
    shares = market.population.in_region @ market.population.people
    tilt = np.exp(0.10 * rng.standard_normal((total, n_channels, shares.size)))
    tilt *= np.exp(0.15 * rng.standard_normal((n_channels, shares.size))) * shares
    tilt /= tilt.sum(axis=2, keepdims=True)
    test = _geo_test(world)
    window = slice(test.first, test.first + test.weeks)
    channel = world.company.channel_keys.index(test.channel)
    intensity[window, channel] = 1.0
    tilt[window, channel] = 0.0
    treated = list(test.regions)
    tilt[window, channel, treated] = 2.6 * shares[treated] / shares.sum()
    price = np.where(np.arange(total) >= world.past + int(0.45 * world.weeks), PRICE_RISE, 1.0)
    discount = world.mechanisms.promotions * np.array([discount_of(week) for week in mondays])
    return Plan(intensity=intensity, tilt=tilt, price=price, discount=discount, geo_test=test)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """The status-quo policy: the plan, with search and affiliation following what was seen last week."""

    market: Market
    plan: Plan

    def __call__(self, week: int, seen: Observation | None) -> Actions:
        """Actions of a week, given what was seen of the week before."""
        world, plan = self.market.world, self.plan
        at_work = world.mechanisms
        intensity = plan.intensity[week].copy()
        keys = world.company.channel_keys
        if "search" in keys:
            intensity[keys.index("search")] *= self._demand(week) ** (CHASE * at_work.chase)
        if "affiliation" in keys and seen is not None:
            usual = world.company.people * world.scale * 0.20
            follow = float(seen.revenue.sum()) / usual
            position = keys.index("affiliation")
            commission = COMMISSION * at_work.chase
            intensity[position] *= 1 - commission + commission * follow
        spend = intensity * np.array([c.weekly_spend for c in world.company.channels]) * world.scale
        return Actions(
            spend=spend[:, None] * plan.tilt[week],
            price=float(plan.price[week]),
            discount=float(plan.discount[week]),
        )

    def _demand(self, week: int) -> float:
        """Demand of the week against its mean: search is steered by the day, on what people look for."""
        people = self.market.population.people
        usual = float((self.market.usual_need * people).sum())
        return float((self.market.nature.need[week] * people).sum()) / usual
