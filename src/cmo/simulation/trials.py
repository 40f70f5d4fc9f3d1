"""Randomised tests as the analyst receives them: one row per unit, metrics from the orders themselves."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cmo.simulation.accounts import customer_ids
from cmo.simulation.files import instants
from cmo.simulation.living import Market
from cmo.simulation.people import Assignment, EmailTest
from cmo.simulation.sales import Lines

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

BEFORE = 26  # weeks of a unit's history given as covariates
BANNER_TEST = "banner-colour"
BANNER_RATE = 0.05
BANNER_UNITS = 20_000


def email_test(market: Market) -> EmailTest:
    """The mailing that the company split in two, in the third quarter of its data."""
    world = market.world
    return EmailTest(
        test_id="email-reminder",
        week=world.past + int(0.70 * world.weeks),
        weeks=4,
        units=int(9_000 * world.scale),
        fresh_lift=0.30,
        dormant_lift=0.90,
    )


def _revenue_of(
    lines: Lines, units: Ints, *, first: int, last: int, n_customers: int
) -> tuple[Floats, Floats]:
    """Revenue and orders of units between two weeks of the data (the second excluded)."""
    week = lines.second // (7 * 86_400)
    inside = (week >= first) & (week < last) & (lines.customer >= 0)
    revenue = np.bincount(lines.customer[inside], weights=lines.revenue()[inside], minlength=n_customers)
    order, where = np.unique(lines.order[inside & (lines.quantity > 0)], return_index=True)
    buyer = lines.customer[inside & (lines.quantity > 0)][where]
    orders = np.bincount(buyer, minlength=n_customers) if order.size else np.zeros(n_customers)
    return np.round(revenue[units], 2), orders[units].astype(np.float64)


def experiment_units_table(
    market: Market, assigned: Assignment, lines: Lines, rng: np.random.Generator, *, n_customers: int
) -> pa.Table:
    """Units of the e-mail test, and of a test of a banner's colour that changes nothing."""
    world, test = market.world, assigned.test
    week = test.week - world.past
    revenue, orders = _revenue_of(
        lines, assigned.customer, first=week, last=week + test.weeks, n_customers=n_customers
    )
    before, orders_before = _revenue_of(
        lines, assigned.customer, first=max(week - BEFORE, 0), last=week, n_customers=n_customers
    )
    size = assigned.customer.size
    start = world.start.isoformat()
    units = customer_ids(assigned.customer)
    mailing = pa.table(
        {
            "experiment": [test.test_id] * size,
            "unit_id": units,
            "variant": np.where(assigned.treated, "reminder", "control"),
            "assigned_at": instants(np.full(size, week * 7 * 86_400 + 9 * 3600), start=start),
            "revenue": revenue,
            "converted": (orders > 0).astype(np.float64),
            "pre_revenue": before,
            "pre_orders": orders_before,
        }
    )
    count = int(BANNER_UNITS * world.scale)
    at = np.sort(rng.integers(0, 14 * 86_400, count)) + int(0.55 * world.weeks) * 7 * 86_400
    converted = rng.random(count) < BANNER_RATE
    banner = pa.table(
        {
            "experiment": [BANNER_TEST] * count,
            "unit_id": [f"S{n:07d}" for n in range(1, count + 1)],
            "variant": np.where(rng.random(count) < 0.5, "gold", "control"),
            "assigned_at": instants(at, start=start),
            "revenue": np.round(np.where(converted, rng.gamma(2.0, 38.0, count), 0.0), 2),
            "converted": converted.astype(np.float64),
            "pre_revenue": np.zeros(count),
            "pre_orders": np.zeros(count),
        }
    )
    return pa.concat_tables([mailing, banner])
