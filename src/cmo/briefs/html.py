"""A brief as one self-contained page: no script, nothing fetched, readable on paper and on a telephone."""

from collections.abc import Mapping
from html import escape
from importlib.resources import files
from typing import assert_never

from cmo.briefs.charts.render import svg
from cmo.briefs.charts.theme import NIGHT
from cmo.briefs.document import (
    Block,
    Brief,
    Bullets,
    Column,
    Finding,
    Findings,
    Illustration,
    Paragraph,
    Section,
    Spec,
    Table,
    Tile,
    Tiles,
    Tone,
)
from cmo.measures import Language

_SIGNS = {Tone.HOLDS: "●", Tone.FELL: "◆", Tone.OPEN: "■", Tone.UNKNOWN: "?"}
_WORDY = 30
"""Letters from which a cell is better read below its row's name than beside it, on a telephone."""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


def element(name: str, *children: str, **attributes: str | None) -> str:
    """An element: children are mark-up already, attributes are text; `class_` writes `class`."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{''.join(children)}</{name}>"


def page(brief: Brief) -> str:
    """The whole page."""
    head = element(
        "head",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        element("title", escape(brief.title)),
        element("style", _style()),
    )
    body = element(
        "body",
        element("a", escape(brief.words["skip"]), class_="skip", href="#content"),
        element(
            "header",
            element("p", escape(brief.eyebrow), class_="eyebrow"),
            element("h1", escape(brief.headline)),
            element("p", escape(brief.answer), class_="answer"),
        ),
        _contents(brief),
        element(
            "main",
            *(block_html(block, words=brief.words, language=brief.language) for block in brief.opening),
            *(_section(section, brief) for section in brief.sections),
            id="content",
            tabindex="-1",
        ),
        element("footer", element("p", escape(brief.colophon))),
    )
    return "<!doctype html>\n" + element("html", head, body, lang=brief.language) + "\n"


def _style() -> str:
    """The sheet of the page; at night each colour of the charts becomes its counterpart."""
    sheet = files("cmo.briefs").joinpath("templates", "brief.css").read_text(encoding="utf-8")
    night = "".join(
        f'figure svg [fill="{day}"]{{fill:{dark}}}figure svg [stroke="{day}"]{{stroke:{dark}}}'
        for day, dark in NIGHT.items()
    )
    return f"{sheet}@media screen and (prefers-color-scheme: dark){{{night}}}"


def _contents(brief: Brief) -> str:
    links = (
        element("li", element("a", escape(section.title), href=f"#{section.name}"))
        for section in brief.sections
    )
    return element("nav", element("ol", *links), aria_label=brief.words["contents"])


def _section(section: Section, brief: Brief) -> str:
    heading = f"{section.name}-title"
    return element(
        "section",
        element("h2", escape(section.title), id=heading),
        *(block_html(block, words=brief.words, language=brief.language) for block in section.blocks),
        id=section.name,
        aria_labelledby=heading,
    )


def block_html(block: Block, *, words: Mapping[str, str], language: Language) -> str:
    """A block as mark-up, for this page or for one with a sheet that knows the same classes.

    Args:
        block: What to write.
        words: The fixed words, of `output_words`.
        language: Language of numbers and dates on the axes of charts.
    """
    match block:
        case Paragraph():
            return element(
                "p", escape(block.text), class_=None if block.tone is Tone.PLAIN else block.tone.value
            )
        case Bullets():
            items = (element("li", escape(item)) for item in block.items)
            return element("ol" if block.ordered else "ul", *items)
        case Findings():
            return element("ul", *(_finding(item) for item in block.items), class_="findings")
        case Tiles():
            return element("dl", *(_tile(tile) for tile in block.items), class_="tiles")
        case Table():
            return _table(block)
        case Illustration():
            return _figure(block, words=words, language=language)
        case _:
            assert_never(block)


def _finding(finding: Finding) -> str:
    sign = element("span", _SIGNS.get(finding.tone, "·"), aria_hidden="true")
    return element(
        "li",
        element("p", element("strong", escape(finding.head)), class_="head"),
        element("p", sign, " ", escape(finding.badge), class_="badge"),
        element("p", escape(" ".join(finding.body))),
        element("p", escape(finding.source), class_="source") if finding.source else "",
        class_=finding.tone.value,
    )


def _tile(tile: Tile) -> str:
    return element(
        "div",
        element("dt", escape(tile.label)),
        element("dd", escape(tile.value), class_="value"),
        element("dd", escape(tile.interval)) if tile.interval else "",
        element("dd", escape(tile.source), class_="source"),
    )


def _table(table: Table) -> str:
    """A table that scrolls within itself when it is wider than the page, also by keyboard.

    A wordy one becomes a card for each row on a telephone; its roles are written out because some browsers
    forget what a table is once it is laid out otherwise.
    """
    wordy = any(len(cell) > _WORDY for row in table.rows for cell in row[1:])
    drawn = element(
        "table",
        element("caption", escape(table.caption)),
        element(
            "thead", element("tr", *(_head(column) for column in table.columns), role="row"), role="rowgroup"
        ),
        element("tbody", *(_row(row, table.columns) for row in table.rows), role="rowgroup"),
        class_="wordy" if wordy else None,
        role="table",
    )
    return element("div", drawn, class_="scroll", tabindex="0", role="region", aria_label=table.caption)


def _head(column: Column) -> str:
    aligned = "number" if column.numeric else None
    return element("th", escape(column.label), scope="col", role="columnheader", class_=aligned)


def _row(row: tuple[str, ...], columns: tuple[Column, ...]) -> str:
    cells = [
        element(
            "td",
            escape(cell),
            role="cell",
            data_label=column.label,
            class_="number" if column.numeric else None,
        )
        for cell, column in zip(row[1:], columns[1:], strict=True)
    ]
    return element("tr", element("th", escape(row[0]), scope="row", role="rowheader"), *cells, role="row")


def _figure(illustration: Illustration, *, words: Mapping[str, str], language: Language) -> str:
    return element(
        "figure",
        element("p", escape(illustration.table.caption), class_="title"),
        _drawing(illustration.chart.wide, illustration, language=language, size="wide"),
        _drawing(illustration.chart.narrow, illustration, language=language, size="narrow"),
        element("figcaption", escape(illustration.sentence)),
        element("details", element("summary", escape(words["data"])), _table(illustration.table)),
        id=f"chart-{illustration.name}",
    )


def _drawing(spec: Spec, illustration: Illustration, *, language: Language, size: str) -> str:
    """A chart as part of the page; only one of its two sizes is shown, also to who listens."""
    name = f"{illustration.name}-{size}"
    drawing = svg(spec, language=language, name=name)
    inside = drawing[drawing.index(">") + 1 :]
    view = drawing[drawing.index('viewBox="') + 9 :].split('"', 1)[0]
    _, _, width, height = view.split()
    opening = (
        f'<svg class="{size}" role="img" aria-labelledby="{escape(name)}-title" viewBox="{view}" '
        f'width="{width}" height="{height}">'
    )
    title = element("title", escape(illustration.description), id=f"{name}-title")
    return opening + title + inside
