"""`cmo customers actions`: whom to contact next, with what, under a budget; or that nobody should be."""

from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from cmo.briefs.action_answers import actions_answer
from cmo.briefs.answers import Answer
from cmo.customers.evidence_actions import arms_of
from cmo.customers.evidence_base import People, model_of
from cmo.customers.evidence_roll import contacts
from cmo.customers.purchases.fitting import Unsupported
from cmo.customers.response.actions import FEWEST_UNITS, next_best
from cmo.customers.segmentation.segments import SEGMENTS
from cmo.loop.measuring import seed_of
from cmo.loop.observing import Progress
from cmo.loop.roll import READS, kept_roll
from cmo.loop.standing import standing
from cmo.measures import DRAWS, Language, Problem, Text
from cmo.warehouse.engines import open_field


def proposed(
    folder: Path, *, cost: float, budget: float, progress: Progress, language: Language | None
) -> Answer:
    """The contact that earns most in each segment, learned from randomised tests on customers.

    Args:
        folder: The company's folder; it has been reviewed.
        cost: What a contact costs, in currency.
        budget: Money for contacts.
        progress: Told what is being done.
        language: Language of the answer.

    Raises:
        Problem: There has been no review, no test tells, or nobody's consent is known.
    """
    if not 0 <= cost < np.inf or not 0 <= budget < np.inf:
        raise Problem(f"--cost {cost} --budget {budget}: give amounts that are not below zero")
    now = standing(folder, language)
    kept = kept_roll(now.workspace, now.language)
    field = open_field(now.workspace)
    agreed = contacts(field, personal=False)
    if agreed is None:
        raise Problem(
            "nobody is known to have agreed to be written to: the table customers has no email_consent_at"
        )
    progress(Text("reading the tests", "lecture des tests"))
    people = People.of(field)
    rng = np.random.default_rng(seed_of("lifetimes", field, tuple(t for t in READS if t in field.tables)))
    try:
        arms = arms_of(field, people, model_of(field, people))
    except Unsupported as refusal:
        raise Problem(refusal.reason.in_(now.language)) from refusal
    arms = [arm for arm in arms if np.any((arm.contacted >= FEWEST_UNITS) & (arm.left >= FEWEST_UNITS))]
    if not arms:
        raise Problem(
            "no randomised test of a contact on these customers tells money (experiment_units with a control "
            "group, assigned_at, and revenue or margin), so what a contact gains is not known"
        )
    held = kept.table(("customer_id", "segment")).join(agreed, keys="customer_id", join_type="inner")
    may = held.filter(held["agreed"])["segment"].cast("string")
    customers = [int(pc.sum(pc.equal(may, one.name)).as_py() or 0) for one in SEGMENTS]
    found = next_best(arms, customers, cost=cost, budget=budget, rng=rng, draws=DRAWS)
    return actions_answer(
        found,
        customers=customers,
        cost=cost,
        budget=budget,
        currency=now.workspace.config.company.currency,
        language=now.language,
    )
