"""Axes of figures: money in thousands or millions, shares in per cent, titled in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from babel.numbers import get_currency_symbol

from cmo.briefs.voice import Voice
from cmo.measures import Dimension, Text, Unit

_LOCALE: Final = {"en": "en_GB", "fr": "fr_FR"}
_STEPS: Final = (
    (1e9, Text("billion {unit}", "milliards {unit}")),
    (1e6, Text("million {unit}", "millions {unit}")),
    (1e3, Text("thousand {unit}", "milliers {unit}")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """How an axis counts and what it is called.

    Attributes:
        title: Its name with the unit.
        divisor: By what values are divided before they are drawn.
        format: Pattern of its labels, as d3-format writes it.
        floor: Least value that the axis has to show.
    """

    title: str
    divisor: float
    format: str
    floor: float | None = None

    def scaled(self, value: float) -> float:
        """The value as it is drawn."""
        return value / self.divisor

    def domain(self, values: Sequence[float]) -> tuple[float, float]:
        """Ends of the axis around the values as drawn, with some air; it never has no length."""
        low, high = self.scaled(min(values)), self.scaled(max(values))
        if self.floor is not None:
            low = min(low, self.floor)
        air = 0.06 * (high - low) or abs(high) or 1.0
        return (low if low == self.floor else low - air), high + air

    def horizontal(self, *, n_ticks: int) -> dict[str, Any]:
        """Properties of a horizontal axis."""
        return {
            "title": self.title,
            "format": self.format,
            "tickCount": n_ticks,
            "grid": True,
            "labelFlush": False,
        }

    def vertical(self, *, left: int, above: int = 0) -> dict[str, Any]:
        """Properties of a vertical axis; its title lies level above it, `left` pixels out, `above` higher."""
        return self.horizontal(n_ticks=5) | {
            "titleAngle": 0,
            "titleAlign": "left",
            "titleBaseline": "bottom",
            "titleX": -left,
            "titleY": -10 - above,
        }


def axis_of(unit: Unit, *, name: str, values: Sequence[float], voice: Voice) -> Axis:
    """The axis for values of a unit.

    Args:
        unit: Unit of the values.
        name: What they measure.
        values: All values that will be drawn, at least one.
        voice: The language.
    """
    largest = max(abs(value) for value in values)
    divisor, measured, pattern = 1.0, "", ",~r"
    match unit.dimension:
        case Dimension.SHARE:
            pattern = ".0%" if largest >= 0.05 else ".1%"
        case Dimension.MONEY | Dimension.COUNT:
            divisor, measured = _counted(unit, largest, voice=voice)
        case Dimension.WEEKS:
            measured = voice.say("weeks", "semaines")
        case _:
            pass
    title = voice.say("{name}, {unit}", "{name}, {unit}", name=name, unit=measured) if measured else name
    return Axis(
        title=title,
        divisor=divisor,
        format=pattern,
        floor=None if min(values) < 0 else 0.0,
    )


def _counted(unit: Unit, largest: float, *, voice: Voice) -> tuple[float, str]:
    symbol = ""
    if unit.dimension is Dimension.MONEY:
        symbol = get_currency_symbol(unit.name[:3], locale=_LOCALE[voice.language])
    for divisor, text in _STEPS:
        if largest >= 2 * divisor:
            of = f"d’{symbol}" if symbol == "€" else f"de {symbol}"
            named = of if voice.language == "fr" and symbol else symbol
            return divisor, voice.say(text.en, text.fr, unit=named).strip()
    return 1.0, symbol
