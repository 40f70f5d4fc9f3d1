"""Paper: what a page shows, and the drawings in it, each drawn once and kept beside the warehouse."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from cmo.briefs.document import Block, Illustration, Section
from cmo.briefs.facts import Facts
from cmo.briefs.html import block_html
from cmo.briefs.voice import Voice
from cmo.briefs.wording import label_by, output_words, subject_of
from cmo.measures import Estimate, Language
from cmo.web.knowledge import Known, remembered

_MOST_SUBJECTS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A figure with all that it must never be shown without.

    Attributes:
        measure: Its measure, which has a page of its own.
        label: The measure's name, and what it is told by.
        subject: What the figure speaks of; empty where it is the whole.
        value: The middle value, with its unit.
        interval: Where the true value lies nine times in ten; empty where it is narrower than rounding.
        period: The days it speaks of.
        grade: Strength of the evidence.
        meaning: What the grade means.
    """

    measure: str
    label: str
    subject: str
    value: str
    interval: str
    period: str
    grade: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A section of a page.

    Attributes:
        name: Identifier within the page.
        title: Heading.
        body: Mark-up.
    """

    name: str
    title: str
    body: SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A page: the headline sentence, the chart, what to do, the evidence.

    Attributes:
        headline: The finding, one short sentence.
        answer: The paragraph below it.
        opening: Key figures and the main chart, as mark-up.
        parts: Sections.
        sources: The figures behind it.
    """

    headline: str
    answer: str = ""
    opening: SafeString = field(default_factory=lambda: SafeString(""))
    parts: tuple[Part, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A page before its charts are drawn; a block or section that is `None` has nothing to say."""

    headline: str
    answer: str = ""
    opening: tuple[Block | None, ...] = ()
    sections: tuple[Section | None, ...] = ()
    sources: tuple[Estimate, ...] = ()


def sheet(
    known: Known, name: str, *, language: Language, write: Callable[[Facts, Voice], Draft]
) -> Sheet | None:
    """A page of what is known, written once for each version of it; none before the first review."""
    facts = known.facts
    if facts is None:
        return None
    voice = Voice(language)

    def make() -> Sheet:
        draft = write(facts, voice)
        return Sheet(
            headline=draft.headline,
            answer=draft.answer,
            opening=blocks(draft.opening, known=known, language=language),
            parts=tuple(part(one, known=known, language=language) for one in draft.sections if one),
            sources=tuple(source for one in draft.sources for source in sources(one, voice=voice)),
        )

    return remembered(known.version, f"sheet {name} {language}", make)


def part(section: Section, *, known: Known, language: Language) -> Part:
    """A section of a brief as a part of a page."""
    body = blocks(section.blocks, known=known, language=language)
    return Part(name=section.name, title=section.title, body=body)


def blocks(given: Iterable[Block | None], *, known: Known, language: Language) -> SafeString:
    """Blocks of a brief as mark-up."""
    folder = known.workspace.cmo / "drawn"
    written = (_drawn(one, folder=folder, language=language) for one in given if one is not None)
    return mark_safe("".join(written))  # noqa: S308 - the room of briefs escapes every word


def sources(estimate: Estimate, *, voice: Voice) -> tuple[Source, ...]:
    """The figures of an estimate, each with all that belongs to it."""
    return tuple(source_of(estimate, subject, voice=voice) for subject in estimate.subjects[:_MOST_SUBJECTS])


def source_of(estimate: Estimate, subject: str, *, voice: Voice) -> Source:
    """One figure of an estimate with all that belongs to it."""
    figure = estimate.figure(subject)
    return Source(
        measure=estimate.measure,
        label=label_by(estimate, voice=voice),
        subject="" if len(estimate.subjects) == 1 else subject_of(subject, voice=voice),
        value=voice.value(figure),
        interval=voice.interval(figure),
        period=voice.window(estimate.window),
        grade=figure.grade.value,
        meaning=voice.read(figure.grade.says),
    )


def _drawn(block: Block, *, folder: Path, language: Language) -> str:
    """A block as mark-up; a chart, which takes long to draw, is kept in a file named by all that it says."""
    words = output_words(Voice(language))
    if not isinstance(block, Illustration):
        return block_html(block, words=words, language=language)
    said = f"{version('chief-marketing-officer')} {language} {block!r}"
    path = folder / f"{sha256(said.encode()).hexdigest()}.html"
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        drawn = block_html(block, words=words, language=language)
    folder.mkdir(exist_ok=True)
    beside = path.with_suffix(f".{id(block)}.new")
    beside.write_text(drawn, encoding="utf-8")
    beside.replace(path)
    return drawn
