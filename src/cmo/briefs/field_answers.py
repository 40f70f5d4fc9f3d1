"""The field diary, objections and answers from the fact base, as answers of commands and pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cmo.briefs.answers import Answer, Data
from cmo.measures import Grade, Language, Text
from cmo.team.hearing import Heard, Quota

KINDS = {
    "call": Text("call", "appel"),
    "visit": Text("visit", "visite"),
    "support": Text("support", "assistance"),
    "return": Text("return", "retour"),
    "review": Text("review", "avis"),
}
BEARS = {"for": Text("for", "pour"), "against": Text("against", "contre")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """What customers said of a belief.

    Attributes:
        speaking_for: Contacts whose words speak for it.
        against: Contacts whose words speak against it.
        heard_by: People of the company who heard them.
    """

    speaking_for: int
    against: int
    heard_by: int

    @property
    def grade(self) -> Grade:
        """E for a few voices; D from five contacts on, heard by two people or more."""
        many = self.speaking_for + self.against >= 5 and self.heard_by >= 2
        return Grade.D if many else Grade.E

    def says(self, language: Language) -> str:
        """`Customers: 3 for, 1 against (grade E; moves no probability)`."""
        return Text(
            f"Heard of customers: {self.speaking_for} for, {self.against} against (grade {self.grade.value}; "
            "it moves no probability).",
            f"Entendu des clients : {self.speaking_for} pour, {self.against} contre (niveau "
            f"{self.grade.value} ; ne change aucune probabilité).",
        ).in_(language)

    def as_mapping(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "for": self.speaking_for,
            "against": self.against,
            "heard_by": self.heard_by,
            "grade": self.grade.value,
        }


def contacts_answer(rows: Sequence[Mapping[str, Any]], *, language: Language) -> Answer:
    """Contacts with customers, the latest first."""
    none = Text(
        "Nobody has spoken with a customer yet: cmo field log.",
        "Personne n'a encore parlé à un client : cmo field log.",
    )
    head = Text("|day|who|how|segment|words", "|jour|qui|comment|segment|paroles").in_(language)

    def words(row: Mapping[str, Any]) -> str:
        said = [
            f"« {one['words']} »"
            + (f" ({BEARS[one['bears']].in_(language)} {one['belief']})" if one["belief"] else "")
            for one in row["said"]
        ]
        return " ".join(said) or row["note"] or "–"

    return Answer(
        data={"contacts": [dict(row) for row in rows]},
        lines=() if rows else (none.in_(language),),
        head=tuple(head.split("|")) if rows else (),
        body=tuple(
            (
                str(row["number"]),
                str(row["on"]),
                str(row["who"]),
                KINDS[row["kind"]].in_(language),
                str(row["segment"] or "–"),
                words(row),
            )
            for row in rows
        ),
    )


def quota_answer(found: Sequence[Quota], names: Mapping[str, str], *, language: Language) -> Answer:
    """Contacts of the month by person, executives too."""
    data: Data = {
        "quota": [
            {
                "who": one.who,
                "name": names[one.who],
                "expected": one.expected,
                "met": one.met,
                "owes": one.owes,
                "last_month": one.before,
                "streak": one.streak,
                "executive": one.executive,
            }
            for one in found
        ]
    }
    owing = [names[one.who] for one in found if one.owes]
    said = Text(
        f"{len(owing)} of {len(found)} still have customers to hear this month.",
        f"{len(owing)} sur {len(found)} ont encore des clients à entendre ce mois-ci.",
    )
    if found and not owing:
        said = Text("Everybody has heard customers this month.", "Chacun a entendu des clients ce mois-ci.")
    head = Text(
        "who|this month|expected|last month|months in a row",
        "qui|ce mois-ci|attendus|le mois dernier|mois de suite",
    ).in_(language)
    return Answer(
        data=data,
        lines=(said.in_(language),),
        head=tuple(head.split("|")),
        body=tuple(
            (names[one.who], str(one.met), str(one.expected), str(one.before), str(one.streak))
            for one in found
        ),
    )


def heard_answer(
    found: Sequence[Heard], labels: Mapping[str, Text], voices: Mapping[str, Voices], *, language: Language
) -> Answer:
    """Days since each segment was last heard, and what was said of beliefs."""
    data: Data = {
        "segments": [
            {
                "segment": one.segment,
                "last": None if one.last is None else one.last.isoformat(),
                "days": one.days,
                "contacts": one.n,
                "long_ago": one.long_ago,
            }
            for one in found
        ],
        "beliefs": {name: one.as_mapping() for name, one in voices.items()},
    }

    def label(one: Heard) -> str:
        return labels[one.segment].in_(language) if one.segment in labels else one.segment

    long_ago = [label(one) for one in found if one.long_ago]
    said = Text(f"To be heard again: {', '.join(long_ago)}.", f"À réentendre : {', '.join(long_ago)}.")
    if not long_ago:
        said = Text("Every segment was heard lately.", "Chaque segment a été entendu récemment.")
    never = Text("never", "jamais").in_(language)
    head = Text(
        "segment|days since|last|contacts in a year", "segment|jours depuis|dernier|contacts en un an"
    )
    return Answer(
        data=data,
        lines=(said.in_(language), *(f"{name}: {one.says(language)}" for name, one in voices.items())),
        head=tuple(head.in_(language).split("|")),
        body=tuple(
            (
                label(one),
                never if one.days is None else str(one.days),
                "–" if one.last is None else one.last.isoformat(),
                str(one.n),
            )
            for one in found
        ),
    )


def objections_answer(rows: Sequence[Mapping[str, Any]], *, language: Language) -> Answer:
    """Objections with their answers, facts as figures."""
    lines: list[str] = []
    without = Text("no answer yet", "sans réponse pour l'instant").in_(language)
    for one in rows:
        segment = f", {one['segment']}" if one["segment"] else ""
        lines += [
            f"{one['number']}. ({one['audience']}{segment}) « {one['says']} »",
            f"    {one['answer'] or without}",
        ]
    if not rows:
        lines.append(Text("No objection was noted.", "Aucune objection n'est notée.").in_(language))
    return Answer(data={"objections": [dict(one) for one in rows]}, lines=tuple(lines))


def kit_answer(
    call: Sequence[Mapping[str, Any]],
    arguments: Sequence[str],
    objections: Sequence[Mapping[str, Any]],
    *,
    language: Language,
) -> Answer:
    """The sales kit: whom to call, what to say, what they will hold against it."""
    titles = Text("Whom to call|What to say|What they will say", "Qui appeler|Quoi dire|Ce qu'ils diront")
    first, second, third = titles.in_(language).split("|")
    none = Text("nothing known yet", "rien de connu pour l'instant").in_(language)
    told = objections_answer(objections, language=language)
    lines = [
        first,
        *([f"    {one['says']}" for one in call] or [f"    {none}"]),
        second,
        *([f"    {one}" for one in arguments] or [f"    {none}"]),
        third,
        *(f"    {one}" for one in told.lines),
    ]
    data: Data = {"call": [dict(one) for one in call], "arguments": list(arguments), **told.data}
    return Answer(data=data, lines=tuple(lines))


def asked_answer(question: str, facts: Sequence[Mapping[str, Any]], *, language: Language) -> Answer:
    """What the fact base says to a question; that it says nothing is an answer too."""
    lines = [str(one["says"]) for one in facts]
    if not facts:
        lines = [
            Text(
                "No fact answers this. cmo measures lists what is known, and what would make more known.",
                "Aucun fait n'y répond. cmo measures dit ce qui est connu, et ce qui ferait savoir plus.",
            ).in_(language)
        ]
    return Answer(data={"question": question, "facts": [dict(one) for one in facts]}, lines=tuple(lines))
