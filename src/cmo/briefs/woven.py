"""Answers woven from facts: a figure is the name of a measure in double braces, never typed."""

import re
from typing import Final

from cmo.measures import MEASURES, Figure, Language, Problem, Text
from cmo.strategy.evidence import Evidence
from cmo.strategy.part import nearest

_FACT: Final = re.compile(r"\{\{\s*([^{}|]+?)\s*\}\}")
_DIGIT: Final = re.compile(r"\d")


def facts_of(words: str) -> tuple[str, ...]:
    """The facts that a text names, `measure` or `measure:subject`, in order."""
    return tuple(_FACT.findall(words))


def figure_of(name: str, evidence: Evidence) -> Figure:
    """The figure that a name stands for.

    Raises:
        Problem: No measure is called so, it is not known, or of several subjects none is named.
    """
    measure, _, subject = name.partition(":")
    if measure not in MEASURES:
        raise Problem(f"{{{{{name}}}}}: no measure is called {measure}; {nearest(measure, tuple(MEASURES))}")
    estimates = evidence.of(measure)
    if not estimates:
        gap = evidence.gap(measure)
        why = "it is not measured yet" if gap is None else gap.reason.en
        raise Problem(f"{{{{{name}}}}}: {measure} is not known: {why}")
    for one in estimates:
        if subject in one.subjects:
            return one.figure(subject)
        if not subject and one.whole is not None:
            return one.figure(one.whole)
    subjects = sorted({each for one in estimates for each in one.subjects})
    if not subject:
        raise Problem(f"{{{{{name}}}}}: say of what, as {{{{{measure}:{subjects[0]}}}}}")
    raise Problem(f"{{{{{name}}}}}: {measure} is not known for {subject}; {nearest(subject, subjects)}")


def refuse_typed_figures(words: str, evidence: Evidence) -> None:
    """Refuse an answer whose figures are typed, or whose facts are not known.

    Raises:
        Problem: A digit stands outside a fact, or a fact is not known.
    """
    for name in facts_of(words):
        figure_of(name, evidence)
    typed = _DIGIT.search(_FACT.sub("", words))
    if typed is not None:
        raise Problem(
            f"a figure is typed ({typed[0]} in {words[:60]!r}): name the fact instead, as "
            "{{sales.revenue}} or {{media.roi:tv}}"
        )


def woven(words: Text, evidence: Evidence, language: Language) -> str:
    """A text with its facts as figures, each with its interval, day and grade.

    A fact that is not known any more is told as such: the text stays, the figure does not.
    """

    def figure(found: re.Match[str]) -> str:
        try:
            told = figure_of(found[1], evidence)
        except Problem:
            return Text("[not known now]", "[inconnu à ce jour]").in_(language)
        return f"{told.write(language)} [{told.source}, {told.as_of}, {told.grade.value}]"

    return _FACT.sub(figure, words.in_(language))
