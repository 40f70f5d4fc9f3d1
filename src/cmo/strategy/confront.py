"""Confrontation: what the evidence says of each belief of the strategy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cmo.measures import MEASURES, Claim, Estimate, Text, Unanswered, Unevaluable, joined, listing, reason
from cmo.strategy.document import Belief
from cmo.strategy.evidence import Evidence
from cmo.strategy.verdict import Stance, Stand, Verdict


def confront(
    beliefs: Iterable[Belief], evidence: Evidence, *, previous: Mapping[str, Stand]
) -> tuple[Verdict, ...]:
    """Judge each belief on the joint draws of the evidence.

    Args:
        beliefs: The beliefs of the strategy, in order.
        evidence: What is known now.
        previous: Where each belief stood before, by id.

    Returns:
        One verdict per belief, in the same order.
    """
    return tuple(_verdict(belief, evidence, previous.get(belief.id)) for belief in beliefs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the evidence says of a claim.

    Attributes:
        probability: P(claim | evidence), in [0, 1]; none when it cannot be measured.
        why: The reason, with figures, or what is missing.
        estimate: The estimate that bears on it, none where nothing was measured.
    """

    probability: float | None
    why: Text
    estimate: Estimate | None


def judged(claim: Claim, evidence: Evidence) -> Judgement:
    """Hold one claim against the joint draws of the estimate that bears on it."""
    estimate = evidence.bearing_on(claim)
    if estimate is None:
        return Judgement(probability=None, why=_no_estimate(claim, evidence), estimate=None)
    try:
        probability, why = claim.probability(estimate), reason(claim, estimate)
    except Unevaluable as gap:
        return Judgement(probability=None, why=_unevaluable(gap, claim, estimate), estimate=estimate)
    doubts = tuple(doubt.says for doubt in estimate.doubts)
    return Judgement(probability=probability, why=joined((why, *doubts)), estimate=estimate)


def _verdict(belief: Belief, evidence: Evidence, previous: Stand | None) -> Verdict:
    claim = belief.claim
    if claim is None:
        judgement = Judgement(probability=None, why=_NO_CLAIM, estimate=None)
    else:
        judgement = judged(claim, evidence)
    estimate = judgement.estimate
    return Verdict(
        belief=belief.id,
        says=belief.says,
        owner=belief.owner,
        stated=belief.confidence,
        measure=None if claim is None else claim.measure,
        claim=claim,
        probability=judgement.probability,
        stance=Stance.at(judgement.probability),
        why=judgement.why,
        grade=None if estimate is None else estimate.grade,
        as_of=None if estimate is None else estimate.as_of,
        previous=previous,
    )


_NO_CLAIM = Text(
    "It cannot be confronted yet: it has no claim. "
    "Say in `claim:` what would have to be true of which measure.",
    "Elle ne peut pas encore être confrontée : elle n'a pas d'affirmation vérifiable. "
    "Écrivez dans `claim:` ce qui devrait être vrai de quelle mesure.",
)


def _no_estimate(claim: Claim, evidence: Evidence) -> Text:
    whole = evidence if claim.during is None else evidence.during.get(claim.during, Evidence())
    gap = whole.gap(claim.measure)
    if gap is not None:
        return unlocking(gap)
    label = MEASURES[claim.measure].label
    return Text(f"{label.en} has not been measured.", f"{label.fr} : rien n'a été mesuré.")


def unlocking(gap: Unanswered) -> Text:
    """Why a measure has no estimate, and which tables would give it one."""
    if not gap.unlock:
        return gap.reason
    tables = listing(gap.unlock)
    unlock = Text(f"To unlock it, give: {tables.en}.", f"Pour la débloquer, donnez : {tables.fr}.")
    return joined((gap.reason, unlock))


def _unevaluable(gap: Unevaluable, claim: Claim, estimate: Estimate) -> Text:
    label = MEASURES[claim.measure].label
    known = listing(estimate.subjects[:12])
    if gap.code == "subject_unknown":
        return Text(
            f"{label.en} is not known for {gap.subject}; it is for {known.en}.",
            f"{label.fr} : rien n'est connu pour {gap.subject} ; connus : {known.fr}.",
        )
    if gap.code == "subject_not_named":
        return Text(
            f"{label.en} is known for several subjects; say which one in `of:` ({known.en}).",
            f"{label.fr} : plusieurs sujets sont connus ; dites lequel dans `of:` ({known.fr}).",
        )
    return Text(
        f"{label.en} has too short a history to tell whether it rises or falls.",
        f"{label.fr} : l'historique est trop court pour dire si la tendance monte ou baisse.",
    )
