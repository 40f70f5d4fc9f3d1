"""What would have been sold without media: columns with Gaussian coefficients, all integrated out.

A rigid baseline is paid for by media. Trend, many harmonics, the weeks before the year's end, controls,
events and a slow Gaussian process cost next to nothing once they are integrated out; so does an allowance for
demand that drives a budget, which no functional form can tell from the effect of that budget. How slow and
how large is learned: every candidate is a baseline of its own and the likelihood is their mixture.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from cmo.media.design import Mix

Floats = npt.NDArray[np.float64]

_YEAR = 365.2425
_ROUGHEST_KEPT = 0.02
"""Eigenvalues of the slow process below this part of the largest (2 % of its variance) count as noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Columns of one cause, each scaled by the prior standard deviation of its coefficient.

    Attributes:
        name: The cause: trend, season, `event:NAME`, `control:NAME`, slow, `demand:CHANNEL`.
        columns: In standard deviations of the outcome, shape (weeks, columns).
    """

    name: str
    columns: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What is believed of the baseline; scales are in standard deviations of the outcome.

    Attributes:
        trend: Scale of the level and of the change over the whole window.
        harmonics: Number of yearly harmonics.
        season: Scale of the first harmonic; the k-th has `season / k`.
        year_end: Scale of each of the seven weeks before the year's end.
        control: Scale of the effect of one standard deviation of a control, and of an event.
        slow: Candidate scales of the slow process.
        length: Length scale of the slow process in weeks.
        demand: Candidate scales of the effect of one standard deviation of a suspected budget.
    """

    trend: float = 2.0
    harmonics: int = 8
    season: float = 1.0
    year_end: float = 0.5
    control: float = 1.0
    slow: tuple[float, ...] = (0.1, 0.3)
    length: float = 6.0
    demand: tuple[float, ...] = (0.05, 0.25)

    def fixed_blocks(self, mix: Mix) -> tuple[Block, ...]:
        """The columns that every candidate has."""
        blocks = [Block(name="trend", columns=self._trend(mix))]
        if self.harmonics and self.season:
            blocks.append(Block(name="season", columns=self._season(mix)))
        for control in mix.controls:
            column = standardised(control.values)
            if column is not None:
                blocks.append(Block(name=f"control:{control.name}", columns=self.control * column[:, None]))
        for name in sorted({event.name for event in mix.events}):
            during = np.zeros(mix.n_weeks)
            for event in mix.events:
                if event.name == name:
                    during += _overlap(mix, event.start, event.end)
            if np.ptp(during):
                blocks.append(Block(name=f"event:{name}", columns=self.control * during[:, None]))
        return tuple(blocks)

    def slow_block(self, mix: Mix) -> Block:
        """The slow process at scale one: Matérn 3/2, rough enough to follow demand that wanders."""
        week = np.arange(mix.n_weeks)
        distance = np.sqrt(3) * np.abs(week[:, None] - week) / self.length
        values, vectors = np.linalg.eigh((1 + distance) * np.exp(-distance))
        kept = values > _ROUGHEST_KEPT * values[-1]
        return Block(name="slow", columns=vectors[:, kept] * np.sqrt(values[kept]))

    def demand_blocks(self, mix: Mix) -> tuple[Block, ...]:
        """One column per suspected channel, at scale one: its budget as it moved from week to week."""
        blocks = []
        for channel in mix.channels:
            column = standardised(channel.spend) if channel.suspected else None
            if column is not None:
                blocks.append(Block(name=f"demand:{channel.name}", columns=column[:, None]))
        return tuple(blocks)

    def candidates(self, mix: Mix) -> tuple[tuple[Block, ...], ...]:
        """Every baseline that is thought possible, as its blocks."""
        fixed, slow, demand = self.fixed_blocks(mix), self.slow_block(mix), self.demand_blocks(mix)
        return tuple(
            (
                *fixed,
                *((_scaled(slow, wander),) if wander else ()),
                *(_scaled(block, chase) for block in demand if chase),
            )
            for wander in self.slow or (0.0,)
            for chase in ((self.demand or (0.0,)) if demand else (0.0,))
        )

    def _trend(self, mix: Mix) -> Floats:
        time = np.linspace(-0.5, 0.5, mix.n_weeks)
        return np.stack([np.full(mix.n_weeks, 5 * self.trend), self.trend * time], axis=1)

    def _season(self, mix: Mix) -> Floats:
        angle = 2 * np.pi * (mix.days.astype(np.float64) + 3) / _YEAR
        columns = [
            wave(k * angle) * self.season / k
            for k in range(1, self.harmonics + 1)
            for wave in (np.sin, np.cos)
        ]
        if self.year_end:
            columns += [self.year_end * week for week in _year_end(mix) if np.ptp(week)]
        return np.stack(columns, axis=1)


def standardised(values: Floats) -> Floats | None:
    """Values less their mean, by their standard deviation; none when they never change."""
    spread = values.std()
    return np.asarray((values - values.mean()) / spread, dtype=np.float64) if spread > 0 else None


def _scaled(block: Block, scale: float) -> Block:
    return Block(name=block.name, columns=scale * block.columns)


def _overlap(mix: Mix, start: date, end: date) -> Floats:
    """Share of each week that lies between two days."""
    first, last = np.datetime64(start, "D"), np.datetime64(end, "D")
    shared = (np.minimum(mix.days + 6, last) - np.maximum(mix.days, first)).astype(int) + 1
    return np.asarray(np.clip(shared, 0, 7) / 7, dtype=np.float64)


def _year_end(mix: Mix) -> list[Floats]:
    """Seven columns: the weeks that end at most one, two … seven weeks before the new year."""
    last = mix.days + 6
    new_year = (last.astype("datetime64[Y]") + 1).astype("datetime64[D]")
    ahead = (new_year - last).astype(int)
    return [((ahead > 7 * k) & (ahead <= 7 * (k + 1))).astype(np.float64) for k in range(7)]
