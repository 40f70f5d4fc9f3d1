"""A brief as Markdown: the same sections, with every chart as its table."""

import re
from typing import Final, assert_never

from cmo.briefs.document import (
    Block,
    Brief,
    Bullets,
    Finding,
    Findings,
    Illustration,
    Paragraph,
    Table,
    Tile,
    Tiles,
    Tone,
)

_MARKS: Final = re.compile(r"([\\`*_{}\[\]<>#|~$&!])")
_LIST_LIKE: Final = re.compile(r"^(\s*\d*)([-+.)])(?=\s)")
_SIGNS: Final = {Tone.HOLDS: "●", Tone.FELL: "◆", Tone.OPEN: "■", Tone.UNKNOWN: "?"}


def text(brief: Brief) -> str:
    """The whole document."""
    parts = [_plain(brief.eyebrow), f"# {_plain(brief.headline)}", _plain(brief.answer)]
    parts += [_block(block) for block in brief.opening]
    for section in brief.sections:
        parts.append(f"## {_plain(section.title)}")
        parts += [_block(block) for block in section.blocks]
    parts += ["---", _plain(brief.colophon)]
    return "\n\n".join(parts) + "\n"


def _plain(words: str) -> str:
    """The words with whatever Markdown would take for a mark made harmless."""
    flat = " ".join(words.split("\n"))
    return _LIST_LIKE.sub(r"\1\\\2", _MARKS.sub(r"\\\1", flat))


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return _plain(block.text)
        case Bullets():
            signs = (f"{i}." if block.ordered else "-" for i in range(1, len(block.items) + 1))
            return "\n".join(f"{sign} {_plain(item)}" for sign, item in zip(signs, block.items, strict=True))
        case Findings():
            return "\n".join(_finding(item) for item in block.items)
        case Tiles():
            return "\n".join(_tile(tile) for tile in block.items)
        case Table():
            return _table(block)
        case Illustration():
            return f"{_plain(block.sentence)}\n\n{_table(block.table)}"
        case _:
            assert_never(block)


def _finding(finding: Finding) -> str:
    told = f"- {_SIGNS.get(finding.tone, '·')} **{_plain(finding.head)}** ({_plain(finding.badge)})"
    rest = [_plain(" ".join(finding.body))] + ([f"*{_plain(finding.source)}*"] if finding.source else [])
    return "\n".join([told, *(f"  {line}" for line in rest)])


def _tile(tile: Tile) -> str:
    parts = ", ".join(_plain(part) for part in (tile.interval, tile.source) if part)
    return f"- **{_plain(tile.label)}** {_plain(tile.value)} ({parts})"


def _table(table: Table) -> str:
    head = " | ".join(_plain(column.label) for column in table.columns)
    rule = " | ".join("---:" if column.numeric else "---" for column in table.columns)
    rows = (" | ".join(_plain(cell) for cell in row) for row in table.rows)
    lines = [
        f"**{_plain(table.caption)}**",
        "",
        f"| {head} |",
        f"| {rule} |",
        *(f"| {row} |" for row in rows),
    ]
    return "\n".join(lines)
