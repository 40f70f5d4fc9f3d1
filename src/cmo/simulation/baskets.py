"""What an order holds, and what it is worth on average."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmo.simulation.company import Company

Floats = npt.NDArray[np.float64]

EXTRA_LINES = 0.70  # lines after the first, Poisson mean
EXTRA_UNITS = 0.15  # probability of a second unit of the same product
TAKE_UP = 0.75  # share of lines bought on the promotion while one runs
MARKETPLACE_FEE = 0.15
SALES_CHANNELS = ("site", "boutique", "marketplace")
_SHARES_FIRST = (0.60, 0.29, 0.11)
_SHARES_LAST = (0.61, 0.19, 0.20)
_YEARS_OF_SHIFT = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """Mean worth of an order at list price, by segment: revenue and unit cost, EUR, each of shape (S,)."""

    revenue: Floats
    cost: Floats


def product_shares(company: Company) -> Floats:
    """Probability of each product in a line, by segment, shape (S, products)."""
    appeal = np.array([p.appeal for p in company.products]).T
    return np.asarray(appeal / appeal.sum(axis=1, keepdims=True), dtype=np.float64)


def mean_basket(company: Company) -> Basket:
    """Mean revenue and cost of an order at list price, before refunds, by segment."""
    units = (1 + EXTRA_LINES) * (1 + EXTRA_UNITS)
    shares = product_shares(company)
    prices = np.array([p.price for p in company.products])
    costs = np.array([p.cost for p in company.products])
    return Basket(revenue=units * shares @ prices, cost=units * shares @ costs)


def sales_channel_shares(years: float) -> Floats:
    """Shares of the ways of selling, `years` after the data begins: the marketplace grows on the shops."""
    pace = float(np.clip(years / _YEARS_OF_SHIFT, 0.0, 1.0))
    return (1 - pace) * np.array(_SHARES_FIRST) + pace * np.array(_SHARES_LAST)


def paid_share(discount: float) -> float:
    """Mean paid share of the list price while a promotion of that depth runs."""
    return 1.0 - TAKE_UP * discount


def mean_margin(company: Company, revenue: Floats, cost: Floats, *, years: float) -> Floats:
    """Mean margin after cost of goods, marketplace fees and refunds, shaped as the revenue before refunds."""
    fee = MARKETPLACE_FEE * sales_channel_shares(years)[SALES_CHANNELS.index("marketplace")]
    return np.asarray((1 - company.refunds) * (revenue * (1 - fee) - cost), dtype=np.float64)
