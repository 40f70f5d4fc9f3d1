"""`cmo customers traits`: which customers buy more often and which leave sooner, by what is known of them."""

from pathlib import Path

from cmo.briefs.answers import Answer
from cmo.briefs.trait_answers import traits_answer
from cmo.customers.evidence_base import People
from cmo.customers.evidence_traits import traits_of
from cmo.customers.purchases.fitting import Unsupported
from cmo.loop.roll import kept_roll
from cmo.loop.standing import standing
from cmo.measures import Language, Problem, Text
from cmo.warehouse.engines import open_field


def set_apart(folder: Path, *, by: str, language: Language | None) -> Answer:
    """What a column of the customers sets apart in their purchases and in their leaving.

    Args:
        folder: The company's folder; it has been reviewed.
        by: The column.
        language: Language of the answer.

    Raises:
        Problem: There has been no review or there is no roll, there is no such column, or it sets nothing
            apart.
    """
    now = standing(folder, language)
    kept = kept_roll(now.workspace, now.language)
    field = open_field(now.workspace)
    columns = field.columns("customers") if "customers" in field.tables else ()
    known = [name for name in columns if name != "customer_id"]
    if by not in known:
        raise Problem(
            Text(
                f"The customers have no column {by}; they have {', '.join(known) or 'none'}",
                f"Les clients n'ont pas de colonne {by} ; ils ont {', '.join(known) or 'aucune'}",
            ).in_(now.language)
        )
    try:
        found = traits_of(field, People.of(field), by=by, model_name=str(kept.about["model"]))
    except Unsupported as refusal:
        raise Problem(refusal.reason.in_(now.language)) from refusal
    return traits_answer(found, as_of=str(kept.about["as_of"]), language=now.language)
