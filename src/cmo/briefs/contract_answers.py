"""Contracts: who renews, and how many of today's will run in a year, as data, lines and a table."""

from typing import Any

from cmo.briefs.answers import Answer
from cmo.briefs.voice import Voice
from cmo.measures import Estimate, Language, Text, Unit


def contracts_answer(renewal: Estimate, staying: tuple[Estimate, ...], *, language: Language) -> Answer:
    """Renewal by number, and staying in all and by acquisition channel.

    Args:
        renewal: Share of those present who renew, by number of the renewal.
        staying: Share of running contracts that will run in twelve months, by total and by channel; none
            where no contract runs.
        language: Language of the answer.
    """
    voice = Voice(language)
    rows = [_row(one, subject) for one in (renewal, *staying) for subject in one.subjects]
    lines = [renewal.method.in_(language)]
    lines += [
        _ahead(row, voice=voice, language=language)
        for row in rows
        if row["what"] == "staying" and row["of"] == "total"
    ]
    lines += [doubt.says.in_(language) for doubt in renewal.doubts]
    head = Text("what|of|share|from|to", "quoi|de|part|de|à")
    return Answer(
        data={
            "as_of": renewal.as_of.isoformat(),
            "method": renewal.method.in_(language),
            "doubts": [doubt.says.in_(language) for doubt in renewal.doubts],
            "contracts": rows,
        },
        lines=tuple(lines),
        head=tuple(head.in_(language).split("|")),
        body=tuple(_line(row, voice=voice, language=language) for row in rows),
    )


def _ahead(row: dict[str, Any], *, voice: Voice, language: Language) -> str:
    facts = {
        key: Unit("share").write(row[name], language)
        for key, name in (("share", "median"), ("low", "q05"), ("high", "q95"))
    }
    return voice.say(
        "Of the contracts that run today, {share} will still run in twelve months ({low} to {high}).",
        "Des contrats en cours, {share} courront encore dans douze mois (de {low} à {high}).",
        **facts,
    )


def _row(one: Estimate, subject: str) -> dict[str, Any]:
    figure = one.figure(subject)
    what = one.measure.removeprefix("customers.")
    return {
        "what": what,
        "by": one.by,
        "of": subject,
        "median": figure.value,
        "q05": figure.low,
        "q95": figure.high,
    }


def _line(row: dict[str, Any], *, voice: Voice, language: Language) -> tuple[str, ...]:
    named = {
        "renewal": voice.say("renew at renewal", "renouvellent à l'échéance"),
        "staying": voice.say("still there in a year", "encore là dans un an"),
    }
    share = (Unit("share").write(row[name], language) for name in ("median", "q05", "q95"))
    return named[row["what"]], str(row["of"]), *share
