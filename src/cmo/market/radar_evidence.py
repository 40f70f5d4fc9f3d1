"""What the radar sees today, and what it would have seen before: the chances and ceilings of topics."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmo.market.ceiling import ceiling
from cmo.market.radar import Seen, Told
from cmo.market.season import as_counts
from cmo.market.sight import Heard, Sight, sight, told_of
from cmo.market.trend import FEATURES, FEWEST_MONTHS
from cmo.market.trend_evidence import heard_of
from cmo.measures import DRAWS
from cmo.warehouse.field import Field

Floats = npt.NDArray[np.float64]

_GROWTH = FEATURES.index("growth_6_on_12")


@dataclass(frozen=True, slots=True, kw_only=True)
class Blip:
    """A topic on the radar.

    Attributes:
        told: What is said of it today.
        low: Lower end of the 90 % interval of the chance.
        high: Upper end.
        since: First month in which it was heard of, `2024-03`.
        growth: Log growth of the last six months on the twelve before.
        ceiling: Highest monthly volume to expect: median and 90 % interval.
        months: Months until nine tenths of it: median and 90 % interval.
    """

    told: Told
    low: float
    high: float
    since: str
    growth: float
    ceiling: tuple[float, float, float]
    months: tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sky:
    """All that the radar sees.

    Attributes:
        blips: The topics heard of, those most likely to rise first.
        heard: What was heard.
        back: What it would have said of months whose future is known, and what came.
    """

    blips: tuple[Blip, ...]
    heard: Heard
    back: tuple[Seen, ...]


def sky_of(field: Field, *, rng: np.random.Generator) -> Sky | None:
    """Look at the signals; none where they are too few or too short.

    Args:
        field: The company's tables.
        rng: Source of randomness.
    """
    if "signals" not in field.tables or not int(field.collect(field.table("signals").count())[0][0].as_py()):
        return None
    heard = heard_of(field)
    if len(heard.months) < FEWEST_MONTHS or not heard.topics:
        return None
    seen = sight(heard, rng=rng, draws=DRAWS)
    return Sky(blips=_blips(heard, seen, rng=rng), heard=heard, back=seen.back)


def _blips(heard: Heard, seen: Sight, *, rng: np.random.Generator) -> tuple[Blip, ...]:
    last = len(heard.months) - 1
    low, high = np.quantile(seen.draws, (0.05, 0.95), axis=0) if seen.rows.size else (np.zeros(0),) * 2
    chances = seen.draws.mean(axis=0)
    found = [
        Blip(
            told=told_of(heard, int(row), last, float(chances[i])),
            low=float(low[i]),
            high=float(high[i]),
            since=f"{heard.months[int((heard.volumes[row] > 0).argmax())].start:%Y-%m}",
            growth=float(seen.signs[i, _GROWTH]),
            **_ceilings(heard.volumes[row], float(chances[i]), rng=rng),
        )
        for i, row in enumerate(seen.rows)
    ]
    return tuple(sorted(found, key=lambda one: (-one.told.chance, one.told.topic)))


def _ceilings(
    volumes: Floats, chance: float, *, rng: np.random.Generator
) -> dict[str, tuple[float, float, float]]:
    counts = as_counts(volumes[None, :])[0]
    scale = float(volumes.sum() / max(counts.sum(), 1e-9))
    found = ceiling(counts, chance=chance, rng=rng, draws=DRAWS)
    return {"ceiling": _span(scale * found.level), "months": _span(found.months)}


def _span(draws: Floats) -> tuple[float, float, float]:
    median, low, high = np.quantile(draws, (0.5, 0.05, 0.95))
    return float(median), float(low), float(high)
