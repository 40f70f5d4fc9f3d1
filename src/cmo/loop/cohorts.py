"""`cmo customers cohorts`: who of each month's new customers orders again, and who will."""

from pathlib import Path

import numpy as np

from cmo.briefs.answers import Answer
from cmo.briefs.cohort_answers import cohorts_answer
from cmo.customers.evidence_known import cohorts_of
from cmo.loop.measuring import seed_of
from cmo.loop.standing import standing
from cmo.measures import Language, Problem
from cmo.warehouse.engines import open_field


def retained(folder: Path, *, language: Language | None) -> Answer:
    """The retention triangle with what is expected of the months to come.

    Raises:
        Problem: There has been no review, or no order names its customer.
    """
    now = standing(folder, language)
    field = open_field(now.workspace)
    if "orders" not in field.tables or "customer_id" not in field.columns("orders"):
        raise Problem(f"{folder}: no order names its customer, so nobody can be seen to come back")
    rng = np.random.default_rng(seed_of("cohorts", field, ("orders",)))
    return cohorts_answer(cohorts_of(field, rng=rng), language=now.language)
