"""A press release: its fields, what must be right before it goes out, and its forms: text, JSON-LD."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from cmo.communication.claims import claims_of
from cmo.measures import Language, Text

LEAST, MOST, BOILERPLATE = 300, 800, 100
"""Words of a release, and of what the company says of itself."""
END: Final = Text("###", "FIN")
_NOW: Final = Text("For immediate release", "Pour diffusion immédiate")
_UNTIL: Final = Text("Embargo until {at}", "Sous embargo jusqu'au {at}")
_CONTACT: Final = Text("Press contact", "Contact presse")
_CORRECTED: Final = Text("Corrected on {on}", "Corrigé le {on}")
Line = Annotated[str, Field(min_length=1, max_length=500)]


class Part(BaseModel):
    """Something written down, and nothing beside it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Quote(Part):
    """Words of somebody, who agreed to them."""

    person: Line
    title: Line
    words: Annotated[str, Field(min_length=1, max_length=1000)]
    approved: bool = False


class Stated(Part):
    """A fact with its source."""

    says: Line
    source: Line


class Picture(Part):
    """A picture for the press."""

    file: Line
    alt: Line
    credit: Line
    licence: Line


class Release(Part):
    """A press release as its file says it.

    Attributes:
        title: Headline.
        subhead: What stands below it.
        city: Where it is from.
        on: Its day.
        embargo: Nothing of it before this instant, with its zone; none for immediate release.
        lead: Who, what, when, where, why.
        body: Paragraphs.
        quotes: Words of people.
        facts: Facts with their sources.
        boilerplate: What the company says of itself.
        pictures: Pictures.
        contact: Who answers the press.
        language: Its language.
        related: Names of related releases.
        correction: What was corrected, once it is out.
    """

    title: Line
    subhead: str = ""
    city: Line
    on: date
    embargo: datetime | None = None
    lead: Annotated[str, Field(min_length=1, max_length=2000)]
    body: tuple[Annotated[str, Field(min_length=1, max_length=4000)], ...]
    quotes: tuple[Quote, ...] = ()
    facts: tuple[Stated, ...] = ()
    boilerplate: Annotated[str, Field(min_length=1, max_length=2000)]
    pictures: tuple[Picture, ...] = ()
    contact: Line
    language: Language = "fr"
    related: tuple[Line, ...] = ()
    correction: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """When a release came out.

    Attributes:
        at: First published.
        corrected_at: Last corrected; none where it never was.
    """

    at: datetime
    corrected_at: datetime | None = None


def words_of(release: Release) -> int:
    """Words of a release, without what the company says of itself."""
    parts = (
        release.title,
        release.subhead,
        release.lead,
        *release.body,
        *(one.words for one in release.quotes),
    )
    return sum(len(part.split()) for part in parts)


def wrongs(release: Release) -> tuple[Text, ...]:
    """What must be put right before a release goes out."""
    found = []
    n = words_of(release)
    if not LEAST <= n <= MOST:
        found.append(
            Text(
                f"{n} words, {LEAST} to {MOST} were expected", f"{n} mots, {LEAST} à {MOST} étaient attendus"
            )
        )
    about = len(release.boilerplate.split())
    if about > BOILERPLATE:
        found.append(
            Text(
                f"the boilerplate has {about} words, {BOILERPLATE} at most",
                f"la présentation de l'entreprise a {about} mots, {BOILERPLATE} au plus",
            )
        )
    found += [
        Text(f"{one.person} has not agreed to their words", f"{one.person} n'a pas validé ses propos")
        for one in release.quotes
        if not one.approved
    ]
    sourced = {one.says.casefold(): one.source for one in release.facts}
    for claim in claims_of("\n".join((release.title, release.lead, *release.body)), facts=(), proofs={}):
        if not any(said in claim.sentence.casefold() for said in sourced):
            found.append(
                Text(
                    f"“{claim.sentence}” ({claim.kind.says.en}) has no source among the facts",
                    f"« {claim.sentence} » ({claim.kind.says.fr}) n'a pas de source parmi les faits",
                )
            )
    if release.embargo is not None and release.embargo.tzinfo is None:
        found.append(
            Text("the embargo has no time zone: write +01:00", "l'embargo n'a pas de fuseau : écrire +01:00")
        )
    return tuple(found)


def head_of(release: Release) -> str:
    """Whether it may be printed now, in the words of the trade."""
    if release.embargo is None or release.embargo <= datetime.now(tz=UTC):
        return _NOW.in_(release.language)
    return _UNTIL.in_(release.language).format(at=release.embargo.isoformat(timespec="minutes"))


def paragraphs(release: Release, published: Published | None) -> tuple[str, ...]:
    """The release, a paragraph each, in the order of the trade."""
    quoted = (
        "“{words}” – {person}, {title}" if release.language == "en" else "« {words} » – {person}, {title}"
    )
    said = [f"{release.city}, {release.on.isoformat()} – {release.lead}", *release.body]
    said += [
        Text.same(quoted.format(words=one.words, person=one.person, title=one.title)).in_(release.language)
        for one in release.quotes
    ]
    if published is not None and published.corrected_at is not None and release.correction:
        on = published.corrected_at.date().isoformat()
        said.append(f"{_CORRECTED.in_(release.language).format(on=on)}: {release.correction}")
    return tuple(said)


def as_text(release: Release, published: Published | None = None) -> str:
    """The release as plain text."""
    parts = [head_of(release), release.title, release.subhead, *paragraphs(release, published)]
    parts += [release.boilerplate, f"{_CONTACT.in_(release.language)}: {release.contact}"]
    return "\n\n".join(part for part in (*parts, END.in_(release.language)) if part) + "\n"


def as_json_ld(release: Release, published: Published, *, company: str, url: str) -> dict[str, Any]:
    """The release as search engines read it (schema.org NewsArticle)."""
    said: Mapping[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": release.title,
        "description": release.lead,
        "articleBody": "\n\n".join(paragraphs(release, published)),
        "datePublished": published.at.isoformat(),
        "dateModified": (published.corrected_at or published.at).isoformat(),
        "inLanguage": release.language,
        "author": {"@type": "Organization", "name": company},
        "publisher": {"@type": "Organization", "name": company},
        "mainEntityOfPage": url,
    }
    return dict(said) | ({"correction": release.correction} if release.correction else {})
