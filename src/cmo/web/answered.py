"""Answers of the loop as sections of pages: the same sentences and tables as on the command line."""

from cmo.briefs.answers import Answer
from cmo.briefs.document import Block, Bullets, Column, Section, Table
from cmo.briefs.voice import Voice, typeset


def section_of(answer: Answer, *, name: str, title: str, voice: Voice) -> Section | None:
    """An answer under a heading; none where it says nothing."""
    blocks: list[Block] = []
    said = (line.strip().removeprefix("! ") for line in answer.lines)
    lines = tuple(typeset(line, voice.language) for line in said if line)
    if lines:
        blocks.append(Bullets(items=lines))
    if answer.body:
        head = tuple(Column(label=label[:1].upper() + label[1:]) for label in answer.head)
        rows = tuple(tuple(typeset(cell, voice.language) for cell in row) for row in answer.body)
        blocks.append(Table(caption=title, columns=head, rows=rows))
    return Section(name=name, title=title, blocks=tuple(blocks)) if blocks else None
