"""What is known of the market: its figures, and the topics that rise in it."""

import numpy as np

from cmo.market.early_evidence import first_mover
from cmo.market.market_evidence import market
from cmo.market.trend_evidence import trends
from cmo.measures import Estimate, Unanswered
from cmo.warehouse.field import Field


def evidence(field: Field, *, rng: np.random.Generator) -> list[Estimate | Unanswered]:
    """`market.*`: size, shares, growth and prices from `market`, trends from `signals`, early results.

    Args:
        field: The company's tables.
        rng: Source of randomness.

    Returns:
        The estimates, or why there is none.
    """
    return [*market(field, rng=rng), trends(field, rng=rng), first_mover(field, rng=rng)]
