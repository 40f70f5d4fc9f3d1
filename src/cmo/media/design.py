"""What a company hands to the marketing mix: weeks, outcome, channels, controls, events and tests."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from cmo.media.curves import Family
from cmo.media.prior import LogNormal
from cmo.media.regions import Regions

Floats = npt.NDArray[np.float64]

_FAMILY = Family()


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One medium.

    Attributes:
        name: Its name.
        spend: Money by week, shape (weeks,), >= 0, with a positive sum.
        exposure: What people met (impressions, reach times frequency), shape (weeks,) or with earlier weeks
            in front; the spend where nothing better is known.
        regional: Exposure by region and week where regions are compared, shape (regions, weeks); it takes the
            place of the exposure.
        family: What is believed of its response curve.
        roi: Prior of its return in money per money; without one it is learned from all channels together.
        follows_demand: Whether its budget may follow demand week by week; without an answer, a channel that
            never pauses is suspected.
    """

    name: str
    spend: Floats
    exposure: Floats | None = None
    regional: Floats | None = None
    family: Family = _FAMILY
    roi: LogNormal | None = None
    follows_demand: bool | None = None

    @property
    def suspected(self) -> bool:
        """Whether an allowance for demand that drives the budget is due."""
        if self.follows_demand is not None:
            return self.follows_demand
        return bool((self.spend > 0).mean() > 0.85)


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """Anything else that moves the outcome, known by week.

    Attributes:
        name: Its name.
        values: Shape (weeks,), not constant.
    """

    name: str
    values: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened.

    Attributes:
        name: Its name; events of one name share one effect.
        start: First day.
        end: Last day.
    """

    name: str
    start: date
    end: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftTest:
    """The measured effect of having changed a channel's spend for a while.

    Attributes:
        id: Name of the test.
        channel: The channel that was changed.
        start: First day of the change.
        end: Last day of the change.
        read_until: Last day on which its effect was counted.
        factor: Spend without the change, as a multiple of the spend that took place: 0 tells what the whole
            spend brought (a hold-out turned round), 0.5 what its upper half brought.
        lift: Outcome with the spend that took place, less outcome without it, in the outcome's unit.
        error: Standard error of the lift, > 0.
        regions: Regions in which the channel was changed and the outcome read; all of them when empty.
    """

    id: str
    channel: str
    start: date
    end: date
    read_until: date
    factor: float
    lift: float
    error: float
    regions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a test that could not have been."""
        if self.error <= 0:
            raise ValueError(f"test {self.id}: error == {self.error}, must be > 0")
        if not self.start <= self.end <= self.read_until:
            raise ValueError(f"test {self.id}: start, end and read_until must follow one another")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """All that the model is told.

    Attributes:
        weeks: First day of each week, ascending by seven days.
        outcome: Outcome by week, shape (weeks,), not constant.
        channels: At least one.
        controls: Other movers.
        events: Things that happened.
        tests: Measured lifts.
        regions: The outcome by region, where regions are compared; every channel then needs `regional`.
        observed: Weeks whose outcome may be used, shape (weeks,); the others (held out, or still to come) are
            predicted. All of them by default.
    """

    weeks: tuple[date, ...]
    outcome: Floats
    channels: tuple[Channel, ...]
    controls: tuple[Control, ...] = ()
    events: tuple[Event, ...] = ()
    tests: tuple[LiftTest, ...] = ()
    regions: Regions | None = None
    observed: npt.NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        """Refuse series that do not fit together or cannot carry a model."""
        n = len(self.weeks)
        if n < 26:
            raise ValueError(f"{n} weeks, at least 26 are needed to tell media from season and trend")
        if len(self.outcome) != n or np.ptp(self.outcome) == 0:
            raise ValueError(f"outcome has {len(self.outcome)} weeks of {n}, or never changes")
        if not self.channels:
            raise ValueError("no channel: a marketing mix needs at least one")
        for channel in self.channels:
            _check_channel(channel, n)
            there = None if channel.regional is None else channel.regional.shape
            if self.regions is not None and there != self.regions.outcome.shape:
                raise ValueError(f"{channel.name}: regions are compared, so its exposure by region is needed")
        for control in self.controls:
            if len(control.values) != n or not np.isfinite(control.values).all():
                raise ValueError(f"control {control.name}: {len(control.values)} weeks of {n}, or not finite")

    @property
    def n_weeks(self) -> int:
        """Number of weeks."""
        return len(self.weeks)

    @property
    def shares(self) -> Floats:
        """Part of the people in each region, shape (regions,); one region where none are compared."""
        return np.ones(1) if self.regions is None else self.regions.heads / self.regions.heads.sum()

    def stimulus(self, channel: Channel) -> Floats:
        """Exposure per head in multiples of the mean of the weeks that had any, shape (regions, weeks)."""
        raw = channel.spend if channel.exposure is None else channel.exposure
        if self.regions is not None and channel.regional is not None:
            raw = channel.regional / self.shares[:, None]
        return np.atleast_2d(raw / raw[raw > 0].mean())

    @property
    def seen(self) -> npt.NDArray[np.bool_]:
        """Weeks whose outcome may be used, shape (weeks,)."""
        return np.ones(len(self.weeks), dtype=np.bool_) if self.observed is None else self.observed

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the channels, in order."""
        return tuple(channel.name for channel in self.channels)

    @property
    def days(self) -> npt.NDArray[np.datetime64]:
        """First days of the weeks."""
        return np.array(self.weeks, dtype="datetime64[D]")

    @property
    def spend(self) -> Floats:
        """Money by week and channel, shape (weeks, channels)."""
        return np.stack([channel.spend for channel in self.channels], axis=1)

    def between(self, start: date, end: date) -> npt.NDArray[np.bool_]:
        """Weeks of which at least half lies within the days given, shape (weeks,)."""
        first, last = np.datetime64(start, "D"), np.datetime64(end, "D")
        shared = np.minimum(self.days + 6, last) - np.maximum(self.days, first)
        return np.asarray(shared.astype(int) + 1 >= 4, dtype=np.bool_)


def _check_channel(channel: Channel, n: int) -> None:
    if len(channel.spend) != n:
        raise ValueError(f"{channel.name}: {len(channel.spend)} weeks of spend, outcome has {n}")
    if not (np.isfinite(channel.spend).all() and (channel.spend >= 0).all() and channel.spend.sum() > 0):
        raise ValueError(f"{channel.name}: spend must be finite, never negative and not all zero")
    if channel.exposure is not None and len(channel.exposure) < n:
        raise ValueError(f"{channel.name}: {len(channel.exposure)} weeks of exposure, outcome has {n}")
