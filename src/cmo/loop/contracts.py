"""`cmo customers contracts`: who renews, and how many of today's contracts will run in a year."""

from pathlib import Path

from cmo.briefs.answers import Answer
from cmo.briefs.contract_answers import contracts_answer
from cmo.ledger.reviews import remembered_evidence
from cmo.loop.standing import standing
from cmo.measures import Language, Problem, Text

RENEWAL, STAYING = "customers.renewal", "customers.staying"


def renewed(folder: Path, *, language: Language | None) -> Answer:
    """What the last review found of contracts.

    Raises:
        Problem: There has been no review, or it could not tell, with the reason.
    """
    now = standing(folder, language)
    evidence = remembered_evidence(RENEWAL)
    found = evidence.of(RENEWAL)
    if not found:
        gap = evidence.gap(RENEWAL)
        unasked = Text("run cmo review first", "lancez d’abord cmo review")
        reason = unasked if gap is None else gap.reason
        raise Problem(
            Text(
                f"There is nothing to say of contracts: {reason.en}",
                f"Il n'y a rien à dire des contrats : {reason.fr}",
            ).in_(now.language)
        )
    staying = tuple(remembered_evidence(STAYING).of(STAYING))
    return contracts_answer(found[0], staying, language=now.language)
