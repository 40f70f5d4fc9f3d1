from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from cmo.distribution.moving import Difference, Strata, difference, opening
from cmo.distribution.moving_evidence import can_move, cannibalisation, opened, shared, shifts
from cmo.measures import Estimate, Unanswered
from cmo.warehouse.field import Field

FIRST = datetime(2023, 1, 1)  # noqa: DTZ001 - local to the company, without offset
DAYS = 730
OPENS = 380


def orders(*, steals: float, seed: int = 1, people: int = 600, opens: int = OPENS) -> pa.Table:
    """A shop; from `opens` on, a third of its customers also buys on the web, and gives up `steals` of it."""
    rng = np.random.default_rng(seed)
    rows: list[tuple[str, datetime, float, str]] = []
    for person in range(people):
        pace, adopts = rng.gamma(4, 0.01), person % 3 == 0
        for day in np.flatnonzero(rng.random(DAYS) < pace):
            at = FIRST + timedelta(days=int(day))
            amount = float(rng.gamma(4, 10))
            if adopts and day >= opens and rng.random() < 0.5:
                rows.append((f"c{person}", at, amount, "web"))
                if rng.random() < steals:
                    continue
            rows.append((f"c{person}", at, amount, "shop"))
    rows.append(("last", FIRST + timedelta(days=DAYS - 1), 10.0, "shop"))
    names = ("customer_id", "ordered_at", "revenue", "sales_channel")
    table = pa.table({name: [row[i] for row in rows] for i, name in enumerate(names)})
    return table.append_column("order_id", pa.array([str(i) for i in range(len(rows))]))


def field(table: pa.Table) -> Field:
    return Field.of_tables({"orders": table}, as_of=(FIRST + timedelta(days=DAYS - 1)).date())


@pytest.mark.parametrize("steals", [0.0, 0.5, 1.0])
def test_what_a_channel_took_is_found(steals: float) -> None:
    found = cannibalisation(field(orders(steals=steals)), rng=np.random.default_rng(1))
    assert isinstance(found, Estimate)
    assert found.subjects == ("web",)
    low, high = np.quantile(found.draws[:, 0], (0.02, 0.98))
    assert low - 0.05 <= steals <= high + 0.05


def test_without_an_opening_nothing_is_said() -> None:
    found = cannibalisation(field(orders(steals=0.5, opens=20)), rng=np.random.default_rng(1))
    assert isinstance(found, Unanswered)


def test_the_day_of_an_opening_is_told() -> None:
    (one,) = opened(field(orders(steals=0.5)), rng=np.random.default_rng(1))
    assert abs((one.on - (FIRST + timedelta(days=OPENS)).date()).days) <= 2
    assert isinstance(one.on, date)


def test_customers_are_shared() -> None:
    pairs = {(one.channel, one.other): one.customers for one in shared(field(orders(steals=0.0)))}
    assert pairs["web", "shop"] == pairs["shop", "web"] <= pairs["web", "web"]
    assert pairs["shop", "shop"] > pairs["shop", "web"]


def test_a_move_is_held_against_those_who_stayed() -> None:
    found = {(one.source, one.target): one for one in shifts(field(orders(steals=0.9)))}
    moved = found["shop", "web"]
    assert moved.customers >= 30
    assert moved.revenue is not None
    assert moved.margin is None
    assert abs(moved.revenue.mean) < 400


def test_orders_without_names_tell_nothing_of_moves() -> None:
    plain = orders(steals=0.5).drop_columns(["customer_id"])
    assert not can_move(field(plain))
    assert isinstance(cannibalisation(field(plain), rng=np.random.default_rng(1)), Unanswered)


def test_a_difference_is_weighed_by_those_who_did() -> None:
    did = Strata(n=np.array([100.0, 50.0]), change=np.array([300.0, 0.0]), squares=np.array([1000.0, 100.0]))
    others = Strata(n=np.array([80.0, 90.0]), change=np.array([80.0, 0.0]), squares=np.array([200.0, 90.0]))
    found = difference(did, others)
    assert found is not None
    assert found.n == 150
    assert found.mean == pytest.approx(100 / 150 * 2.0)
    few = Strata(n=np.array([5.0, 5.0]), change=np.zeros(2), squares=np.ones(2))
    assert difference(few, others) is None


def test_a_channel_takes_no_more_than_its_adopters_brought() -> None:
    gap = Difference(mean=-50.0, error=1.0, n=100)
    found = opening(gap, revenue=4000.0, from_known=3000.0, rng=np.random.default_rng(2), draws=100)
    assert found.taken.max() == found.from_known == 0.75
