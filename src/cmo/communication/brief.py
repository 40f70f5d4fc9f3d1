"""The brief of a campaign: one goal, one segment, one message, its proof, and the words to use or avoid."""

from dataclasses import dataclass
from datetime import date

from cmo.communication.facts import Fact
from cmo.measures import Language, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Insight:
    """What somebody of the segment really said.

    Attributes:
        verbatim: Their words, unchanged.
        source: Where they stand: `feedback F000123`.
        said_on: When.
        about: What they speak of.
    """

    verbatim: str
    source: str
    said_on: date | None = None
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """What makes customers choose, as the last review measured it.

    Attributes:
        id: Subject of the measure: an attribute or an aspect.
        says: Its name.
        weight: Share of the choice that it decides, or of the satisfied, in [0, 1].
        measure: Measure it was taken from.
    """

    id: str
    says: Text
    weight: float
    measure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How the company speaks.

    Attributes:
        company: Its name.
        stands: What it promises, from the positioning.
        unlike: Whom it is unlike.
        tone: How it sounds, in a word or two each.
        mandatory: Sentences that every piece carries.
        forbidden: Words that no piece may hold.
    """

    company: str
    stands: Text | None = None
    unlike: Text | None = None
    tone: tuple[str, ...] = ()
    mandatory: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What a campaign is to do, on one page.

    Attributes:
        goal: What shall be different afterwards, in a sentence.
        segment: Customers it is for; all where empty.
        message: The single message.
        link: Where its links lead.
        language: Language of its pieces.
        voice: How the company speaks.
        insight: What somebody of the segment really said.
        driver: The value driver its message rests on.
        facts: Facts its texts may refer to.
        budget: Money it may spend, in the company's currency.
        serves: What it serves: `decision ID`, `test ID`, `belief ID`; empty where nothing.
        belief: Belief that its test judges; empty where none.
        purpose: Purpose of the consent that it needs.
    """

    goal: str
    segment: str
    message: str
    link: str
    language: Language
    voice: Voice
    insight: Insight | None = None
    driver: Driver | None = None
    facts: tuple[Fact, ...] = ()
    budget: float = 0.0
    serves: str = ""
    belief: str = ""
    purpose: str = "newsletter"


def lacking(brief: Brief) -> tuple[Text, ...]:
    """What a brief lacks before anything is written from it."""
    found = []
    if not brief.goal.strip():
        found.append(Text("the goal is missing", "l'objectif manque"))
    if not brief.message.strip():
        found.append(Text("the single message is missing", "le message unique manque"))
    elif sum(brief.message.count(sign) for sign in ".!?") > 1:
        found.append(
            Text(
                "the message is more than one sentence: keep the one that matters",
                "le message fait plus d'une phrase : garder celle qui compte",
            )
        )
    if not brief.link.startswith(("https://", "http://")):
        found.append(
            Text(
                f"{brief.link or 'nothing'} is no address that a link could lead to",
                f"{brief.link or 'rien'} n'est pas une adresse où mener",
            )
        )
    return tuple(found)


def broken_rules(text: str, voice: Voice) -> tuple[Text, ...]:
    """The forbidden words that a text holds, and the mandatory sentences that it lacks."""
    low = text.casefold()
    found = [
        Text(f"“{word}” is a forbidden word", f"« {word} » est un mot interdit")
        for word in voice.forbidden
        if word.casefold() in low
    ]
    found += [
        Text(f"the mandatory sentence is missing: {one}", f"la mention obligatoire manque : {one}")
        for one in voice.mandatory
        if one.casefold() not in low
    ]
    return tuple(found)
