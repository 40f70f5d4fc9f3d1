"""The retention triangle, what is not known of customers and who is one person: data, lines and tables."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cmo.briefs.answers import Answer
from cmo.briefs.voice import Voice
from cmo.customers.counts.identity import Identities, Link
from cmo.customers.evidence_known import Cohorts, Knowledge
from cmo.measures import Figure, Language, Text, Unit

SHOWN = (0, 1, 2, 5, 8, 11)  # ages, less one, that fit a terminal


def cohorts_answer(found: Cohorts, *, language: Language) -> Answer:
    """The triangle: shares seen, and in brackets those expected.

    Args:
        found: Cohorts with their triangle.
        language: Language of the answer.
    """
    voice, share, of = Voice(language), Unit("share"), found.triangle
    rows = [
        {
            "month": month.start.isoformat()[:7],
            "customers": int(size),
            "factor": float(of.factor[at]),
            "retention": [
                {
                    "age": age + 1,
                    "seen": bool(of.seen[at, age]),
                    "share": float(of.share[at, age]),
                    "q05": float(of.low[at, age]),
                    "q95": float(of.high[at, age]),
                }
                for age in range(of.share.shape[1])
                if np.isfinite(of.share[at, age])
            ],
        }
        for at, (month, size) in enumerate(zip(found.months, found.size, strict=True))
    ]

    def cell(at: int, age: int) -> str:
        if not np.isfinite(of.share[at, age]):
            return ""
        written = share.write(float(of.share[at, age]), language)
        return written if of.seen[at, age] else f"({written})"

    said = voice.say(
        "Share of each month's new customers who order again in each later month; in brackets, what is "
        "expected of the months to come.",
        "Part des nouveaux clients de chaque mois qui recommandent, mois après mois ; entre parenthèses, ce "
        "qui est attendu des mois à venir.",
    )
    heads = [voice.say("month", "mois"), voice.say("new", "nouveaux")]
    return Answer(
        data={"cohorts": rows},
        lines=(said,),
        head=(*heads, *(f"+{age + 1}" for age in SHOWN)),
        body=tuple(
            (str(row["month"]), voice.count(int(found.size[at])), *(cell(at, age) for age in SHOWN))
            for at, row in enumerate(rows)
        ),
    )


def unknown_answer(known: Knowledge, *, unidentified: Figure | None, language: Language) -> Answer:
    """What is not known of the customers.

    Args:
        known: What the field knows.
        unidentified: Share of revenue that names no customer, or None where it could not be said.
        language: Language of the answer.
    """
    voice, share = Voice(language), Unit("share")
    lines = []
    if unidentified is not None:
        lines.append(
            voice.say(
                "{share} of revenue names no customer.",
                "{share} du chiffre d'affaires ne nomme aucun client.",
                share=voice.value(unidentified),
            )
        )
    if known.strangers:
        lines.append(
            voice.say(
                "{n} customers ordered and have no record.",
                "{n} clients ont commandé et n'ont pas de fiche.",
                n=voice.count(known.strangers),
            )
        )
    ages = [
        {"table": name, "last": day.isoformat(), "age_days": (known.as_of - day).days}
        for name, day in known.last.items()
    ]
    facts = [{"fact": one.name, "known": one.known} for one in known.facts]
    head = Text("fact|known, or last heard|days ago", "fait|connu, ou dernière nouvelle|jours")
    body = [(str(one.name), share.write(one.known, language), "") for one in known.facts]
    body += [(str(one["table"]), str(one["last"]), str(one["age_days"])) for one in ages]
    return Answer(
        data={
            "unidentified_share": None if unidentified is None else unidentified.value,
            "records": known.records,
            "without_record": known.strangers,
            "facts": facts,
            "tables": ages,
        },
        lines=tuple(lines),
        head=tuple(head.in_(language).split("|")),
        body=tuple(body),
    )


def identities_answer(
    found: Identities, *, worth: Mapping[str, float], language: Language, currency: str
) -> Answer:
    """Records that are one person, why, and what they are worth together.

    Args:
        found: What the keys say.
        worth: Value of each record, in currency; empty where there is no roll.
        language: Language of the answer.
        currency: The company's.
    """
    voice, unit = Voice(language), Unit(currency)
    n_records = sum(len(one.records) for one in found.persons)
    lines = [
        voice.say(
            "{persons} persons stand behind {records} records.",
            "{persons} personnes se cachent derrière {records} fiches.",
            persons=voice.count(len(found.persons)),
            records=voice.count(n_records),
        )
    ]
    if found.crowded:
        lines.append(
            voice.say(
                "{n} keys are shared by so many records that they name nobody.",
                "{n} clés sont partagées par tant de fiches qu'elles ne désignent personne.",
                n=voice.count(len(found.crowded)),
            )
        )
    persons: Sequence[dict[str, Any]] = [
        {
            "person": one.person,
            "records": list(one.records),
            "value": sum(worth.get(record, 0.0) for record in one.records) if worth else None,
            "why": [_link(link) for link in one.links],
        }
        for one in found.persons
    ]
    head = Text("person|records|value|why", "personne|fiches|valeur|pourquoi")
    return Answer(
        data={
            "persons": list(persons),
            "parted": [_link(link) for link in found.cut],
            "crowded": dict(found.crowded),
        },
        lines=tuple(lines),
        head=tuple(head.in_(language).split("|")),
        body=tuple(
            (
                str(one["person"]),
                ", ".join(one["records"]),
                "" if one["value"] is None else unit.write(one["value"], language),
                "; ".join(sorted({f"{why['key']} {why['shown']}" for why in one["why"]})),
            )
            for one in persons
        ),
    )


def _link(link: Link) -> dict[str, str]:
    return {"one": link.one, "other": link.other, "key": link.key, "shown": link.shown}
