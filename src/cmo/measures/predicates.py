"""The grammar of claims: each predicate, how it is read and how it is written."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class AtLeast:
    """The measure is at least `bound`."""

    bound: float

    def as_mapping(self) -> dict[str, object]:
        """The predicate as it would stand in strategy.yaml."""
        return {"at_least": self.bound}


@dataclass(frozen=True, slots=True)
class AtMost:
    """The measure is at most `bound`."""

    bound: float

    def as_mapping(self) -> dict[str, object]:
        """The predicate as it would stand in strategy.yaml."""
        return {"at_most": self.bound}


@dataclass(frozen=True, slots=True)
class Between:
    """The measure lies between `low` and `high`, both included."""

    low: float
    high: float

    def as_mapping(self) -> dict[str, object]:
        """The predicate as it would stand in strategy.yaml."""
        return {"between": [self.low, self.high]}


@dataclass(frozen=True, slots=True)
class Extreme:
    """The subject is the highest or the lowest of all."""

    highest: bool

    def as_mapping(self) -> dict[str, object]:
        """The predicate as it would stand in strategy.yaml."""
        return {"is": "highest" if self.highest else "lowest"}


@dataclass(frozen=True, slots=True)
class Top:
    """The subject is among the `k` highest."""

    k: int

    def as_mapping(self) -> dict[str, object]:
        """The predicate as it would stand in strategy.yaml."""
        return {"top": self.k}


@dataclass(frozen=True, slots=True)
class Against:
    """The subject is above (or below) another by an amount, or by a factor where `times` is given."""

    other: str
    above: bool
    by: float
    times: float | None

    def as_mapping(self) -> dict[str, object]:
        """The predicate as it would stand in strategy.yaml."""
        said: dict[str, object] = {"of": self.other}
        if self.times is not None:
            said["times"] = self.times
        elif self.by:
            said["by"] = self.by
        return {"above" if self.above else "below": said}


@dataclass(frozen=True, slots=True)
class Trend:
    """The subject rises (or falls) over its history."""

    rising: bool

    def as_mapping(self) -> dict[str, object]:
        """The predicate as it would stand in strategy.yaml."""
        return {"rising" if self.rising else "falling": True}


Predicate = AtLeast | AtMost | Between | Extreme | Top | Against | Trend

PREDICATES: Final = ("at_least", "at_most", "between", "is", "top", "above", "below", "rising", "falling")
NEEDS_SUBJECT: Final = ("is", "top", "above", "below")


def _number(given: object, key: str) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        raise ValueError(f"`{key}` takes a number, not {given!r}")
    return float(given)


def _at_least(given: object) -> AtLeast:
    return AtLeast(_number(given, "at_least"))


def _at_most(given: object) -> AtMost:
    return AtMost(_number(given, "at_most"))


def _between(given: object) -> Between:
    if not isinstance(given, list | tuple) or len(given) != 2:
        raise ValueError(f"`between` takes two numbers, [low, high], not {given!r}")
    low, high = _number(given[0], "between"), _number(given[1], "between")
    if low > high:
        raise ValueError(f"`between: [{low:g}, {high:g}]` runs backwards; write [{high:g}, {low:g}]")
    return Between(low, high)


def _is(given: object) -> Extreme:
    if given not in ("highest", "lowest"):
        raise ValueError(f"`is` takes highest or lowest, not {given!r}")
    return Extreme(given == "highest")


def _top(given: object) -> Top:
    if isinstance(given, bool) or not isinstance(given, int) or given < 1:
        raise ValueError(f"`top` takes a whole number from 1, not {given!r}")
    return Top(given)


def _against(given: object, *, above: bool) -> Against:
    key = "above" if above else "below"
    expected = f"`{key}` takes {{of: other}}, with `by: amount` or `times: factor` if wanted"
    if not isinstance(given, Mapping) or "of" not in given:
        raise ValueError(f"{expected}, not {given!r}")
    if unknown := set(given) - {"of", "by", "times"}:
        raise ValueError(f"{expected}; {min(map(str, unknown))!r} is unknown")
    if "by" in given and "times" in given:
        raise ValueError(f"{expected}, not both `by` and `times`")
    times = _number(given["times"], "times") if "times" in given else None
    return Against(str(given["of"]), above, _number(given.get("by", 0), "by"), times)


def _trend(given: object, *, rising: bool) -> Trend:
    if given is not True:
        key = "rising" if rising else "falling"
        other = "falling" if rising else "rising"
        raise ValueError(f"`{key}` takes true, not {given!r}; for the contrary write `{other}: true`")
    return Trend(rising)


PARSERS: Final[dict[str, Callable[[object], Predicate]]] = {
    "at_least": _at_least,
    "at_most": _at_most,
    "between": _between,
    "is": _is,
    "top": _top,
    "above": lambda given: _against(given, above=True),
    "below": lambda given: _against(given, above=False),
    "rising": lambda given: _trend(given, rising=True),
    "falling": lambda given: _trend(given, rising=False),
}
