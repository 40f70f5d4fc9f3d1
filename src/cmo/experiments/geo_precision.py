"""What a regression on geos would be able to tell, and so what must be spent, from the geos' own past.

References:
    Kerman, Wang & Vaver (2017), "Estimating ad effectiveness using geo experiments in a time-based
    regression framework", Google, section 5.
"""

from dataclasses import dataclass

import numpy as np

from cmo.experiments.contrast import Alternative, Inference, quantile
from cmo.experiments.moments import Floats
from cmo.experiments.time_based_regression import geo_based_regression, time_based_regression


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignPrecision:
    """Half-widths of the one-sided interval of the incremental response, in the outcome's unit.

    Attributes:
        time_based: By time-based regression.
        geo_based: By geo-based regression.
    """

    time_based: float
    geo_based: float

    def cost(self, precision: float) -> tuple[float, float]:
        """Spend at which the return on it is known to so much: time-based, then geo-based."""
        if not precision > 0.0:
            raise ValueError(f"precision == {precision}, must be positive")
        return self.time_based / precision, self.geo_based / precision


def design_precision(
    outcomes: Floats,
    *,
    pre: int,
    length: int,
    rng: np.random.Generator,
    level: float = 0.9,
    draws: int = 200,
) -> DesignPrecision:
    """Precision of a test by placing it, and its lot, at random in the past.

    Windows wrap around the calendar; geos are paired by size and one of each pair is treated.

    Args:
        outcomes: Shape (times, geos), at least pre + length periods.
        pre: Periods before the test.
        length: Periods of the test and of its cool-down.
        rng: Places windows and draws lots.
        level: One-sided level.
        draws: Placements.
    """
    times, geos = outcomes.shape
    if times < pre + length or geos < 4:
        raise ValueError(f"{times} periods of {geos} geos: need at least {pre + length} periods and 4 geos")
    inference = Inference(level=level, alternative=Alternative.GREATER)
    found = []
    for _ in range(draws):
        window = outcomes[(rng.integers(times) + np.arange(pre + length)) % times]
        before, during = window[:pre].sum(axis=0), window[pre:].sum(axis=0)
        order = np.argsort(-before)
        sides = rng.integers(0, 2, geos // 2)
        treated = np.zeros(geos, dtype=bool)
        treated[order[2 * np.arange(geos // 2) + sides]] = True
        by_time = time_based_regression(
            window[:, treated].sum(axis=1), window[:, ~treated].sum(axis=1), pre=pre
        )
        seen = before > 0.0
        spend = np.where(treated, before, 0.0) / before[treated].sum()
        by_geo = geo_based_regression(before[seen], during[seen], cost=spend[seen], inference=inference)
        found.append(
            (quantile(level, by_time.df) * float(by_time.scale[-1]), quantile(level, by_geo.df) * by_geo.se)
        )
    time_based, geo_based = np.median(found, axis=0)
    return DesignPrecision(time_based=float(time_based), geo_based=float(geo_based))
