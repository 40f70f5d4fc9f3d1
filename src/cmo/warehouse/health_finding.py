"""A finding about a table: what it is about, how much it matters, and the sentence that says it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from cmo.measures import Text


class Severity(StrEnum):
    """How much a finding matters, mildest first."""

    NOTE = "note"
    WARNING = "warning"
    SERIOUS = "serious"


class Kind(StrEnum):
    """What a finding is about."""

    EMPTY = "empty"
    MISSING = "missing"
    GAP = "gap"
    DUPLICATE = "duplicate"
    REPEATED_KEY = "repeated_key"
    OUTLIER = "outlier"
    NEGATIVE = "negative"
    ZERO = "zero"
    UNIT_CHANGE = "unit_change"
    BROKEN_KEY = "broken_key"
    FUTURE = "future"
    CURRENCY_MIX = "currency_mix"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something to know about a table.

    Attributes:
        table: Canonical name.
        column: The column concerned, or None for the table.
        kind: What it is about.
        severity: How much it matters.
        count: Rows (or periods) concerned, >= 1.
        share: Their share of all, in [0, 1]; None where it has no meaning.
        examples: A few values or days to look at.
        says: The sentence for people.
    """

    table: str
    column: str | None
    kind: Kind
    severity: Severity
    count: int
    share: float | None
    examples: tuple[str, ...]
    says: Text


def finding(  # noqa: PLR0913 - the facts of a finding
    table: str,
    column: str | None,
    kind: Kind,
    severity: Severity,
    *,
    n: int,
    share: float | None,
    says: Text,
    examples: Sequence[str] = (),
) -> Finding:
    """A finding of `n` rows, their `share`, with up to a few examples."""
    return Finding(
        table=table,
        column=column,
        kind=kind,
        severity=severity,
        count=n,
        share=share,
        examples=tuple(examples),
        says=says,
    )


def whole(number: int) -> Text:
    """A count as it is written in each language: 12,345 or 12 345."""
    english = f"{number:,}"
    return Text(english, english.replace(",", "\N{NARROW NO-BREAK SPACE}"))


def percent(share: float) -> Text:
    """A share as it is written in each language: 12.3% or 12,3 %."""
    english = f"{100 * share:.1f}"
    return Text(f"{english}%", f"{english.replace('.', ',')} %")
