"""A named quantity: the product's language."""

from dataclasses import dataclass

from cmo.measures.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What a name stands for.

    Attributes:
        name: `area.quantity`.
        unit: Unit, with `¤` for the company's currency: `¤/¤`.
        by: The kinds of subjects it is estimated for, the usual one first.
        label: Its name for people.
        says: What it tells, in a sentence.
        tables: Canonical tables that it needs.
    """

    name: str
    unit: str
    by: tuple[str, ...]
    label: Text
    says: Text
    tables: tuple[str, ...]

    @property
    def area(self) -> str:
        """The part before the dot."""
        return self.name.partition(".")[0]

    def unit_in(self, currency: str) -> str:
        """The unit with the company's currency in place."""
        return self.unit.replace("¤", currency)
