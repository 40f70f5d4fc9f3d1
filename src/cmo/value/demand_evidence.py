"""Answers to "would you buy at this price?", where a choice table shows one offer at a time."""

import numpy as np

from cmo.measures import DRAWS
from cmo.value.attributes import PRICE
from cmo.value.gabor_granger import Demand, gabor_granger
from cmo.warehouse.field import Field

FEWEST = 10  # respondents


def stated_demand(field: Field, *, rng: np.random.Generator) -> Demand | None:
    """Demand by Gabor-Granger from the tasks of `choices` that show one alternative at a price.

    Args:
        field: The company's tables.
        rng: Source of randomness.

    Returns:
        The demand, or None where nobody was asked so.
    """
    if "choices" not in field.tables or PRICE not in field.columns("choices"):
        return None
    rows = field.table("choices")
    key = ["respondent_id", "task_id"]
    alone = rows.group_by(key).aggregate(n_shown=rows.count())
    single = rows.semi_join(alone.filter(alone.n_shown == 1), key)
    single = single.filter(single[PRICE].cast("float64") > 0).order_by(*key)
    found = field.collect(single.select("respondent_id", "chosen", price=single[PRICE].cast("float64")))
    persons = np.asarray(found["respondent_id"].to_pylist(), dtype=str)
    who = np.unique(persons, return_inverse=True)[1]
    if not who.size or int(who.max()) + 1 < FEWEST:
        return None
    would = np.asarray(found["chosen"].to_pylist(), dtype=bool)
    return gabor_granger(who, found["price"].to_numpy(), would, rng=rng, draws=DRAWS)
