"""Versions of a concept, one for each channel: written within its limits, and held against them."""

from collections.abc import Mapping
from dataclasses import dataclass

from cmo.communication.brief import Brief, broken_rules
from cmo.communication.channels import CHANNELS, LINK, Channel, Count, Way, in_gsm, size_on
from cmo.communication.concepts import Concept, shortened
from cmo.communication.facts import LINK_TOKEN, facts_in, filled, tokens_of
from cmo.measures import Language, Problem, Text

_LINK = f"{{{{{LINK_TOKEN}}}}}"
_SAMPLE = "https://example.org/r/0123456789abcdefghijkl/1/"
"""Stands for a link of our own while nobody knows the real ones."""
_GREETING = Text("Hello,", "Bonjour,")
_STOP = Text("STOP to opt out", "STOP pour refuser")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What is published on a channel; every variant is an arm of a test.

    Attributes:
        id: Channel and arm, as `email:proof`.
        channel: Where.
        arm: The concept it tells.
        title: Subject or title; empty where the channel has none.
        preheader: What a mailbox shows beside the subject.
        body: The text, with tokens.
        picture: Address or path of a picture; empty where there is none.
        alt: What the picture shows, for who cannot see it.
    """

    id: str
    channel: str
    arm: str
    title: str
    body: str
    preheader: str = ""
    picture: str = ""
    alt: str = ""

    @property
    def text(self) -> str:
        """All of its words."""
        return "\n".join(part for part in (self.title, self.preheader, self.body) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What a piece breaks.

    Attributes:
        piece: Which piece.
        says: What, and what to do.
        stops: Whether it cannot be published so.
    """

    piece: str
    says: Text
    stops: bool = True


def channel_of(name: str) -> Channel:
    """A channel by its name.

    Raises:
        Problem: There is none of that name.
    """
    if name not in CHANNELS:
        raise Problem(f"no channel is called {name}; the channels are {', '.join(CHANNELS)}")
    return CHANNELS[name]


def written(concept: Concept, brief: Brief, channel: Channel) -> Piece:
    """The concept as the channel wants it; sentences that do not fit are left out whole, the last first."""
    if channel.way is Way.MAIL:
        return _mail(concept, brief, channel)
    must = [*brief.voice.mandatory]
    if channel.count is Count.SMS:
        must.append(_STOP.in_(brief.language))
    title = shortened(concept.headline, channel.title) if channel.title else ""
    parts = list(concept.says) if channel.title else [concept.headline, *concept.says]
    body = _joined(parts, concept.call, must, channel)
    while len(parts) > 1 and not size_on(channel, _shown(body, brief)).fits:
        parts = _without_least(parts, brief)
        body = _joined(parts, concept.call, must, channel)
    return Piece(
        id=f"{channel.name}:{concept.id}", channel=channel.name, arm=concept.id, title=title, body=body
    )


def remarks(piece: Piece, brief: Brief) -> tuple[Remark, ...]:
    """What a piece breaks: its channel's limits, forbidden and mandatory words, a missing description."""
    channel = channel_of(piece.channel)
    found = list(broken_rules(piece.text, brief.voice))
    body = _shown(piece.body, brief)
    size = size_on(channel, body)
    if not size.fits:
        over = size.used - size.most
        found.append(
            Text(
                f"{over} {size.unit.en} too many for {channel.label.en} ({size.used} of {size.most}): "
                "shorten it",
                f"{over} {size.unit.fr} de trop pour {channel.label.fr} ({size.used} sur {size.most}) : "
                "raccourcir",
            )
        )
    if size.used < channel.least:
        found.append(
            Text(
                f"{size.used} {size.unit.en}, at least {channel.least} were expected",
                f"{size.used} {size.unit.fr}, au moins {channel.least} étaient attendus",
            )
        )
    if channel.title and not piece.title.strip():
        found.append(Text("the title is missing", "le titre manque"))
    shown_title = _shown(piece.title, brief)
    if channel.title and len(shown_title) > channel.title:
        found.append(
            Text(
                f"the title has {len(shown_title)} characters, {channel.title} are shown: shorten it",
                f"le titre a {len(shown_title)} signes, {channel.title} sont montrés : raccourcir",
            )
        )
    if piece.picture and not piece.alt.strip():
        found.append(
            Text(
                "the picture has no description: say what it shows",
                "l'image n'a pas de description : dire ce qu'elle montre",
            )
        )
    stops = [Remark(piece=piece.id, says=says) for says in found]
    if LINK_TOKEN not in tokens_of(piece.body) and not LINK.search(piece.body):
        says = Text(
            "no link: nothing will be known of what it brought", "pas de lien : on ne saura rien du résultat"
        )
        stops.append(Remark(piece=piece.id, says=says, stops=False))
    return tuple(stops)


def values(brief: Brief, *, link: str, first_name: str = "") -> Mapping[str, str]:
    """What the tokens of a piece are replaced by for one reader."""
    return {**facts_in(brief.language, brief.facts), LINK_TOKEN: link, "first_name": first_name}


def _mail(concept: Concept, brief: Brief, channel: Channel) -> Piece:
    language: Language = brief.language
    paragraphs = [
        _GREETING.in_(language),
        *concept.says,
        Text(f"{concept.call}: {_LINK}", f"{concept.call} : {_LINK}").in_(language),
        brief.voice.company,
        *brief.voice.mandatory,
    ]
    return Piece(
        id=f"{channel.name}:{concept.id}",
        channel=channel.name,
        arm=concept.id,
        title=_title(concept.headline, brief, channel.title),
        preheader=concept.says[0] if concept.says[0] != concept.headline else concept.idea,
        body="\n\n".join(paragraphs),
    )


def _title(headline: str, brief: Brief, most: int) -> str:
    """The headline, shortened where it does not fit as it will be shown; one with a token stays whole."""
    if len(_shown(headline, brief)) <= most or tokens_of(headline):
        return headline
    return shortened(headline, most)


def _joined(parts: list[str], call: str, must: list[str], channel: Channel) -> str:
    gap = " " if channel.count is Count.SMS else "\n\n"
    body = gap.join([*parts, f"{call} {_LINK}", *must])
    return in_gsm(body) if channel.count is Count.SMS else body


def _without_least(parts: list[str], brief: Brief) -> list[str]:
    """The parts without the last that is not the message itself."""
    message = brief.message.strip().rstrip(".").casefold()
    spare = [at for at, part in enumerate(parts) if message not in part.casefold()]
    at = spare[-1] if spare else len(parts) - 1
    return parts[:at] + parts[at + 1 :]


def _shown(text: str, brief: Brief) -> str:
    """The text at its usual length: facts in, a link of ours for the link."""
    return filled(text, values(brief, link=_SAMPLE, first_name="Camille"))
