"""`cmo price`: what people say of prices, and what sales say of them."""

from pathlib import Path

import numpy as np

from cmo.briefs.answers import Answer
from cmo.briefs.price_answers import Sold, Stated, sold_answer, stated_answer
from cmo.loop.measuring import seed_of
from cmo.loop.standing import standing
from cmo.measures import DRAWS, Language, Problem
from cmo.value.demand_evidence import stated_demand
from cmo.value.elasticity import best_price, elasticities, moves_with_others, tells
from cmo.value.method import REASON
from cmo.value.price_evidence import meters
from cmo.value.sales_price_evidence import NOT_AT_RANDOM, SURE, TOGETHER, weekly, why_not
from cmo.warehouse.engines import open_field


def stated_prices(folder: Path, *, cost: float | None, language: Language | None) -> Answer:
    """Van Westendorp for all and by segment, and Gabor-Granger where it was asked.

    Raises:
        Problem: There has been no review, or nobody was asked about prices.
    """
    now = standing(folder, language)
    field = open_field(now.workspace)
    tables = tuple(name for name in ("price_survey", "choices") if name in field.tables)
    if not tables:
        raise Problem(
            f"{folder}: nobody was asked about prices; give the table price_survey, or choices with one "
            "offer at a price in each task (docs/tables.md)"
        )
    rng = np.random.default_rng(seed_of("price", field, tables))
    found, doubts = meters(field, rng=rng)
    try:
        demand = stated_demand(field, rng=rng)
    except ValueError as error:
        raise Problem(f"choices: {error}") from error
    if not found and demand is None:
        raise Problem(f"{folder}: {REASON['few_respondents'].en}")
    stated = Stated(
        meters=found, demand=demand, cost=cost, doubts=doubts, currency=now.workspace.config.company.currency
    )
    return stated_answer(stated, language=now.language)


def sold_prices(folder: Path, *, language: Language | None) -> Answer:
    """How sales answer to the price of each product, and the price that earns most with its risk.

    Raises:
        Problem: There has been no review, or prices stood still so that sales tell nothing.
    """
    now = standing(folder, language)
    field = open_field(now.workspace)
    if "orders" not in field.tables:
        raise Problem(f"{folder}: there are no orders, so no sales answer to prices; give the table orders")
    weeks = weekly(field)
    telling = tuple(one for one in weeks if tells(one) is None)
    if not telling:
        raise Problem(why_not(weeks).in_(now.language))
    rng = np.random.default_rng(seed_of("elasticity", field, ("orders",)))
    found = elasticities(telling, rng=rng, draws=DRAWS)
    sold = Sold(
        found=found,
        best=[best_price(one) if np.mean(one.draws < 0) >= SURE else None for one in found],
        silent={one.product: REASON[why] for one in weeks if (why := tells(one)) is not None},
        doubts=(NOT_AT_RANDOM, *((TOGETHER,) if moves_with_others(telling) else ())),
        currency=now.workspace.config.company.currency,
    )
    return sold_answer(sold, language=now.language)
