"""A workspace in the making: what its files are taken for, what they gave, what is open."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cmo.measures import Text
from cmo.warehouse.dialect import Dialect
from cmo.warehouse.guess_tables import SourceGuess


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A value with what speaks for it.

    Attributes:
        value: The value.
        why: What speaks for it.
    """

    value: str
    why: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Who the company is taken for.

    Attributes:
        name: Its name.
        currency: ISO 4217 code of its money.
        language: fr or en.
        timezone: Time zone of its days.
    """

    name: str
    currency: Line
    language: Line
    timezone: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the files leave open.

    Attributes:
        key: What an answer names it by: FILE.key, or a key of the company.
        says: The question.
        choices: The answers there are; empty where there are many.
    """

    key: str
    says: Text
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What the import made of a source.

    Attributes:
        path: The file.
        guess: What it is taken for.
        said: What was answered about it.
        rows_in: Rows read.
        rows_kept: Rows kept.
        rows_refused: Rows refused.
        left_out: Rows that are none of the table, by code of the reason.
        samples: The first values of each canonical column.
        sums: What columns of money come to, to be held against the tool's own total.
        refusal: A refused row, as a sentence, or None.
        encoding: Encoding of its text, or None.
        delimiter: What parts its cells, or None.
        dialect: How its numbers and dates are written.
    """

    path: Path
    guess: SourceGuess
    said: Mapping[str, str]
    rows_in: int
    rows_kept: int
    rows_refused: int
    left_out: Mapping[str, int]
    samples: Mapping[str, tuple[str, ...]]
    sums: Mapping[str, float]
    refusal: Text | None
    encoding: str | None
    delimiter: str | None
    dialect: Dialect


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A workspace in the making.

    Attributes:
        company: Who the company is taken for.
        trials: What each source gave.
        questions: What must be answered before it can be written.
        refused: Files that cannot be taken, with the reason.
    """

    company: Company
    trials: tuple[Trial, ...]
    questions: tuple[Question, ...]
    refused: Mapping[Path, str]
