"""Verdicts remembered: those of the last review, and the history of each belief."""

from collections.abc import Iterable

from cmo.ledger import models
from cmo.measures import Claim, Grade, Text
from cmo.strategy.document import Belief
from cmo.strategy.verdict import Stance, Stand, Verdict


def verdicts() -> tuple[Verdict, ...]:
    """The verdicts of the last review, in the order of its beliefs; empty before the first review."""
    return tuple(verdict_of(row) for row in _of_the_last_review())


def previous_stands(beliefs: Iterable[Belief]) -> dict[str, Stand]:
    """Where each belief stood at the last review, by id.

    A belief whose claim was changed since is left out: its old verdict judged another statement.
    """
    claims = {belief.id: belief.claim for belief in beliefs}
    judged = (verdict for verdict in verdicts() if verdict.belief in claims)
    return {verdict.belief: verdict.stand for verdict in judged if verdict.claim == claims[verdict.belief]}


def history(belief: str) -> tuple[tuple[int, Verdict], ...]:
    """All verdicts on a belief, oldest first, each with the number of its review."""
    rows = models.Verdict.rows.filter(belief=belief).select_related("review").order_by("review__number")
    return tuple((row.review.number, verdict_of(row)) for row in rows)


def row_of(
    verdict: Verdict, review: models.Review, *, position: int, evidence: models.Evidence | None
) -> models.Verdict:
    """The row of a verdict, not yet kept."""
    before = verdict.previous
    return models.Verdict(
        review=review,
        position=position,
        belief=verdict.belief,
        says_en=verdict.says.en,
        says_fr=verdict.says.fr,
        owner=verdict.owner,
        stated=verdict.stated,
        claim=None if verdict.claim is None else verdict.claim.as_mapping(),
        probability_before=None if before is None else before.probability,
        stance_before=None if before is None else before.stance.value,
        probability_after=verdict.probability,
        stance_after=verdict.stance.value,
        why_en=verdict.why.en,
        why_fr=verdict.why.fr,
        grade=None if verdict.grade is None else verdict.grade.value,
        as_of=verdict.as_of,
        evidence=evidence,
    )


def verdict_of(row: models.Verdict) -> Verdict:
    """The verdict that a row keeps."""
    claim = None if row.claim is None else Claim.parse(row.claim)
    before = None
    if row.stance_before is not None:
        before = Stand(probability=row.probability_before, stance=Stance(row.stance_before))
    return Verdict(
        belief=row.belief,
        says=Text(row.says_en, row.says_fr),
        owner=row.owner,
        stated=row.stated,
        measure=None if claim is None else claim.measure,
        claim=claim,
        probability=row.probability_after,
        stance=Stance(row.stance_after),
        why=Text(row.why_en, row.why_fr),
        grade=None if row.grade is None else Grade(row.grade),
        as_of=row.as_of,
        previous=before,
    )


def _of_the_last_review() -> Iterable[models.Verdict]:
    last = models.Review.rows.order_by("-number").values("pk")[:1]
    return models.Verdict.rows.filter(review__in=last).order_by("position")
