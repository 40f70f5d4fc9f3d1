"""What customers value: what they say, what they choose, what they would pay."""

import numpy as np

from cmo.measures import Estimate, Unanswered
from cmo.value.choice_evidence import choices
from cmo.value.opinion_evidence import opinions
from cmo.value.price_evidence import prices
from cmo.value.sales_price_evidence import sales_prices
from cmo.value.text_evidence import aspects
from cmo.warehouse.field import Field


def evidence(field: Field, *, rng: np.random.Generator) -> list[Estimate | Unanswered]:
    """`value.*`: opinions, prices and choices.

    Args:
        field: The company's tables.
        rng: Source of randomness.

    Returns:
        The estimates, or why there is none.
    """
    return [
        *opinions(field, rng=rng),
        *aspects(field, rng=rng),
        *prices(field, rng=rng),
        *choices(field, rng=rng),
        *sales_prices(field, rng=rng),
    ]
