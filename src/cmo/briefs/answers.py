"""Results as data: the JSON that every face gives, in the reader's language."""

from collections.abc import Iterable, Sequence

from cmo.measures import MEASURES, Estimate, Language, Unanswered
from cmo.strategy.evidence import Evidence
from cmo.strategy.verdict import Stand, Verdict

Data = dict[str, object]


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


def measure_data(
    name: str, estimates: Sequence[Estimate], gap: Unanswered | None, *, language: Language
) -> Data:
    """What is known of one measure: its estimates over all kinds of subjects, or why there is none."""
    measure = MEASURES[name]
    said: Data = {"measure": name, "label": measure.label.in_(language), "by": measure.by[0]}
    if not estimates:
        reason = "" if gap is None else gap.reason.in_(language)
        unlock = list(measure.tables if gap is None else gap.unlock)
        return said | {"estimates": [], "warnings": [reason] if reason else [], "unlock": unlock}
    first = estimates[0]
    return said | {
        "unit": first.unit.name,
        "by": first.by,
        "as_of": first.as_of.isoformat(),
        "window": first.window.as_list(),
        "method": first.method.in_(language),
        "grade": first.grade.value,
        "tables": list(first.tables),
        "estimates": [{"by": one.by, **row} for one in estimates for row in one.summary()],
        "warnings": list(dict.fromkeys(d.says.in_(language) for one in estimates for d in one.doubts)),
    }


def catalogue_data(evidence: Evidence | None, *, language: Language) -> list[Data]:
    """Every measure of the vocabulary with its state: measured, not measurable (and why), or not asked yet."""
    return [_entry(name, evidence, language) for name in MEASURES]


def _entry(name: str, evidence: Evidence | None, language: Language) -> Data:
    measure = MEASURES[name]
    known: Iterable[Estimate] = () if evidence is None else evidence.of(name)
    subjects = list(dict.fromkeys(subject for one in known for subject in one.subjects))
    gap = None if evidence is None else evidence.gap(name)
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
