"""Concepts: ways of telling one message that differ in earnest, with the distance between them.

A deterministic writer crosses patterns (how one tells) with what the brief holds (message, driver, proof,
verbatim, positioning). A pattern whose ingredients are missing is left out. Of what remains, those are kept
that lie farthest apart: the first is the one that leans on a proof, each next one has the greatest least
distance to those kept.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cmo.communication.brief import Brief
from cmo.measures import Language, Text

LEAST: Final = 0.5
"""Distance below which two concepts tell the same story."""
TRAITS_WEIGH: Final = 0.5
_STEM: Final = 6
_STOP: Final = frozenset(
    re.findall(
        r"\w+",
        "avec dans pour vous votre nous notre cette elle plus sans mais tout tous leur what with your "
        "this that from have they their when more than",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One way of telling the message.

    Attributes:
        id: Its pattern's name; the arm of the test is called so.
        idea: The idea in a sentence, for who judges it.
        headline: Its first words.
        says: What it tells, a sentence each, with tokens.
        call: What the reader is asked to do.
        traits: What tells it apart: whom it appeals to, who speaks, how it opens.
    """

    id: str
    idea: str
    headline: str
    says: tuple[str, ...]
    call: str
    traits: tuple[str, ...]

    @property
    def text(self) -> str:
        """All it says."""
        return " ".join((self.headline, *self.says, self.call))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pattern:
    """A way of telling.

    Attributes:
        id: Its name.
        idea: The idea.
        headline: Template of the first words.
        says: Templates of its sentences.
        call: What is asked.
        traits: Appeal, speaker, opening.
        needs: Ingredients without which it cannot be told.
    """

    id: str
    idea: Text
    headline: Text
    says: tuple[Text, ...]
    call: Text
    traits: tuple[str, str, str]
    needs: tuple[str, ...] = ()


_PATTERNS: Final = (
    _Pattern(
        id="proof",
        idea=Text("Let the figure speak first.", "Laisser parler le chiffre."),
        headline=Text("{fact}: that is what customers answer", "{fact} : ce que répondent les clientes"),
        says=(Text("{fact_says}: {fact}.", "{fact_says} : {fact}."), Text("{message}", "{message}")),
        call=Text("See what it rests on", "Voir sur quoi cela repose"),
        traits=("reason", "company", "figure"),
        needs=("fact",),
    ),
    _Pattern(
        id="voice",
        idea=Text("Let a customer say it in her own words.", "Laisser une cliente le dire avec ses mots."),
        headline=Text("“{verbatim_short}”", "« {verbatim_short} »"),
        says=(
            Text("A customer wrote to us: “{verbatim}”", "Une cliente nous écrit : « {verbatim} »"),
            Text("We could not have put it better.", "Nous n'aurions pas su mieux le dire."),
            Text("{message}", "{message}"),
        ),
        call=Text("Read on", "Lire la suite"),
        traits=("people", "customer", "quotation"),
        needs=("verbatim",),
    ),
    _Pattern(
        id="question",
        idea=Text(
            "Open with the question that decides the choice.", "Ouvrir sur la question qui fait choisir."
        ),
        headline=Text("What do you look at first: {driver}?", "Que regardez-vous d'abord : {driver} ?"),
        says=(
            Text("A fair question.", "La question est juste."),
            Text("Our answer: {message_inside}", "Notre réponse : {message_inside}"),
        ),
        call=Text("Find out for yourself", "Juger par vous-même"),
        traits=("curiosity", "reader", "question"),
        needs=("driver",),
    ),
    _Pattern(
        id="making",
        idea=Text("Show how it is made.", "Montrer comment c'est fait."),
        headline=Text("Behind the door of {company}", "Derrière la porte de {company}"),
        says=(
            Text("A house that {stands}.", "Une maison qui {stands}."),
            Text("Come and look over our shoulder.", "Venez regarder par-dessus notre épaule."),
            Text("{message}", "{message}"),
        ),
        call=Text("Step inside", "Entrer"),
        traits=("trust", "company", "scene"),
        needs=("stands",),
    ),
    _Pattern(
        id="contrast",
        idea=Text("Say what we refuse.", "Dire ce que nous refusons."),
        headline=Text("What we leave to others", "Ce que nous laissons à d'autres"),
        says=(
            Text("Others belong to {unlike}.", "Il y a {unlike}."),
            Text("We chose another way.", "Nous avons choisi un autre chemin."),
            Text("{message}", "{message}"),
        ),
        call=Text("See the difference", "Voir la différence"),
        traits=("courage", "company", "contrast"),
        needs=("unlike",),
    ),
    _Pattern(
        id="moment",
        idea=Text("Start from a moment of the reader's day.", "Partir d'un moment de la journée."),
        headline=Text("A minute for yourself this evening", "Une minute pour vous, ce soir"),
        says=(
            Text("The door closes, the day is over.", "La porte se ferme, la journée est finie."),
            Text("One thing counts now: {driver}.", "Une chose compte alors : {driver}."),
            Text("{message}", "{message}"),
        ),
        call=Text("Take that minute", "Prendre cette minute"),
        traits=("emotion", "reader", "scene"),
        needs=("driver",),
    ),
    _Pattern(
        id="plain",
        idea=Text("Say the message and nothing else.", "Dire le message, rien d'autre."),
        headline=Text("{message_bare}", "{message_bare}"),
        says=(
            Text("That is all there is to say.", "Il n'y a rien à ajouter."),
            Text("It is yours to try.", "À vous d'essayer."),
        ),
        call=Text("Go and see", "Aller voir"),
        traits=("clarity", "company", "statement"),
    ),
    _Pattern(
        id="invitation",
        idea=Text("Invite the reader by name of the house.", "Inviter, au nom de la maison."),
        headline=Text("An invitation from {company}", "Une invitation de {company}"),
        says=(
            Text("We would like to show you something.", "Nous voudrions vous montrer quelque chose."),
            Text("{message}", "{message}"),
        ),
        call=Text("Accept the invitation", "Accepter l'invitation"),
        traits=("belonging", "reader", "invitation"),
    ),
)


