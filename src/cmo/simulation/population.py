"""The people of a market as fine micro-segments: region, need, and a habit that no table shows."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmo.simulation.company import World

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Media habits share two hidden tastes: the pocket's screen over the home's, and the spoken word.
_TASTES = {
    "tv": (-0.55, 0.0),
    "radio": (-0.30, 0.60),
    "search": (0.25, 0.0),
    "social": (0.65, -0.15),
    "display": (0.35, 0.0),
    "email": (0.10, 0.25),
    "affiliation": (0.35, -0.2),
    "live_shopping": (0.60, 0.1),
}
_OWN_TASTE = 0.35
_MEMORY_SPREAD = 0.40
_PRICE_SPREAD = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Micro-segments ("cells") and what makes them differ; J cells, C channels.

    Attributes:
        people: People in each cell, shape (J,).
        region: Index of the region, shape (J,).
        segment: Index of the segment, shape (J,).
        affinity: Exposure of a person relative to the region's mean, shape (C, J).
        memory: Multiplier of every half-life, shape (J,).
        elasticity: Price elasticity, shape (J,).
        loyalty: Shift of the log-odds of lasting, shape (J,).
        in_region: 1 where the cell lies in the region, shape (R, J).
    """

    people: Floats
    region: Ints
    segment: Ints
    affinity: Floats
    memory: Floats
    elasticity: Floats
    loyalty: Floats
    in_region: Floats


def populate(world: World, rng: np.random.Generator) -> Population:
    """Draw the micro-segments of a world."""
    company = world.company
    n_regions, n_segments = len(company.regions), len(company.segments)
    region, segment, _ = (
        axis.ravel() for axis in np.indices((n_regions, n_segments, world.habits), dtype=np.int64)
    )
    n_cells = region.size
    tilt = np.exp(0.15 * rng.standard_normal((n_regions, n_segments)))
    mix = tilt * np.array([s.share for s in company.segments])
    mix /= mix.sum(axis=1, keepdims=True)
    habit = rng.gamma(4.0, size=(n_regions, n_segments, world.habits))
    habit /= habit.sum(axis=2, keepdims=True)
    shares = np.array([r.share for r in company.regions])
    shares /= shares.sum()
    people = company.people * world.scale * shares[region] * mix[region, segment] * habit.ravel()

    taste = rng.standard_normal((2, n_cells))
    tastes = np.array([_TASTES.get(key, (0.0, 0.0)) for key in company.channel_keys])
    liking = np.array(
        [[dict(s.media).get(key, 0.0) for s in company.segments] for key in company.channel_keys]
    )
    own = _OWN_TASTE * rng.standard_normal((len(company.channels), n_cells))
    affinity = np.exp(world.mechanisms.tastes * (liking[:, segment] + tastes @ taste + own))
    in_region = (region == np.arange(n_regions)[:, None]).astype(np.float64)
    mean = (affinity * people) @ in_region.T / (in_region @ people)
    affinity /= mean[:, region]
    elasticity = np.array([s.elasticity for s in company.segments])[segment]
    loyalty = np.array([s.loyalty for s in company.segments])[segment]
    return Population(
        people=people,
        region=region,
        segment=segment,
        affinity=affinity,
        memory=np.exp(_MEMORY_SPREAD * rng.standard_normal(n_cells)),
        elasticity=elasticity * np.exp(_PRICE_SPREAD * rng.standard_normal(n_cells)),
        loyalty=loyalty + 0.2 * taste[1] + 0.25 * rng.standard_normal(n_cells),
        in_region=in_region,
    )
