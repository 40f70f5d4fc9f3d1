"""Questions to the last review: which measures, how much, which beliefs."""

from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from cmo.briefs.answers import Answer, beliefs_answer, catalogue_answer, measure_answer
from cmo.ledger.reviews import last_review, remembered_evidence
from cmo.ledger.verdicts import verdicts
from cmo.loop.field_diary import voices
from cmo.loop.standing import opened, standing
from cmo.measures import MEASURES, Estimate, Language, Problem
from cmo.strategy.evidence import Evidence


def known_measures(folder: Path, language: Language | None) -> Answer:
    """All measures of the vocabulary, and which of them the last review could answer."""
    if not (folder / "cmo.yaml").exists():
        return catalogue_answer(Evidence(), language or "en")
    workspace = opened(folder)
    known = Evidence() if last_review() is None else remembered_evidence()
    return catalogue_answer(known, language or workspace.config.company.language)


def one_measure(folder: Path, name: str, *, of: str | None, language: Language | None) -> Answer:
    """The estimates of one measure.

    Raises:
        Problem: No measure or no subject has that name, or there has been no review.
    """
    if name not in MEASURES:
        near = get_close_matches(name, MEASURES, n=1)
        hint = f"did you mean {near[0]}?" if near else "cmo measures lists them"
        raise Problem(f"no measure is called {name}: {hint}")
    now = standing(folder, language)
    known = remembered_evidence(name)
    estimates = known.of(name)
    if of is not None and estimates:
        estimates = tuple(_only(estimate, of) for estimate in estimates if of in estimate.subjects)
        if not estimates:
            subjects = sorted({subject for estimate in known.of(name) for subject in estimate.subjects})
            near = get_close_matches(of, subjects, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(subjects[:20])}"
            raise Problem(f"{name} is not known for {of}: {hint}")
    return measure_answer(name, estimates, known.gap(name), language=now.language)


def judged_beliefs(folder: Path, language: Language | None) -> Answer:
    """Each belief's verdict and why; beside it, what customers said of it."""
    now = standing(folder, language)
    told, heard = beliefs_answer(verdicts(), now.language), voices()
    if not heard:
        return told
    rows = told.data["beliefs"]
    kept = [
        {**row, "heard": heard[row["id"]].as_mapping()} if row["id"] in heard else row
        for row in (rows if isinstance(rows, list) else [])
    ]
    said = tuple(f"{name}: {one.says(now.language)}" for name, one in heard.items())
    return replace(told, data={**told.data, "beliefs": kept}, lines=(*told.lines, *said))


def _only(estimate: Estimate, subject: str) -> Estimate:
    column = estimate.column(subject)
    return replace(
        estimate,
        subjects=(subject,),
        location=estimate.location[[column]],
        deviations=estimate.deviations[:, [column]],
        history=None,
    )
