"""What is heard of topics, the chances the radar gives them, and what their own past says of such chances."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from cmo.market.learned import SHARES, VOLUMES, radars
from cmo.market.radar import Seen, Told
from cmo.market.season import as_counts, without_season
from cmo.market.trend import FEWEST_MENTIONS, FEWEST_MONTHS, LAST, RECENT, RISE, features, growth_ahead
from cmo.measures import Window

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int_]

MANY: Final = 20
"""Topics from which their sum stands for how much is said altogether."""
EACH: Final = 3
"""Months between two looks back."""
APART: Final = 4
"""Looks that share most of the months in which a rise shows, and so count as one together."""
UNLIKE: Final = 0.8
"""How far the log odds of one company's topics may lie from those the radar was taught on."""
_SHIFTS: Final = np.linspace(-3.0, 3.0, 241)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was heard of topics.

    Attributes:
        topics: Their names.
        months: Consecutive months that are over.
        volumes: Volume of each topic each month, shape (topics, months).
        total: All that was counted each month, > 0, shape (months,); none where the source does not tell.
    """

    topics: tuple[str, ...]
    months: tuple[Window, ...]
    volumes: Floats
    total: Floats | None

    @property
    def against(self) -> Floats:
        """What volumes are held against: all that was counted, the sum of many topics, or nothing."""
        if self.total is not None:
            return self.total
        return self.volumes.sum(axis=0) if len(self.topics) >= MANY else np.ones(len(self.months))

    @property
    def radar(self) -> str:
        """The radar that fits."""
        return VOLUMES if self.total is None else SHARES


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """The topics that are spoken of, and their chances.

    Attributes:
        rows: Their rows in `Heard.volumes`, shape (n,).
        signs: What is known of them, shape (n, features).
        draws: Draws of the chances, shape (draws, n).
        back: What would have been said at earlier months, and what came.
    """

    rows: Rows
    signs: Floats
    draws: Floats
    back: tuple[Seen, ...]


def sight(heard: Heard, *, rng: np.random.Generator, draws: int) -> Sight:
    """The chances of topics today, moved by how those of the company's own past came out.

    Args:
        heard: What was heard, of at least fifteen months.
        rng: Source of randomness.
        draws: Number of draws.
    """
    back = looked_back(heard)
    rows, signs = _known(heard, len(heard.months) - 1)
    if not rows.size:
        return Sight(rows=rows, signs=signs, draws=np.zeros((draws, 0)), back=_as_told(back))
    drawn = radars()[heard.radar].chances(signs, rng=rng, draws=draws)
    shift = rng.choice(_SHIFTS, size=(draws, 1), p=_shifted(back))
    return Sight(rows=rows, signs=signs, draws=_moved(drawn, shift), back=_as_told(back))


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A look back at a topic.

    Attributes:
        month: Position of the month that was the present.
        chance: What the radar says of it, not moved.
        seen: What would have been told, moved by what was known by then, and what came.
    """

    month: int
    chance: float
    seen: Seen


def looked_back(heard: Heard) -> tuple[Look, ...]:
    """What would have been said every three months, learned from nothing that was not over by then."""
    found: list[Look] = []
    newest = len(heard.months) - 1 - LAST
    for month in sorted(range(newest, FEWEST_MONTHS - 2, -EACH)):
        rows, signs = _known(heard, month)
        if not rows.size:
            continue
        plain = radars()[heard.radar].chance(signs)
        weights = _shifted([one for one in found if one.month + LAST <= month])
        moved = _moved(plain, _SHIFTS[:, None])
        chances = weights @ moved
        grown = np.minimum(growth_ahead(heard.volumes[rows], heard.against, month=month), 1e6)
        found += [
            Look(
                month=month,
                chance=float(before),
                seen=Seen(
                    told=told_of(heard, int(row), month, float(chance)),
                    growth=float(growth),
                    rose=bool(growth >= RISE),
                ),
            )
            for row, before, chance, growth in zip(rows, plain, chances, grown, strict=True)
        ]
    return tuple(found)


def told_of(heard: Heard, row: int, month: int, chance: float) -> Told:
    """What is said of a topic at a month."""
    return Told(
        topic=heard.topics[row],
        made_on=heard.months[month].end,
        chance=chance,
        volume=float(heard.volumes[row, month - RECENT + 1 : month + 1].mean()),
    )


def outcome_of(told: Told, heard: Heard) -> Seen | None:
    """What became of a chance that was told; none before its time, or for a topic unheard of since."""
    ends = [month.end for month in heard.months]
    if told.topic not in heard.topics or told.made_on not in ends:
        return None
    month = ends.index(told.made_on)
    if month + LAST >= len(ends):
        return None
    row = [heard.topics.index(told.topic)]
    growth = float(min(growth_ahead(heard.volumes[row], heard.against, month=month)[0], 1e6))
    return Seen(told=told, growth=growth, rose=growth >= RISE)


def _known(heard: Heard, month: int) -> tuple[Rows, Floats]:
    """Topics spoken of at a month, and their signs from what was known by then."""
    adjusted = without_season(heard.volumes[:, : month + 1])
    mentions = adjusted if heard.total is not None else as_counts(adjusted)
    total = heard.against[: month + 1]
    alive = np.flatnonzero(mentions[:, -RECENT:].sum(axis=1) >= FEWEST_MENTIONS)
    if not alive.size or not np.all(total > 0):
        return alive[:0], np.zeros((0, 0))
    return alive, features(mentions[alive], total, shared=heard.total is not None)


def _shifted(looks: Sequence[Look]) -> Floats:
    """Posterior of how far the log odds of this company's topics lie from those of the radar."""
    logs = -0.5 * (_SHIFTS / UNLIKE) ** 2
    if looks:
        chance = np.clip([one.chance for one in looks], 1e-4, 1 - 1e-4)
        rose = np.array([one.seen.rose for one in looks])
        moved = _moved(chance, _SHIFTS[:, None])
        logs = logs + np.log(np.where(rose, moved, 1 - moved)).sum(axis=1) / APART
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def _moved(chance: Floats, shift: Floats) -> Floats:
    return np.asarray(expit(logit(np.clip(chance, 1e-6, 1 - 1e-6)) + shift), dtype=np.float64)


def _as_told(looks: Sequence[Look]) -> tuple[Seen, ...]:
    return tuple(one.seen for one in looks)
