"""What befalls the market whatever the company does: seasons, weather, strikes, outages, moods of demand.

Everything is drawn once for a world, before any action, so that two policies (or the same with a channel
switched off) live through the same weather: common random numbers.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from cmo.simulation.calendar import mondays, peak_heights, season
from cmo.simulation.company import World
from cmo.simulation.population import Population

Floats = npt.NDArray[np.float64]

GROWTH = 0.03  # of the category, a year
MOOD_MEMORY = 0.75  # weekly autocorrelation of the nation's mood
MOOD = 0.035  # its standard deviation
LOCAL_MOOD = 0.03
STRIKES_A_YEAR = 1.5
STRIKE_LOSS = 0.28
OUTAGES_A_YEAR = 0.7
OUTAGE_LOSS = 0.22
DEAR_WEEKS = 0.5  # rise of the price of contacts with the height of the year's peaks
DEARER = 0.06  # a year
DRIFT = 0.12  # standard deviation of a quarter's change of what a channel does, in logarithms
DRIFT_KEPT = 0.85  # of a channel's departure, from one quarter to the next
CRISIS_DEPTH = 0.15  # standard deviation of the change of demand, in logarithms
CRISIS_WEEKS = (10, 40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Something that hindered demand: kind, weeks, region (None: everywhere), share of demand lost."""

    kind: str
    first: int
    weeks: int
    region: int | None
    loss: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Nature:
    """Chance and seasons of a world; T weeks from the beginning of the past, J cells, R regions.

    Attributes:
        mondays: First day of each week, length T.
        need: Category purchases per person, shape (T, J).
        mood: Demand's own weather that nobody measures, multiplicative, shape (T,).
        temperature: Degrees Celsius, shape (T, R).
        warmth: Degrees above the seasonal mean, shape (T, R).
        incidents: Strikes and outages.
        rival_campaigns: Pressure above habit of each rival, shape (T, rivals).
        contact_price: Price of a contact over the channel's usual one, shape (T,).
        effect: What each channel does to people over what it usually does, shape (T, C).
    """

    mondays: tuple[date, ...]
    need: Floats
    mood: Floats
    temperature: Floats
    warmth: Floats
    incidents: tuple[Incident, ...]
    rival_campaigns: Floats
    contact_price: Floats
    effect: Floats


def _autoregressive(rng: np.random.Generator, shape: tuple[int, ...], memory: float) -> Floats:
    """Stationary first-order process with unit variance along the first axis."""
    noise = rng.standard_normal(shape)
    out = np.empty(shape)
    out[0] = noise[0]
    for t in range(1, shape[0]):
        out[t] = memory * out[t - 1] + np.sqrt(1 - memory**2) * noise[t]
    return out


def _incidents(world: World, rng: np.random.Generator) -> tuple[Incident, ...]:
    total = world.total
    out: list[Incident] = []
    for _ in range(max(2, rng.poisson(STRIKES_A_YEAR * total / 52))):
        region = int(rng.integers(len(world.company.regions)))
        first = int(rng.integers(2, total - 3))
        length = int(rng.integers(1, 3))
        strike = Incident(kind="strike", first=first, weeks=length, region=region, loss=STRIKE_LOSS)
        out += [strike]
    for _ in range(max(1, rng.poisson(OUTAGES_A_YEAR * total / 52))):
        first = int(rng.integers(2, total - 3))
        outage = Incident(kind="outage", first=first, weeks=1, region=None, loss=OUTAGE_LOSS)
        out += [outage]
    return tuple(sorted(out, key=lambda i: (i.first, i.kind, i.region or 0)))


def _rival_campaigns(world: World, rng: np.random.Generator, total: int) -> Floats:
    campaigns = np.zeros((total, len(world.company.rivals)))
    for rival in range(campaigns.shape[1]):
        first = int(rng.integers(0, 12))
        while first < total:
            campaigns[first : first + int(rng.integers(2, 6)), rival] = rng.uniform(0.4, 1.4)
            first += int(rng.integers(9, 20))
    return campaigns


def _crisis(world: World, rng: np.random.Generator) -> Floats:
    """Demand over what it would be, shape (T,): for some months after the data begins it is another."""
    level = np.zeros(world.total)
    first = world.past + int(rng.integers(0, max(world.weeks + world.after - CRISIS_WEEKS[0], 1)))
    level[first : first + int(rng.integers(*CRISIS_WEEKS))] = CRISIS_DEPTH * rng.standard_normal()
    return np.asarray(np.exp(world.mechanisms.crisis * level), dtype=np.float64)


def _contact_price(world: World, *, heights: Floats) -> Floats:
    years = (np.arange(world.total) - world.past) / 52
    dear = DEAR_WEEKS * (heights - heights.mean()) + DEARER * years
    return np.asarray(np.exp(world.mechanisms.auctions * dear), dtype=np.float64)


def _drift(world: World, rng: np.random.Generator) -> Floats:
    n_quarters = world.total // 13 + 1
    walk = _autoregressive(rng, (n_quarters, len(world.company.channels)), DRIFT_KEPT)
    spread = DRIFT / np.sqrt(1 - DRIFT_KEPT**2)
    effect = np.exp(world.mechanisms.drift * spread * walk)
    return np.asarray(np.repeat(effect, 13, axis=0)[: world.total], dtype=np.float64)


def befall(world: World, population: Population, rng: np.random.Generator) -> Nature:
    """Draw all that happens to a world's market."""
    company, total, at_work = world.company, world.total, world.mechanisms
    weeks = mondays(world.start - timedelta(weeks=world.past), total)
    segments = company.segments
    gifts, other = np.array([peak_heights(week) for week in weeks]).T
    gift_taste = np.array([s.gifts for s in segments])
    by_segment = season(weeks)[:, None] * (1 + gifts[:, None] * gift_taste + other[:, None])
    by_segment *= np.array([s.need for s in segments])
    by_segment *= np.exp(GROWTH * (np.arange(total) - world.past) / 52)[:, None]

    warmth = 2.6 * (
        0.8 * _autoregressive(rng, (total, 1), 0.6)
        + 0.6 * _autoregressive(rng, (total, len(company.regions)), 0.5)
    )
    day = np.array([week.timetuple().tm_yday for week in weeks])
    usual = 12.5 - 8.5 * np.cos(2 * np.pi * (day - 20) / 365.25)
    temperature = usual[:, None] + np.array([r.warmth for r in company.regions]) + warmth
    mood = np.exp(at_work.moods * MOOD * _autoregressive(rng, (total,), MOOD_MEMORY))
    local = np.exp(at_work.moods * LOCAL_MOOD * rng.standard_normal((total, len(company.regions))))
    incidents = _incidents(world, rng)
    campaigns = _rival_campaigns(world, rng, total)
    mood *= _crisis(world, rng)
    hindered = np.ones((total, len(company.regions)))
    for incident in incidents:
        where = slice(None) if incident.region is None else incident.region
        hindered[incident.first : incident.first + incident.weeks, where] *= 1 - incident.loss
    sun = np.array([s.sun for s in segments])[population.segment]
    by_region = (mood[:, None] * local * hindered)[:, population.region]
    need = by_segment[:, population.segment] * by_region
    need *= np.exp(sun * warmth[:, population.region])
    return Nature(
        mondays=tuple(weeks),
        need=need,
        mood=mood,
        temperature=temperature,
        warmth=warmth,
        incidents=incidents,
        rival_campaigns=at_work.rivalry * campaigns,
        contact_price=_contact_price(world, heights=gifts + other),
        effect=_drift(world, rng),
    )
