from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa

from cmo.distribution.evidence import evidence
from cmo.measures import Estimate, Unanswered
from cmo.warehouse.field import Field

FIRST = datetime(2024, 1, 1, 9)  # noqa: DTZ001 - the tables speak of the company's own clock


def orders(*, days: int = 800, margin: bool = True, channel: bool = True) -> pa.Table:
    rng = np.random.default_rng(3)
    n = 3 * days
    day = np.sort(rng.integers(0, days, size=n))
    day[0], day[-1] = 0, days - 1
    names = np.array(["shop", "site", "market"])[rng.choice(3, size=n, p=[0.3, 0.5, 0.2])]
    revenue = np.round(rng.lognormal(3, 0.5, size=n) * np.where(names == "site", 1 + day / days, 1.0), 2)
    table = {
        "order_id": [f"o{i // 2}" for i in range(n)],
        "ordered_at": [FIRST + timedelta(days=int(d)) for d in day],
        "revenue": revenue,
    }
    if margin:
        table["margin"] = revenue * np.where(names == "market", 0.4, 0.6)
    if channel:
        table["sales_channel"] = names
    return pa.table(table)


def asked(table: pa.Table | None) -> dict[str, Estimate | Unanswered]:
    field = Field.of_tables({} if table is None else {"orders": table}, as_of=datetime(2026, 4, 1).date())  # noqa: DTZ001 - a plain day
    return {one.measure.partition(".")[2]: one for one in evidence(field, rng=np.random.default_rng(1))}


def test_shares_and_growth_are_what_a_loop_counts() -> None:
    table = orders()
    found = asked(table)
    rows = table.to_pylist()
    total = sum(row["revenue"] for row in rows)
    end = max(row["ordered_at"] for row in rows).date()
    share, growth = found["revenue_share"], found["growth"]
    assert isinstance(share, Estimate)
    assert isinstance(growth, Estimate)
    for name in ("shop", "site", "market"):
        mine = [row for row in rows if row["sales_channel"] == name]
        counted = sum(row["revenue"] for row in mine) / total
        assert abs(share.location[share.column(name)] - counted) < 1e-9
        ages = [((end - row["ordered_at"].date()).days // 364, row["revenue"]) for row in mine]
        now, before = (sum(amount for age, amount in ages if age == n) for n in (0, 1))
        assert abs(growth.location[growth.column(name)] - (now / before - 1)) < 1e-9
    assert np.allclose(share.draws.sum(axis=1), 1, atol=1e-5)
    assert share.history is not None


def test_one_customer_is_one_piece_of_luck() -> None:
    table = orders()
    channel = table["sales_channel"].to_pylist()
    faithful = [f"{name} {i % 40}" for i, name in enumerate(channel)]
    few = table.append_column("customer_id", pa.array(faithful))
    apart, together = asked(table)["revenue_share"], asked(few)["revenue_share"]
    assert isinstance(apart, Estimate)
    assert isinstance(together, Estimate)
    assert apart.location.tolist() == together.location.tolist()
    assert np.all(together.draws.std(axis=0) > 2 * apart.draws.std(axis=0))


def test_customers_of_all_channels_alike_leave_the_shares_alone() -> None:
    table = orders()
    faithful = [f"{name} {i % 40}" for i, name in enumerate(table["sales_channel"].to_pylist())]
    anywhere = [f"c{i % 40}" for i in range(table.num_rows)]
    spread = []
    for customers in (faithful, anywhere):
        found = asked(table.append_column("customer_id", pa.array(customers)))["revenue_share"]
        assert isinstance(found, Estimate)
        spread.append(found.draws.std(axis=0))
    assert np.all(spread[1] < spread[0] / 1.5)


def test_margin_is_of_the_channel() -> None:
    margin = asked(orders())["margin"]
    assert isinstance(margin, Estimate)
    assert abs(margin.location[margin.column("market")] - 0.4) < 1e-6
    assert abs(margin.location[margin.column("site")] - 0.6) < 1e-6


def test_what_lacks_is_said() -> None:
    assert all(isinstance(one, Unanswered) for one in asked(None).values())
    assert all(isinstance(one, Unanswered) for one in asked(orders(channel=False)).values())
    assert isinstance(asked(orders(margin=False))["margin"], Unanswered)
    assert isinstance(asked(orders(days=400))["growth"], Unanswered)


def test_cannibalisation_is_never_read_off_counts() -> None:
    found = asked(orders())["cannibalisation"]
    assert isinstance(found, Unanswered)
    assert "test" in found.reason.en
