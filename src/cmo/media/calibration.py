"""Tests that the strategy tells of, as measured lifts of a channel; and what each of them changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from cmo.media.design import LiftTest, Mix
from cmo.media.effects import lift_draws, responses
from cmo.media.fit import Fit

Floats = npt.NDArray[np.float64]

_AFTER = 8
"""Weeks after a test in which its effect is still counted where the test does not say."""


def lifts_of(tests: Sequence[Mapping[str, Any]], mix: Mix) -> tuple[LiftTest, ...]:
    """Measured lifts among the strategy's tests that speak of a channel and of weeks of the mix.

    A test tells its `lift` (outcome with the spend that took place less outcome without) and
    `standard_error`; `factor` is the spend without it as a multiple (0 by default), in the regions `treated`
    where regions are compared, and `national_factor` the same of the whole. A test that was read on the
    outcomes of regions says so (`from_outcomes`).
    """
    last = mix.weeks[-1] + timedelta(days=6)
    measured = (test for test in tests if "lift" in test and "standard_error" in test)
    # What regions of the same outcomes showed, a mix of regions sees by itself: it must not count twice.
    new = (test for test in measured if mix.regions is None or not test.get("from_outcomes"))
    told = (_told(test, national=mix.regions is None) for test in new)
    return tuple(t for t in told if t.channel in mix.names and t.start >= mix.weeks[0] and t.end <= last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A test beside what the model thinks it should have shown.

    Attributes:
        test: The test.
        predicted: Draws of the lift that the model expects, shape (draws,).
        surprise: Standard scores between the two, uncertainty of both counted.
    """

    test: LiftTest
    predicted: Floats
    surprise: float

    @property
    def conflicts(self) -> bool:
        """Whether test and model can hardly both be right."""
        return abs(self.surprise) > 2.0


def compare(fit: Fit, tests: tuple[LiftTest, ...]) -> tuple[Comparison, ...]:
    """Hold tests against a model that was fitted without them, or with them to see what remains.

    Args:
        fit: The posterior.
        tests: Measured lifts on its channels.
    """
    drawn = {response.channel.name: response for response in responses(fit)}
    compared = []
    for test in tests:
        predicted = lift_draws(fit, test, drawn[test.channel])
        spread = np.hypot(predicted.std(), test.error)
        surprise = float((test.lift - predicted.mean()) / spread)
        compared.append(Comparison(test=test, predicted=predicted, surprise=surprise))
    return tuple(compared)


def _told(test: Mapping[str, Any], *, national: bool) -> LiftTest:
    start, end = _day(test["start"]), _day(test["end"])
    read = test.get("read_until")
    factor = test.get("national_factor") if national else None
    factor = test.get("factor", 0.0) if factor is None else factor
    return LiftTest(
        id=str(test["id"]),
        channel=str(test.get("channel")),
        start=start,
        end=end,
        read_until=_day(read) if read is not None else end + timedelta(days=7 * _AFTER),
        factor=float(factor),
        lift=float(test["lift"]),
        error=float(test["standard_error"]),
        regions=tuple(test.get("treated", ())),
    )


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
