"""Convincing: objections with answers from facts, the sales kit, questions answered from the fact base."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from math import log
from pathlib import Path
from typing import Any, Final

from cmo.briefs.answers import Answer
from cmo.briefs.field_answers import asked_answer, kit_answer, objections_answer
from cmo.briefs.woven import facts_of, refuse_typed_figures, woven
from cmo.customers.segmentation.segments import NAMED
from cmo.ledger.objections import (
    Objection,
    answer_objection,
    note_objection,
    objection,
    objections,
)
from cmo.ledger.reviews import last_review, remembered_evidence
from cmo.ledger.verdicts import verdicts
from cmo.loop.standing import opened, standing
from cmo.measures import MEASURES, Estimate, Language, Problem, Text
from cmo.strategy.evidence import Evidence

_MOST: Final = 4
"""Facts that a question is answered with at most."""
_LEAST: Final = 2.0
"""Weight that the words shared by question and fact must have."""
_ARGUMENTS: Final = ("value.satisfaction", "value.importance", "value.nps", "customers.repeat_rate")
_CALL: Final = ("customers.at_stake", "customers.clv")
_WORD: Final = re.compile(r"[a-z0-9]+")
_EMPTY: Final = frozenset({
    "le", "la", "les", "un", "une", "des", "de", "du", "au", "aux", "et", "ou", "est", "sont", "que",
    "qui", "quel", "quelle", "quoi", "dont", "ce", "cette", "notre", "nos", "votre", "vos", "son", "sa",
    "ses", "leur", "en", "dans", "sur", "pour", "par", "avec", "plus", "pas", "ne", "on", "nous", "vous",
    "il", "elle", "combien", "comment", "pourquoi", "the", "an", "of", "to", "in", "is",
    "are", "our", "your", "their", "its", "what", "which", "who", "how", "why", "many", "much", "do",
    "does", "did", "we", "you", "it", "for", "by", "with", "and", "or", "than", "more", "not", "at",
    "as", "be", "year",
})  # fmt: skip
"""Words that say nothing of what is asked."""
_SAME: Final = {
    "sell": "revenue",
    "sold": "revenue",
    "turnover": "revenue", "ca": "revenue", "vente": "revenue", "sale": "revenue", "chiffre": "revenue",
    "profit": "contribution", "marge": "contribution", "margin": "contribution", "benefice": "contribution",
    "fidelite": "reachat", "loyal": "repeat", "loyalty": "repeat", "television": "tv", "tele": "tv",
    "rentable": "roi", "rentabilite": "roi", "return": "roi", "rapporte": "roi", "pay": "roi",
    "notoriete": "awareness", "connu": "awareness", "known": "awareness", "equipe": "team",
    "recommandation": "nps", "recommend": "nps", "prix": "price", "concurrent": "share",
    "competitor": "share", "charge": "load", "competence": "coverage", "skill": "coverage",
}  # fmt: skip


def listed(folder: Path, *, audience: str | None, language: Language | None) -> Answer:
    """Objections with their answers, those without one first."""
    workspace = opened(folder)
    return objections_told(objections(audience), language or workspace.config.company.language)


def objections_told(found: Iterable[Objection], language: Language) -> Answer:
    """Objections with the facts of their answers as figures of today."""
    known = _evidence()
    return objections_answer([_row(one, known, language) for one in found], language=language)


def noted(
    folder: Path,
    audience: str,
    says: str,
    *,
    segment: str,
    raised_by: str,
    by: str,
    language: Language | None,
) -> Answer:
    """Note an objection.

    Raises:
        Problem: The audience is none that is known, or nothing is said.
    """
    workspace = opened(folder)
    with workspace.writing():
        one = note_objection(audience, says, segment=segment, raised_by=raised_by, by=by)
    return objections_told([one], language or workspace.config.company.language)


def answered(folder: Path, number: int, words: Text, *, by: str, language: Language | None) -> Answer:
    """Answer an objection; figures are named, `{{media.roi:tv}}`, never typed.

    Raises:
        Problem: There is no such objection, a figure is typed, or a fact is not known.
    """
    workspace = opened(folder)
    objection(number)
    known = _evidence()
    for tongue in (words.en, words.fr):
        refuse_typed_figures(tongue, known)
    if not words.en.strip():
        raise Problem("an answer is empty: say what there is to say")
    with workspace.writing():
        one = answer_objection(number, words, by=by)
    return objections_told([one], language or workspace.config.company.language)


def kit(folder: Path, *, segment: str | None, language: Language | None) -> Answer:
    """The sales kit: whom to call, what to say, what they will hold against it.

    Raises:
        Problem: There has been no review.
    """
    now = standing(folder, language)
    known = remembered_evidence()
    call = [
        {"segment": subject, **fact}
        for measure in _CALL
        for one in known.of(measure)
        if one.by == "segment"
        for subject in one.subjects
        if subject in NAMED and segment in (None, subject)
        for fact in (_fact(one, subject, now.language),)
    ]
    arguments = [
        str(_fact(one, subject, now.language)["says"])
        for measure in _ARGUMENTS
        for one in known.of(measure)[:1]
        for subject in sorted(one.subjects, key=lambda each: -one.figure(each).value)[:3]
    ]
    found = [
        one
        for one in objections()
        if one.audience in ("customers", "sales") and (segment is None or one.segment in ("", segment))
    ]
    rows = [_row(one, known, now.language) for one in found]
    return kit_answer(call, arguments, rows, language=now.language)


def asked(folder: Path, question: str, *, language: Language | None) -> Answer:
    """What the fact base says to a question of the board, or of anybody.

    The question's words are held against names, labels and subjects of all measures and against beliefs;
    rare words count most. Nothing is made up: where no fact is near, that is the answer.

    Raises:
        Problem: There has been no review.
    """
    now = standing(folder, language)
    words = set(_words(question))
    entries = list(_entries(remembered_evidence(), now.language))
    counted = Counter(word for _, own in entries for word in own)
    scored = [
        (sum(log(1 + len(entries) / counted[word]) for word in words & own), fact) for fact, own in entries
    ]
    best = sorted((one for one in scored if one[0] >= _LEAST), key=lambda one: -one[0])[:_MOST]
    near = [fact for score, fact in best if score >= 0.6 * best[0][0]]
    return asked_answer(question, near, language=now.language)


def _entries(known: Evidence, language: Language) -> Iterator[tuple[dict[str, Any], set[str]]]:
    """Every fact that could be told, with the words that it is found by."""
    for name, measure in MEASURES.items():
        own = set(_words(f"{name} {measure.label.en} {measure.label.fr}"))
        for one in known.of(name):
            for subject in one.subjects if len(one.subjects) <= 40 else ():
                named = set() if subject == one.whole else set(_words(subject))
                yield _fact(one, subject, language), own | named
        gap = known.gap(name)
        if gap is not None and not known.of(name):
            yield {"measure": name, "subject": None, "says": gap.reason.in_(language), "known": False}, own
    for verdict in verdicts():
        said = f"{verdict.says.in_(language)} – {verdict.why.in_(language)}"
        fact = {"belief": verdict.belief, "probability": verdict.probability, "says": said, "known": True}
        yield fact, set(_words(f"{verdict.says.en} {verdict.says.fr}"))


def _fact(one: Estimate, subject: str, language: Language) -> dict[str, Any]:
    figure, label = one.figure(subject), MEASURES[one.measure].label.in_(language)
    of = "" if subject == one.whole else f", {subject}"
    window = f"{one.window.start} – {one.window.end}"
    says = Text(
        f"{label}{of}: {figure.write('en')}, {window}, grade {figure.grade.value} [{figure.source}]",
        f"{label}{of} : {figure.write('fr')}, {window}, niveau {figure.grade.value} [{figure.source}]",
    )
    return {
        "measure": one.measure,
        "subject": subject,
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "unit": figure.unit.name,
        "grade": figure.grade.value,
        "as_of": figure.as_of.isoformat(),
        "says": says.in_(language),
        "known": True,
    }


def _row(one: Objection, known: Evidence, language: Language) -> Mapping[str, Any]:
    return {
        "number": one.number,
        "audience": one.audience,
        "says": one.says,
        "segment": one.segment,
        "raised_by": one.raised_by,
        "on": one.noted_on.isoformat(),
        "answer": None if one.answer is None else woven(one.answer, known, language),
        "facts": [] if one.answer is None else list(facts_of(one.answer.in_(language))),
        "answered_by": one.answered_by,
    }


def _evidence() -> Evidence:
    return Evidence() if last_review() is None else remembered_evidence()


def _words(said: str) -> Iterator[str]:
    """Words without accents, capitals and plural, well-known ones by one name."""
    plain = unicodedata.normalize("NFKD", said.lower()).encode("ascii", "ignore").decode()
    for word in _WORD.findall(plain):
        single = word[:-1] if len(word) > 3 and word.endswith("s") else word
        if len(single) > 1 and word not in _EMPTY:
            yield _SAME.get(single, single)