def drafts(brief: Brief) -> tuple[Concept, ...]:
    """All concepts that the brief has the ingredients for, in the order of the patterns."""
    slots = _slots(brief)
    return tuple(
        _concept(one, slots, brief.language) for one in _PATTERNS if all(name in slots for name in one.needs)
    )


def spread(found: Sequence[Concept], n: int, *, apart: float = LEAST) -> tuple[Concept, ...]:
    """At most `n` concepts, the next always the one farthest from those kept; too near ones are left out.

    Args:
        found: Concepts, the strongest first.
        n: How many at most, >= 1.
        apart: Least distance of any two.
    """
    kept = list(found[:1])
    rest = list(found[1:])
    while rest and len(kept) < n:
        far = max(rest, key=lambda one: min(distance(one, other) for other in kept))
        if min(distance(far, other) for other in kept) < apart:
            break
        kept.append(far)
        rest.remove(far)
    return tuple(kept)


def distance(one: Concept, other: Concept) -> float:
    """How far two concepts lie apart, in [0, 1]: half in their words, half in what tells them apart.

    Words are compared as sets of stems (Jaccard); traits one by one. It is symmetric, and zero only between
    concepts with the same stems and the same traits.
    """
    mine, theirs = stems(one.text), stems(other.text)
    either = mine | theirs
    words = 1.0 - len(mine & theirs) / len(either) if either else 0.0
    pairs = list(zip(one.traits, other.traits, strict=True))
    traits = sum(a != b for a, b in pairs) / len(pairs) if pairs else 0.0
    return TRAITS_WEIGH * traits + (1.0 - TRAITS_WEIGH) * words


def distances(found: Sequence[Concept]) -> Mapping[tuple[str, str], float]:
    """The distance of every two concepts."""
    return {
        (one.id, other.id): distance(one, other) for at, one in enumerate(found) for other in found[at + 1 :]
    }


def stems(text: str) -> frozenset[str]:
    """Beginnings of the words that carry meaning, without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    words = re.findall(r"[a-z]{4,}", plain)
    return frozenset(word[:_STEM] for word in words if word not in _STOP)


def _slots(brief: Brief) -> dict[str, str]:
    language = brief.language
    message = brief.message.strip()
    if message and message[-1] not in ".!?…":
        message += "."
    slots = {
        "message": message,
        "message_bare": message.rstrip("."),
        "message_inside": message[:1].lower() + message[1:],
        "company": brief.voice.company,
    }
    if brief.facts:
        first = brief.facts[0]
        slots |= {"fact": f"{{{{{first.id}}}}}", "fact_says": first.says.in_(language)}
    if brief.insight is not None:
        words = brief.insight.verbatim.strip()
        slots |= {"verbatim": words.rstrip("."), "verbatim_short": shortened(words, 60)}
    if brief.driver is not None:
        slots["driver"] = brief.driver.says.in_(language)
    more: tuple[tuple[str, Text | None, Callable[[str], str]], ...] = (
        ("stands", brief.voice.stands, lambda words: words.rstrip(".")),
        ("unlike", brief.voice.unlike, lambda words: words.rstrip(".")),
    )
    return slots | {name: trim(said.in_(language)) for name, said, trim in more if said is not None}


def _concept(pattern: _Pattern, slots: Mapping[str, str], language: Language) -> Concept:
    def written(template: Text) -> str:
        text = template.en if language == "en" else template.fr
        for name, value in slots.items():
            text = text.replace(f"{{{name}}}", value)
        return Text.same(text[:1].upper() + text[1:]).in_(language)

    return Concept(
        id=pattern.id,
        idea=pattern.idea.in_(language),
        headline=written(pattern.headline),
        says=tuple(written(one) for one in pattern.says),
        call=written(pattern.call),
        traits=pattern.traits,
    )


def shortened(words: str, most: int) -> str:
    """The beginning of a text up to a whole word, with an ellipsis where something was left out."""
    if len(words) <= most:
        return words.rstrip(".")
    return words[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"
