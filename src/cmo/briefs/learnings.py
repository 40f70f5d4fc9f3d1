"""The learning library as an answer: each sentence with the tests for and against it."""

from collections.abc import Sequence
from datetime import date

from cmo.briefs.answers import Answer, Data
from cmo.experiments.learning import Learning
from cmo.measures import Language, Text, Unit, chances

_SHARE = Unit("share")


def library_answer(found: Sequence[Learning], *, today: date, language: Language) -> Answer:
    """What was learnt, the surest first."""
    lines = [line for one in found for line in (*_lines(one, today, language), "")]
    if not found:
        nothing = Text(
            "Nothing of the kind was learnt yet: cmo tests learn writes down what a decided test taught.",
            "Rien de tel n’a encore été appris : cmo tests learn note ce qu’un test décidé a appris.",
        )
        lines = [nothing.in_(language)]
    return Answer(
        data={"learnings": [learning_data(one, today, language) for one in found]}, lines=tuple(lines)
    )


def learning_answer(learning: Learning, *, today: date, language: Language) -> Answer:
    """One learning."""
    return Answer(
        data=learning_data(learning, today, language), lines=tuple(_lines(learning, today, language))
    )


def learning_data(learning: Learning, today: date, language: Language) -> Data:
    """A learning as plain values."""
    return {
        "id": learning.id,
        "says": learning.says.in_(language),
        "positive": learning.positive,
        "strength": learning.strength(),
        "supporting": list(learning.supporting),
        "contradicting": list(learning.contradicting),
        "segments": sorted(learning.scope.segments),
        "channels": sorted(learning.scope.channels),
        "months": sorted(learning.scope.months),
        "expires_on": learning.expires_on.isoformat(),
        "expired": learning.expired(today),
        "tests": [
            {
                "test": of.test,
                "effect": of.effect,
                "standard_error": of.se,
                "ended_on": of.ended_on.isoformat(),
                "conclusion": of.conclusion.value,
            }
            for of in learning.outcomes
        ],
    }


def _lines(learning: Learning, today: date, language: Language) -> list[str]:
    odds = chances(learning.strength())
    head = Text(
        f"{learning.says.en} ({learning.id}): {odds.en} that it holds.",
        f"{learning.says.fr} ({learning.id}) : {odds.fr} que ce soit vrai.",
    )
    for_, against = _tests(learning, learning.supporting), _tests(learning, learning.contradicting)
    none = Text("none", "aucun").in_(language)
    tests = Text(
        f"    For: {for_[0] or none}. Against: {against[0] or none}.",
        f"    Pour : {for_[1] or none}. Contre : {against[1] or none}.",
    )
    scope = ", ".join(sorted(learning.scope.segments | learning.scope.channels))
    where = Text(scope or "everyone, every channel", scope or "tout le monde, tous les canaux")
    until = (
        Text(
            f"expired on {learning.expires_on}: test it again",
            f"périmé le {learning.expires_on} : à retester",
        )
        if learning.expired(today)
        else Text(f"until {learning.expires_on}", f"jusqu’au {learning.expires_on}")
    )
    scoped = Text(f"    Holds for {where.en}, {until.en}.", f"    Vaut pour {where.fr}, {until.fr}.")
    return [one.in_(language) for one in (head, tests, scoped)]


def _tests(learning: Learning, names: Sequence[str]) -> tuple[str, str]:
    known = {of.test: of.effect for of in learning.outcomes}
    en, fr = (", ".join(f"{name} ({_SHARE.write(known[name], to)})" for name in names) for to in ("en", "fr"))
    return en, fr
