"""`cmo customers unknown`: what is not known of the customers."""

from pathlib import Path

from cmo.briefs.answers import Answer
from cmo.briefs.cohort_answers import unknown_answer
from cmo.customers.evidence_known import knowledge
from cmo.ledger.reviews import remembered_evidence
from cmo.loop.standing import standing
from cmo.measures import Language
from cmo.warehouse.engines import open_field


def not_known(folder: Path, *, language: Language | None) -> Answer:
    """Revenue that names nobody, facts that are missing, and how old the news is.

    Raises:
        Problem: There has been no review.
    """
    now = standing(folder, language)
    measure = "customers.unidentified_share"
    said = [one for one in remembered_evidence(measure).of(measure) if one.by == "total"]
    figure = said[0].figure(said[0].subjects[0]) if said else None
    return unknown_answer(knowledge(open_field(now.workspace)), unidentified=figure, language=now.language)
