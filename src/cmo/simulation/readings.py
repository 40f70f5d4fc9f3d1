"""Facts in the very definition that a measure states: what an estimate of it has to hit.

The truth file tells the widest sense of a measure and other defensible readings beside it. An interval can
only be held against the quantity it was made for.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from cmo.simulation.baskets import MARKETPLACE_FEE, SALES_CHANNELS, sales_channel_shares
from cmo.simulation.facts import DISCOUNT, YEAR, Fact, known_share
from cmo.simulation.lifetimes import origins
from cmo.simulation.sales import ANONYMOUS
from cmo.simulation.workspace import History

Floats = npt.NDArray[np.float64]

AT_ONCE = "at_once"
_LAST_YEAR = 365 * 86_400


def as_stated(history: History, facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """The facts of a history that was lived on for a year, each in the one reading that its measure states.

    Media: what comes at once, of which a model of weekly sales speaks. Value: the twelve months to come of
    every known customer. Sums of orders: what was to be expected, since their intervals are for the luck of
    who happened to order. Concentration: the last 365 days of known customers, as counted.
    """
    stated = {
        name: Fact(values=fact.also.get(AT_ONCE, fact.values), definition=fact.definition)
        for name, fact in facts.items()
    }
    stated |= _expected(history, stated)
    stated["customers.concentration"] = Fact(
        values=_concentration(history), definition="Among known customers, last 365 days"
    )
    if len(history.after) >= YEAR:
        stated["customers.clv"] = Fact(
            values=_year_ahead(history),
            definition="Expected margin of the next 52 weeks' orders that name the customer, 10 % off, EUR",
        )
    return stated


def _expected(history: History, stated: Mapping[str, Fact]) -> dict[str, Fact]:
    """Revenue, margin and the shares of the ways of selling, without the luck of single orders."""
    company, window = history.market.world.company, history.lived[history.market.world.past :]
    revenue = np.array([w.revenue.sum() for w in window])
    cost_of = history.market.basket.cost[history.market.population.segment]
    cost = np.array([w.orders @ cost_of for w in window]) * (1 - company.refunds)
    shares = np.array([sales_channel_shares(week / 52) for week in range(len(window))])
    fee = MARKETPLACE_FEE * (np.array(SALES_CHANNELS) == "marketplace")
    sold = shares.T @ revenue
    kept = (1 - fee) * sold - shares.T @ cost
    last, before = (shares[part].T @ revenue[part] for part in (slice(-YEAR, None), slice(-2 * YEAR, -YEAR)))
    growth = stated["sales.revenue"].values.get("growth", float("nan"))
    values = {
        "sales.revenue": {"total": float(revenue.sum()), "growth": growth},
        "sales.contribution": {"total": float(kept.sum())},
        "distribution.revenue_share": _by_way(sold / sold.sum()),
        "distribution.margin": _by_way(kept / sold),
        "distribution.growth": _by_way(last / before - 1),
    }
    return {
        name: Fact(values=told, definition=f"Expected: {stated[name].definition}")
        for name, told in values.items()
    }


def _by_way(values: Floats) -> dict[str, float]:
    return dict(zip(SALES_CHANNELS, values.tolist(), strict=True))


def _concentration(history: History) -> dict[str, float]:
    lines, end = history.lines, history.market.world.weeks * 7 * 86_400
    inside = (lines.customer >= 0) & (lines.second >= end - _LAST_YEAR)
    spent = np.bincount(lines.customer[inside], weights=lines.revenue()[inside])
    best = np.sort(spent[spent > 0])[::-1].astype(np.float64)
    return {f"top {share}%": known_share(best, share / 100) for share in (1, 5, 10, 20)}


def _year_ahead(history: History) -> dict[str, float]:
    """Mean over customers known by an order, by how they came, of the orders that will name them too.

    Those who have left are worth nothing. What a customer will buy in a shop without a name is hers, but no
    file of a company can tell.
    """
    company, people = history.market.world.company, history.ledger.customers
    known = np.unique(history.lines.customer[history.lines.customer >= 0])
    end = history.market.world.past + history.market.world.weeks
    alive = known[people.left[known] >= end]
    cell, kind = people.cell[alive], people.kind[alive]
    rate = np.array([k.rate for k in company.kinds])[kind] * people.pace[alive]
    there, worth = np.ones(alive.size), np.zeros(alive.size)
    for weeks, week in enumerate(history.after[:YEAR], start=1):
        per_order = np.divide(week.margin, week.orders, out=np.zeros_like(week.orders), where=week.orders > 0)
        shares = sales_channel_shares((history.market.world.weeks + weeks - 1) / YEAR)
        named = 1 - ANONYMOUS * shares[SALES_CHANNELS.index("boutique")]
        gained = named * rate * (week.response * per_order)[cell] * (1 + DISCOUNT) ** (-weeks / YEAR)
        worth += there * gained
        there *= 1 - week.leaving[cell, kind]
    everybody = np.bincount(people.origin[known], minlength=len(origins(company)))
    total = np.bincount(people.origin[alive], weights=worth, minlength=everybody.size)
    by_origin = {
        name: float(value / count)
        for name, value, count in zip(origins(company), total, everybody, strict=True)
        if count > 1
    }
    return by_origin | {"total": float(worth.sum() / known.size)}
