"""A measure of calls: so many at once, and so many a second after."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Final

_MOST: Final = 10_000


@dataclass(slots=True, kw_only=True)
class Buckets:
    """A bucket for each caller, that fills by itself and from which each call takes one.

    Attributes:
        per_second: Calls that come back each second, > 0.
        at_once: Calls that a full bucket holds, >= 1.
        clock: Seconds that only grow.
    """

    per_second: float
    at_once: float
    clock: Callable[[], float] = monotonic
    _left: dict[int, tuple[float, float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def wait(self, caller: int) -> float:
        """Take a call; seconds until one can be taken, 0 where it was."""
        now = self.clock()
        with self._lock:
            left, at = self._left.get(caller, (self.at_once, now))
            left = min(self.at_once, left + (now - at) * self.per_second)
            taken = left >= 1.0
            if caller not in self._left and len(self._left) >= _MOST:
                self._left.clear()
            self._left[caller] = (left - 1.0 if taken else left, now)
        return 0.0 if taken else (1.0 - left) / self.per_second
