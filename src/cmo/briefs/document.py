"""A brief as data: sections of a few kinds of blocks, which every output (page, PDF, Markdown) can set.

All strings are finished: they are in the language of the brief, typeset, and hold no mark-up.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from cmo.measures import Language

Spec = Mapping[str, Any]
"""A Vega-Lite specification: JSON as Vega-Lite defines it."""


class Audience(StrEnum):
    """For whom a brief is written."""

    BOARD = "board"
    SALES = "sales"
    PRODUCT = "product"
    TEAM = "team"


class Tone(StrEnum):
    """How a paragraph or a finding is meant; outputs show it by a sign and a word, never by colour alone."""

    PLAIN = "plain"
    NOTE = "note"
    HOLDS = "holds"
    FELL = "fell"
    OPEN = "open"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Sentences."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """Things to do or to know, most urgent first.

    Attributes:
        items: Sentences.
        ordered: Whether their order means something to the reader.
    """

    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What became of one belief.

    Attributes:
        head: The belief in its holder's words.
        badge: The verdict in a word or two.
        tone: The verdict, for the sign beside it.
        body: Sentences: what was said, what the field says.
        source: Where this comes from: measure, grade, date.
    """

    head: str
    badge: str
    tone: Tone
    body: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Findings side by side."""

    items: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One figure at a glance.

    Attributes:
        label: What it measures.
        value: The middle value with its unit.
        interval: The interval in words; empty where it is narrower than the rounding.
        source: Period, grade.
    """

    label: str
    value: str
    interval: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """The few figures to keep in mind."""

    items: tuple[Tile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table.

    Attributes:
        label: Its heading.
        numeric: Whether its cells are figures, set flush right.
    """

    label: str
    numeric: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table whose first column names its rows.

    Attributes:
        caption: What the table shows.
        columns: Headings, at least one.
        rows: Cells, as many in each row as there are columns.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart drawn twice: for a page and for the width of a telephone.

    Attributes:
        wide: Specification for `WIDE` pixels.
        narrow: Specification for `NARROW` pixels.
    """

    wide: Spec
    narrow: Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Illustration:
    """A chart, the sentence that says what it shows, and the same as a table.

    Attributes:
        name: Stable identifier within the brief.
        sentence: What is to be seen, shown under the chart.
        description: What the chart looks like, for who cannot see it.
        chart: The chart.
        table: Its data.
    """

    name: str
    sentence: str
    description: str
    chart: Chart
    table: Table


Block = Paragraph | Bullets | Findings | Tiles | Table | Illustration


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a brief under its heading.

    Attributes:
        name: Stable identifier within the brief.
        title: Heading.
        blocks: Content in order.
    """

    name: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A finished brief in one language for one audience.

    Attributes:
        audience: For whom.
        language: In which language every string is.
        title: Name of the document, for its properties.
        eyebrow: Kind of brief, company and date in a line.
        headline: The finding, one short sentence.
        answer: The paragraph that answers the reader's question.
        opening: What stands before the first heading: key figures, the main chart.
        sections: The rest.
        colophon: What the figures rest on, in a line.
        words: The few fixed words that outputs need (`data`, `contents`, `skip`), in the language.
    """

    audience: Audience
    language: Language
    title: str
    eyebrow: str
    headline: str
    answer: str
    opening: tuple[Block, ...]
    sections: tuple[Section, ...]
    colophon: str
    words: Mapping[str, str]

    def illustrations(self) -> Iterator[Illustration]:
        """All charts in the order of the document."""
        for block in self.blocks():
            if isinstance(block, Illustration):
                yield block

    def blocks(self) -> Iterator[Block]:
        """All blocks in the order of the document."""
        yield from self.opening
        for section in self.sections:
            yield from section.blocks

    def as_data(self) -> dict[str, Any]:
        """The brief as plain values for JSON; each block tells its `kind`."""
        data = {
            "audience": self.audience.value,
            "language": self.language,
            "title": self.title,
            "eyebrow": self.eyebrow,
            "headline": self.headline,
            "answer": self.answer,
            "opening": [_as_data(block) for block in self.opening],
            "colophon": self.colophon,
            "words": dict(self.words),
        }
        data["sections"] = [
            {
                "name": section.name,
                "title": section.title,
                "blocks": [_as_data(block) for block in section.blocks],
            }
            for section in self.sections
        ]
        return data


def _as_data(block: Block) -> dict[str, Any]:
    return {"kind": type(block).__name__.lower(), **asdict(block)}
