"""Seasonal business time: a clock that runs fast before Christmas and slow in August.

Purchase models assume that a living customer buys at a steady rate. Measured on a clock that advances with
the usual volume of the month, customers do; every closed form of the models stays as it is. The index of a
month is learned from the log itself, before the cut it is used at.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from cmo.customers.purchases.cells import Floats, Integers

YEAR = 365
MONTHS = 12
FEWEST_DAYS = (
    10  # of a month, below which it counts as even; shrinking well-seen months makes biases unsteady
)
TRUNCATED = 1.5  # times the usual arrivals that the first weeks of a log show when it began in mid-business
FEWEST_SALES = 8  # set occasions that a log must show
RAREST = 5  # days of the log for each set occasion, at least: daily and weekday trade has none
LONGEST_GAP = 2.5  # times the mean one
EDGE = 1e-9  # a whole number of spacings is whole
EARLY = 60  # days in which customers who were there before make their first appearance


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Business time by day of the log.

    Attributes:
        elapsed: Business days from the first day of the log to the start of each day, shape (day + 1,).
        index: How fast the clock runs in each month, mean 1, shape (12,).
        n_months: Months of the year of which the log has shown enough for an index.
        told_apart: Whether season and trend can be told apart: every month was seen in two years.
        spacing: Days that one unit of it takes: 1, or the days from one set occasion of sale to the next.
    """

    elapsed: Floats
    index: Floats
    n_months: int
    told_apart: bool
    spacing: float = 1.0

    def between(self, start: Integers | int, end: Integers | int) -> Floats:
        """Business days from the start of day `start` to the start of day `end`."""
        out: Floats = np.asarray(self.elapsed[end] - self.elapsed[start], dtype=np.float64)
        return out


def even_clock(n_days: int) -> Clock:
    """The calendar: every day is a day."""
    return Clock(elapsed=np.arange(n_days + 1.0), index=np.ones(MONTHS), n_months=0, told_apart=False)


def seasonal_clock(occasions: Floats, *, start: date, n_days: int) -> Clock:
    """Business time from the purchase occasions of each day of the log.

    Args:
        occasions: Purchase occasions of each day of the log up to the cut, shape (day,).
        start: First day of the log.
        n_days: Days the clock must reach, the horizon included.
    """
    days = np.datetime64(start) + np.arange(max(n_days, occasions.size))
    months = days.astype("datetime64[M]").astype(np.int64) % MONTHS
    seen = months[: occasions.size]
    length = np.bincount(seen, minlength=MONTHS).astype(np.float64)
    total = np.bincount(seen, weights=occasions, minlength=MONTHS)
    known = (length >= FEWEST_DAYS) & (total > 0)
    rate = np.divide(total, length, out=np.zeros(MONTHS), where=known)
    index = np.where(known, rate / rate[known].mean(), 1.0) if np.any(known) else np.ones(MONTHS)
    index = index / index.mean()
    return Clock(
        elapsed=np.r_[0.0, np.cumsum(index[months])],
        index=index,
        n_months=int(known.sum()),
        told_apart=bool(np.all(length > 45)),
    )


def days_of_sale(occasions: Floats) -> npt.NDArray[np.bool_] | None:
    """The days on which alone purchases can be made; None where any day will do.

    A gift asked for once a quarter, a box shipped on the first of the month, an edition: few days of the log
    have all purchases, and they are spread over it.

    Args:
        occasions: Purchase occasions of each day of the log, shape (day,).
    """
    sale: npt.NDArray[np.bool_] = occasions > 0
    n = int(sale.sum())
    if n < FEWEST_SALES or n > occasions.size / RAREST:
        return None
    gaps = np.diff(np.flatnonzero(sale))
    return sale if gaps.max() <= LONGEST_GAP * gaps.mean() and gaps.min() >= RAREST / 2 else None


def sale_clock(sale: npt.NDArray[np.bool_], *, n_days: int) -> Clock:
    """Time that runs in set occasions of sale; those to come follow at the usual distance.

    Here `elapsed` counts the occasions up to the end of each day.

    Args:
        sale: Whether each day of the log was one, see `days_of_sale`, shape (day,).
        n_days: Days the clock must reach, the horizon included.
    """
    at = np.flatnonzero(sale)
    spacing = float(np.diff(at).mean())
    beyond = np.arange(sale.size, max(n_days, sale.size) + 1)
    to_come = np.floor((beyond - at[-1]) / spacing + EDGE)
    return Clock(
        elapsed=np.r_[np.cumsum(sale), at.size + to_come].astype(np.float64),
        index=np.ones(MONTHS),
        n_months=0,
        told_apart=bool(sale.size > 2 * 365),
        spacing=spacing,
    )


def already_there(arrivals: Floats) -> int:
    """Days at the start of the log in which customers appear who had been there before; 0 if there are none.

    A log that begins in mid-business greets old customers as if they were new: arrivals in its first weeks
    are far above what they are later.

    Args:
        arrivals: Customers first seen on each day of the log, shape (day,).
    """
    if arrivals.size < 3 * EARLY:
        return 0
    early, later = arrivals[:EARLY].mean(), arrivals[EARLY:].mean()
    return EARLY if early > TRUNCATED * later else 0
