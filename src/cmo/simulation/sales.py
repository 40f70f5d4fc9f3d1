"""Order lines: when, where, what, how many, at what price, what was sent back."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmo.simulation.baskets import (
    EXTRA_LINES,
    EXTRA_UNITS,
    MARKETPLACE_FEE,
    TAKE_UP,
    product_shares,
    sales_channel_shares,
)
from cmo.simulation.living import Market, Week
from cmo.simulation.people import Ledger

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

ANONYMOUS = 0.22  # share of shop orders without a customer
FAITHFUL = 0.8  # share of orders placed where the customer usually orders
DAYS = np.array([0.13, 0.13, 0.14, 0.14, 0.15, 0.17, 0.14])
HOURS = np.concatenate([np.full(8, 0.006), np.full(11, 0.055), np.full(4, 0.080), [0.027]])
REFUND_DAYS = (5, 26)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Order lines within the window of the data, refunds included, in order of time.

    Attributes:
        order: Number of the order.
        number: Number of the line within the order, from 1; a refund keeps that of its line.
        customer: Customer; -1 where the order is anonymous.
        buyer: Customer, always.
        second: Seconds since the first Monday of the data.
        region: Region.
        product: Product.
        quantity: Units, negative for a refund.
        unit_price: EUR.
        rebate: EUR off the line, negative for a refund.
        unit_cost: EUR, marketplace fee included.
        sales_channel: Way of selling.
    """

    order: Ints
    number: Ints
    customer: Ints
    buyer: Ints
    second: Ints
    region: Ints
    product: Ints
    quantity: Ints
    unit_price: Floats
    rebate: Floats
    unit_cost: Floats
    sales_channel: Ints

    def revenue(self) -> Floats:
        """Net revenue of each line, EUR."""
        return np.round(self.quantity * self.unit_price - self.rebate, 2)

    def margin(self) -> Floats:
        """Margin of each line, EUR."""
        return np.round(self.quantity * (self.unit_price - self.unit_cost) - self.rebate, 2)


def _pick(cumulative: Floats, uniform: Floats) -> Ints:
    """Index drawn in each row of cumulative shares, shape (n, k)."""
    return np.asarray((uniform[:, None] > cumulative[:, :-1]).sum(axis=1), dtype=np.int64)


def _sales_channels(week: Ints, buyer: Ints, rng: np.random.Generator, *, n_buyers: int) -> Ints:
    usual = rng.random(n_buyers)[buyer]
    uniform = np.where(rng.random(buyer.size) < FAITHFUL, usual, rng.random(buyer.size))
    weeks = np.arange(week.max() + 1)
    cumulative = np.cumsum([sales_channel_shares(w / 52) for w in weeks], axis=1)
    return _pick(cumulative[week], uniform)


def order_lines(market: Market, lived: list[Week], ledger: Ledger, rng: np.random.Generator) -> Lines:
    """Fill the orders of the window with lines."""
    world, company = market.world, market.world.company
    inside = ledger.week >= world.past
    buyer, week = ledger.customer[inside], ledger.week[inside] - world.past
    size = buyer.size
    day = rng.choice(7, size, p=DAYS / DAYS.sum())
    hour = rng.choice(24, size, p=HOURS / HOURS.sum())
    second = ((week * 7 + day) * 24 + hour) * 3600 + rng.integers(0, 3600, size)
    turn = np.argsort(second, kind="stable")
    buyer, week, second = buyer[turn], week[turn], second[turn]
    where = _sales_channels(week, buyer, rng, n_buyers=ledger.customers.cell.size)
    anonymous = (where == 1) & (rng.random(size) < ANONYMOUS)

    n_lines = 1 + rng.poisson(EXTRA_LINES * ledger.customers.generosity[buyer])
    of = np.repeat(np.arange(size), n_lines)
    cell = ledger.customers.cell[buyer[of]]
    shares = np.cumsum(product_shares(company), axis=1)
    product = _pick(shares[market.population.segment[cell]], rng.random(of.size))
    quantity = 1 + (rng.random(of.size) < EXTRA_UNITS).astype(np.int64)
    index = np.array([w.actions.price for w in lived])[world.past + week[of]]
    depth = np.array([w.actions.discount for w in lived])[world.past + week[of]]
    unit_price = np.round(np.array([p.price for p in company.products])[product] * index, 2)
    rebate = np.round(quantity * unit_price * depth * (rng.random(of.size) < TAKE_UP), 2)
    fee = MARKETPLACE_FEE * (where[of] == 2) * (unit_price - rebate / quantity)
    unit_cost = np.round(np.array([p.cost for p in company.products])[product] + fee, 2)
    lines = Lines(
        order=of,
        number=1 + np.arange(of.size) - np.repeat(np.cumsum(n_lines) - n_lines, n_lines),
        customer=np.where(anonymous, -1, buyer)[of],
        buyer=buyer[of],
        second=second[of],
        region=market.population.region[cell],
        product=product,
        quantity=quantity,
        unit_price=unit_price,
        rebate=rebate,
        unit_cost=unit_cost,
        sales_channel=where[of],
    )
    return _with_refunds(lines, company.refunds, rng, weeks=world.weeks)


def _with_refunds(lines: Lines, share: float, rng: np.random.Generator, *, weeks: int) -> Lines:
    """Add a negative line for each article sent back, some days later, if the data still reaches that day."""
    back = np.flatnonzero(rng.random(lines.order.size) < share)
    later = lines.second[back] + rng.integers(*REFUND_DAYS, back.size) * 86_400
    back, later = back[later < weeks * 7 * 86_400], later[later < weeks * 7 * 86_400]
    index = np.concatenate([np.arange(lines.order.size), back])
    sign = np.concatenate([np.ones(lines.order.size, np.int64), -np.ones(back.size, np.int64)])
    second = np.concatenate([lines.second, later])
    turn = np.argsort(second, kind="stable")
    index, sign, second = index[turn], sign[turn], second[turn]
    return Lines(
        order=lines.order[index],
        number=lines.number[index],
        customer=lines.customer[index],
        buyer=lines.buyer[index],
        second=second,
        region=lines.region[index],
        product=lines.product[index],
        quantity=lines.quantity[index] * sign,
        unit_price=lines.unit_price[index],
        rebate=lines.rebate[index] * sign,
        unit_cost=lines.unit_cost[index],
        sales_channel=lines.sales_channel[index],
    )
