"""What sales say of prices: how demand answers, and the price that earns most of each product."""

from collections import Counter

import numpy as np

from cmo.measures import DRAWS, Doubt, Estimate, Grade, Text, Unanswered
from cmo.value.elasticity import (
    BestPrice,
    Elasticity,
    Weekly,
    best_price,
    elasticities,
    moves_with_others,
    tells,
)
from cmo.value.method import REASON
from cmo.warehouse.field import Field

Answers = list[Estimate | Unanswered]

MOST_PRODUCTS = 40  # those most sold
SURE = 0.95  # chance that demand falls with the price, below which no price is proposed

METHOD = {
    "price_elasticity": Text(
        "Weekly sales of each product explained by its price, last week's price, the time of the year and a "
        "trend; products with few moves of price are drawn towards the others.",
        "Ventes hebdomadaires de chaque produit expliquées par son prix, celui de la semaine précédente, la "
        "saison et une tendance ; les produits dont le prix a peu bougé sont rapprochés des autres.",
    ),
    "optimal_price": Text(
        "The price that earns most by the elasticity of sales and the cost of a unit, among the prices that "
        "the product has had.",
        "Le prix qui rapporte le plus d'après l'élasticité des ventes et le coût unitaire, parmi les prix "
        "que le produit a connus.",
    ),
}
NOT_AT_RANDOM = Doubt(
    code="prices_not_at_random",
    says=Text(
        "Prices were not moved at random: a promotion that comes with advertising or in a good week looks "
        "stronger than it is. A price test would tell.",
        "Les prix n'ont pas bougé au hasard : une promotion accompagnée de publicité ou menée une bonne "
        "semaine paraît plus forte qu'elle n'est. Un test de prix trancherait.",
    ),
)
TOGETHER = Doubt(
    code="prices_moved_together",
    says=Text(
        "The products changed their prices in the same weeks: the figure says what happens when all prices "
        "move; one product that moves alone would lose more, to the others.",
        "Les produits ont changé de prix les mêmes semaines : le chiffre dit ce qui arrive quand tous les "
        "prix bougent ; un produit qui bouge seul perdrait davantage, au profit des autres.",
    ),
)


def sales_prices(field: Field, *, rng: np.random.Generator) -> Answers:
    """`value.price_elasticity` and `value.optimal_price` by product, joint.

    Args:
        field: The company's tables.
        rng: Source of randomness.

    Returns:
        The estimates, or why there is none.
    """
    weeks = weekly(field)
    telling = tuple(one for one in weeks if tells(one) is None)
    if not telling:
        return [
            Unanswered(measure="value.price_elasticity", reason=why_not(weeks), unlock=("orders.quantity",))
        ]
    found = elasticities(telling, rng=rng, draws=DRAWS)
    doubts = (NOT_AT_RANDOM, *((TOGETHER,) if moves_with_others(telling) else ()))
    drawn = np.column_stack([one.draws for one in found])
    answers: Answers = [_estimate(field, "price_elasticity", found, drawn, doubts=doubts)]
    best = [(one, known) for one in found if (known := proposed(one)) is not None]
    if best:
        kept = tuple(one for one, _ in best)
        prices = np.column_stack([known.of_draw for _, known in best])
        answers.append(_estimate(field, "optimal_price", kept, prices, doubts=doubts))
    return answers


def proposed(found: Elasticity) -> BestPrice | None:
    """The price that earns most; None where the cost, or that demand falls with the price, is not known.

    None too where it is the lowest or the highest price that the product has had: then sales do not know it.
    """
    if found.cost is None or np.mean(found.draws < 0) < SURE:
        return None
    best = best_price(found)
    return None if best is None or best.at_edge else best


def why_not(weeks: tuple[Weekly, ...]) -> Text:
    """Why no product's weeks tell how demand answers to its price."""
    if not weeks:
        return REASON["no_quantities"]
    return REASON[Counter(str(tells(one)) for one in weeks).most_common(1)[0][0]]


def weekly(field: Field) -> tuple[Weekly, ...]:
    """Whole weeks of the products most sold; none where orders say no quantity or no product."""
    if "orders" not in field.tables:
        return ()
    columns = field.columns("orders")
    name = next((column for column in ("product", "product_id") if column in columns), None)
    if name is None or "quantity" not in columns:
        return ()
    orders = field.table("orders")
    sold = orders.filter(orders.quantity > 0, orders.revenue > 0, orders[name].notnull())
    costs = {"margin": sold.margin.cast("float64").sum()} if "margin" in columns else {}
    rows = field.collect(
        sold.group_by(week=sold.ordered_at.truncate("W"), product=sold[name])
        .aggregate(
            quantity=sold.quantity.cast("float64").sum(), revenue=sold.revenue.cast("float64").sum(), **costs
        )
        .order_by("week", "product")
    ).to_pydict()
    if not rows["week"]:
        return ()
    days = np.array([str(day)[:10] for day in rows["week"]], dtype="datetime64[D]")
    week = (days - days.min()).astype(np.int64) // 7
    product = np.array([str(one) for one in rows["product"]])
    quantity, revenue = (np.array(rows[column], dtype=np.float64) for column in ("quantity", "revenue"))
    margin = np.array(rows["margin"], dtype=np.float64) if "margin" in rows else None
    inside = (week > 0) & (week < week.max())  # the first and the last week may be cut
    most = [one for one, _ in Counter(dict(_totals(product, quantity))).most_common(MOST_PRODUCTS)]
    made = []
    for one in most:
        mine = inside & (product == one)
        if mine.any():
            cost = None if margin is None else float((revenue - margin)[mine].sum() / quantity[mine].sum())
            made.append(
                Weekly(
                    product=one,
                    quantity=quantity[mine],
                    price=revenue[mine] / quantity[mine],
                    week=week[mine],
                    cost=cost,
                )
            )
    return tuple(made)


def _totals(product: np.ndarray, quantity: np.ndarray) -> list[tuple[str, int]]:
    names, places = np.unique(product, return_inverse=True)
    return [(str(n), round(q)) for n, q in zip(names, np.bincount(places, weights=quantity), strict=True)]


def _estimate(
    field: Field, name: str, found: tuple[Elasticity, ...], draws: np.ndarray, *, doubts: tuple[Doubt, ...]
) -> Estimate:
    return Estimate.of_draws(
        f"value.{name}",
        draws,
        subjects=tuple(one.product for one in found),
        by="product",
        unit="ratio" if name == "price_elasticity" else field.company.currency,
        window=field.span("orders"),
        as_of=field.as_of,
        method=METHOD[name],
        grade=Grade.D,
        tables=("orders",),
        doubts=doubts,
    )
