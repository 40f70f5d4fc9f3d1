"""A number for a person: never without its interval, unit, date and source."""

from dataclasses import dataclass
from datetime import date

from cmo.measures.grades import Grade
from cmo.measures.text import Language
from cmo.measures.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What is known of one subject of a measure, ready to be read.

    Attributes:
        value: Median of the draws, or the exact count, in `unit`.
        low: Lower end of the interval.
        high: Upper end of the interval.
        level: Probability that the interval holds the truth, in (0, 1).
        unit: Unit of the three numbers.
        as_of: The last day that the data reach.
        grade: Strength of the evidence.
        source: The measure and subject it is read from, `media.roi:tv`.
    """

    value: float
    low: float
    high: float
    level: float
    unit: Unit
    as_of: date
    grade: Grade
    source: str

    def write(self, language: Language) -> str:
        """`1.42 (1.10 to 1.80)`; an interval narrower than the rounding is left out."""
        value, low, high = (
            self.unit.write(number, language, beside=self.value)
            for number in (self.value, self.low, self.high)
        )
        if low == value == high:
            return value
        return f"{value} ({low} {'à' if language == 'fr' else 'to'} {high})"
