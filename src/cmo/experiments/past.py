"""What a company's own past says of tests to come: its regions, its customers, its days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self

import numpy as np
import numpy.typing as npt

from cmo.experiments.moments import Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Panel:
    """Outcomes and spend of regions, period by period, before any test that is to be designed.

    Attributes:
        days: First day of each period, rising, shape (periods,).
        regions: Names, sorted.
        outcomes: Shape (periods, regions).
        spend: Money by channel, each of shape (periods, regions).
        value_per_unit: Contribution that one unit of outcome leaves, in money.
    """

    days: tuple[date, ...]
    regions: tuple[str, ...]
    outcomes: Floats
    spend: Mapping[str, Floats] = field(default_factory=dict)
    value_per_unit: float = 1.0

    @property
    def step(self) -> int:
        """Days of a period: 1 or 7, as most gaps between periods tell."""
        if len(self.days) < 2:
            return 1
        gaps = [(b - a).days for a, b in zip(self.days, self.days[1:], strict=False)]
        return max(int(np.median(gaps)), 1)

    def periods(self, weeks: int) -> int:
        """Periods in so many weeks."""
        return max(round(7 * weeks / self.step), 1)

    def index(self, regions: Sequence[str]) -> npt.NDArray[np.intp]:
        """Columns of some regions.

        Raises:
            ValueError: A region is not in the panel.
        """
        unknown = [name for name in regions if name not in self.regions]
        if unknown:
            raise ValueError(f"region {unknown[0]!r} has no outcomes: name one of {', '.join(self.regions)}")
        return np.array([self.regions.index(name) for name in regions], dtype=np.intp)

    def without(self, regions: Sequence[str]) -> Self:
        """The panel less some regions."""
        kept = np.array([name not in regions for name in self.regions], dtype=np.bool_)
        return replace(
            self,
            regions=tuple(name for name in self.regions if name not in regions),
            outcomes=self.outcomes[:, kept],
            spend={name: of[:, kept] for name, of in self.spend.items()},
        )

    def usual_spend(self, channel: str, regions: Sequence[str], *, periods: int) -> float:
        """Money that a channel has been costing in some regions over so many periods."""
        if channel not in self.spend:
            return 0.0
        lately = self.spend[channel][-min(len(self.days), self.periods(52)) :, self.index(regions)]
        return float(lately.sum(axis=1).mean()) * periods


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Units that a test could draw, and what they would do in so many weeks if nothing were changed.

    Attributes:
        name: `customers`, or a past test whose visitors come again.
        metric: What decides.
        weeks: Length of the window.
        units: Units at hand within the window.
        mean: Mean of the metric per unit.
        variance: Its variance.
        explained: Share of the variance that the time before tells (CUPED), in [0, 1).
    """

    name: str
    metric: str
    weeks: int
    units: float
    mean: float
    variance: float
    explained: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Past:
    """All of it.

    Attributes:
        panel: Regions over time, none where outcomes are not known by region.
        nation: All outcomes together by period, none where there are none; one region named `all`.
        audiences: Units that could be drawn.
        as_of: Last day that is known.
        currency: The company's currency, `EUR`.
    """

    panel: Panel | None
    nation: Panel | None
    audiences: tuple[Audience, ...]
    as_of: date
    currency: str
