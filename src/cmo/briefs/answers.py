"""Answers: the data that every face gives, and the lines and table that a terminal shows of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cmo.measures import MEASURES, Estimate, Language, Text, Unanswered
from cmo.strategy.evidence import Evidence
from cmo.strategy.verdict import Stance, Stand, Verdict

Data = dict[str, object]

STANCES = {
    Stance.SUPPORTED: Text("borne out", "confirmée"),
    Stance.REFUTED: Text("contradicted", "démentie"),
    Stance.OPEN: Text("open", "ouverte"),
    Stance.UNMEASURABLE: Text("unmeasurable", "non mesurable"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a use case gives back to a face.

    Attributes:
        data: The answer as JSON shows it.
        lines: The answer as sentences for a terminal.
        head: Column heads of its table, empty where there is none.
        body: Rows of the table.
    """

    data: Data
    lines: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    body: tuple[tuple[str, ...], ...] = field(default=())


def beliefs_answer(verdicts: Sequence[Verdict], language: Language) -> Answer:
    """Each belief with its verdict and why: those that fell first."""
    order = (Stance.REFUTED, Stance.OPEN, Stance.SUPPORTED, Stance.UNMEASURABLE)
    lines: list[str] = []
    for verdict in sorted(verdicts, key=lambda one: order.index(one.stance)):
        lines += [verdict_line(verdict, language), f"    {verdict.why.in_(language)}", ""]
    if not verdicts:
        none = Text(
            "There is no belief in strategy.yaml yet.",
            "Il n'y a encore aucune conviction dans strategy.yaml.",
        )
        lines = [none.in_(language)]
    return Answer(data={"beliefs": [verdict_data(one, language) for one in verdicts]}, lines=tuple(lines))


def verdict_line(verdict: Verdict, language: Language) -> str:
    """`contradicted    4%  TV is our best channel  (before: open)`."""
    percent = "%" if language == "en" else "\N{NARROW NO-BREAK SPACE}%"
    chance = "   –" if verdict.probability is None else f"{100 * verdict.probability:3.0f}{percent}"
    before = ""
    if verdict.previous is not None and verdict.changed:
        was = STANCES[verdict.previous.stance].in_(language)
        before = f"  ({'before:' if language == 'en' else 'avant :'} {was})"
    return f"{STANCES[verdict.stance].in_(language):<14}{chance}  {verdict.says.in_(language)}{before}"


def verdict_data(verdict: Verdict, language: Language) -> Data:
    """A belief with its verdict and why."""
    return {
        "id": verdict.belief,
        "says": verdict.says.in_(language),
        "owner": verdict.owner,
        "confidence": verdict.stated,
        "probability": verdict.probability,
        "verdict": verdict.stance.value,
        "why": verdict.why.in_(language),
        "measure": verdict.measure,
        "claim": None if verdict.claim is None else verdict.claim.as_mapping(),
        "grade": None if verdict.grade is None else verdict.grade.value,
        "as_of": None if verdict.as_of is None else verdict.as_of.isoformat(),
        "previous": None if verdict.previous is None else stand_data(verdict.previous),
    }


def stand_data(stand: Stand) -> Data:
    """Where a belief stood before."""
    return {"probability": stand.probability, "verdict": stand.stance.value}


def measure_answer(
    name: str, estimates: Sequence[Estimate], gap: Unanswered | None, *, language: Language
) -> Answer:
    """What is known of one measure: its estimates over all kinds of subjects, or why there is none."""
    measure = MEASURES[name]
    label, says = measure.label.in_(language), measure.says.in_(language)
    data: Data = {"measure": name, "label": label, "by": measure.by[0]}
    if not estimates:
        reason = "" if gap is None else gap.reason.in_(language)
        unlock = list(measure.tables if gap is None else gap.unlock)
        data |= {"estimates": [], "warnings": [reason] if reason else [], "unlock": unlock}
        return Answer(data=data, lines=(f"{label} ({name})", says, reason))
    first = estimates[0]
    warnings = list(dict.fromkeys(d.says.in_(language) for one in estimates for d in one.doubts))
    data |= {
        "unit": first.unit.name,
        "by": first.by,
        "as_of": first.as_of.isoformat(),
        "window": first.window.as_list(),
        "method": first.method.in_(language),
        "grade": first.grade.value,
        "tables": list(first.tables),
        "estimates": [{"by": one.by, **row} for one in estimates for row in one.summary()],
        "warnings": warnings,
    }
    grade = f"{first.grade.value} – {first.grade.says.in_(language)}"
    since = f"{first.window.start} – {first.window.end}"
    lines = (
        f"{label} ({name}), {first.unit.name}, {since}, {grade}",
        says,
        first.method.in_(language),
        *warnings,
    )
    head = Text("subject|median|5%|95%", "sujet|médiane|5 %|95 %").in_(language).split("|")
    return Answer(
        data=data,
        lines=lines,
        head=("", *head),
        body=tuple(_row(one, subject, language) for one in estimates for subject in one.subjects),
    )


def _row(estimate: Estimate, subject: str, language: Language) -> tuple[str, ...]:
    figure = estimate.figure(subject)
    numbers = (figure.value, figure.low, figure.high)
    return (estimate.by, subject, *(figure.unit.write(n, language, beside=figure.value) for n in numbers))


def catalogue_answer(evidence: Evidence, language: Language) -> Answer:
    """Every measure of the vocabulary with its state: measured, or not and why."""
    entries = [_entry(name, evidence, language) for name in MEASURES]
    yes, no = Text("measured", "mesuré").in_(language), Text("not yet", "pas encore").in_(language)
    body = tuple(
        (str(e["measure"]), str(e["label"]), yes if e["measured"] else no, str(e["why_not"] or ""))
        for e in entries
    )
    return Answer(data={"measures": entries}, head=("measure", "", "", ""), body=body)


def _entry(name: str, evidence: Evidence, language: Language) -> Data:
    measure = MEASURES[name]
    subjects = list(dict.fromkeys(subject for one in evidence.of(name) for subject in one.subjects))
    gap = evidence.gap(name)
    return {
        "measure": name,
        "label": measure.label.in_(language),
        "says": measure.says.in_(language),
        "unit": measure.unit,
        "by": list(measure.by),
        "tables": list(measure.tables),
        "measured": bool(subjects),
        "subjects": subjects,
        "why_not": None if gap is None or subjects else gap.reason.in_(language),
    }
