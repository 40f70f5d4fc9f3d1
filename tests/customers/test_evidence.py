from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from cmo.customers.evidence import counted as evidence
from cmo.measures import MEASURES, Estimate, Grade, Unanswered, Window
from cmo.warehouse.field import Field

START = date(2024, 1, 1)
NAMES = {
    "active",
    "new_customers",
    "repeat_rate",
    "churn",
    "revenue_per_customer",
    "orders_per_customer",
    "average_order_value",
    "unidentified_share",
    "return_rate",
    "retention",
    "cohorts",
    "concentration",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    order: str
    day: int
    revenue: float
    customer: str | None = None
    region: str = "north"


def shop(*lines: Line) -> Field:
    midnight = datetime.combine(START, datetime.min.time())
    return Field.of_tables(
        {
            "orders": pa.table(
                {
                    "order_id": [line.order for line in lines],
                    "ordered_at": [midnight + timedelta(days=line.day, hours=9) for line in lines],
                    "revenue": [line.revenue for line in lines],
                    "customer_id": pa.array([line.customer for line in lines], pa.string()),
                    "region": [line.region for line in lines],
                }
            )
        }
    )


def made_up(rng: np.random.Generator, *, days: int = 800, n: int = 1500) -> list[Line]:
    """Orders of one to three lines, some cancelled under a number of their own, some of nobody known."""
    lines = [Line(order="first", day=0, revenue=10.0, customer="c0")]
    for i in range(n):
        customer = int(rng.integers(0, 260))
        name = None if customer < 20 else f"c{customer}"
        day = int(rng.integers(0, days))
        region = ["north", "south", "west"][customer % 3]
        for _ in range(int(rng.integers(1, 4))):
            amount = float(np.round(rng.lognormal(3, 1), 2))
            lines.append(Line(order=f"o{i}", day=day, revenue=amount, customer=name, region=region))
        if rng.random() < 0.1:
            refund = Line(order=f"cancelled{i}", day=day, revenue=-30.0, customer=name, region=region)
            lines.append(refund)
    return lines


def counted(lines: list[Line]) -> dict[str, float]:
    """The same measures by plain loops over orders and customers."""
    end = max(line.day for line in lines)
    orders: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        orders[line.order].append(line)
    bought: dict[str, list[int]] = defaultdict(list)
    spent: dict[str, float] = defaultdict(float)
    recent, unknown = [], 0.0
    for those in orders.values():
        day, amount, name = those[0].day, sum(line.revenue for line in those), those[0].customer
        late = day > end - 365
        if amount > 0 and late:
            recent.append(amount)
            unknown += amount if name is None else 0
        if name is not None and amount > 0:
            bought[name].append(day)
        if name is not None and late:
            spent[name] += amount
    active = {name for name, days in bought.items() if max(days) > end - 365}
    before = {name for name, days in bought.items() if any(end - 730 < day <= end - 365 for day in days)}
    old = [sorted(days) for days in bought.values() if min(days) <= end - 365]
    money = sorted((spent[name] for name in active if spent[name] > 0), reverse=True)
    return {
        "active": len(active),
        "new_customers": sum(min(days) > end - 365 for days in bought.values()),
        "repeat_rate": sum(len(days) > 1 and days[1] <= days[0] + 365 for days in old) / len(old),
        "churn": len(before - active) / len(before),
        "revenue_per_customer": sum(spent[name] for name in bought) / len(active),
        "orders_per_customer": sum(day > end - 365 for days in bought.values() for day in days) / len(active),
        "average_order_value": sum(recent) / len(recent),
        "unidentified_share": unknown / sum(recent),
        "top 10%": sum(money[: round(len(money) / 10)]) / sum(money),
    }


def answers(field: Field) -> dict[tuple[str, str], Estimate]:
    found = evidence(field, rng=np.random.default_rng(0))
    return {
        (one.measure.removeprefix("customers."), one.by): one for one in found if isinstance(one, Estimate)
    }


def reasons(field: Field) -> dict[str, Unanswered]:
    found = evidence(field, rng=np.random.default_rng(0))
    return {one.measure.removeprefix("customers."): one for one in found if isinstance(one, Unanswered)}


@pytest.mark.parametrize("seed", [1, 2])
def test_every_measure_agrees_with_a_plain_count(seed: int) -> None:
    lines = made_up(np.random.default_rng(seed))
    found, expected = answers(shop(*lines)), counted(lines)
    for name in ("active", "new_customers", "revenue_per_customer", "orders_per_customer"):
        assert found[name, "total"].location[0] == pytest.approx(expected[name], rel=1e-9)
    for name in ("average_order_value", "unidentified_share"):
        assert found[name, "total"].location[0] == pytest.approx(expected[name], rel=1e-9)
    for name in ("repeat_rate", "churn"):  # posterior means under half a customer on either side
        assert found[name, "total"].location[0] == pytest.approx(expected[name], abs=0.01)
    tops = found["concentration", "top"]
    assert tops.location[tops.column("top 10%")] == pytest.approx(expected["top 10%"], abs=0.01)


def test_every_measure_is_told_in_its_unit_and_grade() -> None:
    found = answers(shop(*made_up(np.random.default_rng(1))))
    assert {name for name, _ in found} == NAMES
    for (name, by), one in found.items():
        assert by in MEASURES[one.measure].by, name
        assert one.unit.name == MEASURES[one.measure].unit_in("EUR")
        assert one.grade == Grade.D
        assert one.method.en != one.method.fr


def test_a_customer_belongs_to_the_place_of_the_first_purchase() -> None:
    moved = [Line(order=f"a{i}", day=i, revenue=10.0, customer=f"c{i}") for i in range(40)]
    moved += [
        Line(order=f"b{i}", day=50 + i, revenue=30.0, customer=f"c{i}", region="south") for i in range(40)
    ]
    found = answers(shop(*moved))
    customers = found["revenue_per_customer", "region"]
    assert (customers.subjects, customers.location.tolist()) == (("north",), [40.0])
    orders = found["average_order_value", "region"]
    assert (orders.subjects, orders.location.tolist()) == (("north", "south"), [10.0, 30.0])


def test_places_with_few_buyers_are_put_together() -> None:
    lines = [
        Line(
            order=f"o{i}", day=i, revenue=10.0, customer=f"c{i}", region="big" if i < 40 else f"small{i % 5}"
        )
        for i in range(80)
    ]
    assert answers(shop(*lines))["revenue_per_customer", "region"].subjects == ("big", "other")
    assert answers(shop(*lines[:60]))["revenue_per_customer", "region"].subjects == ("big",)


def test_a_cancellation_of_its_own_is_no_purchase_but_takes_the_money_back() -> None:
    lines = [
        Line(order="a", day=0, revenue=50.0, customer="x"),
        Line(order="b", day=9, revenue=-20.0, customer="x"),
    ]
    found = answers(shop(*lines))
    assert found["orders_per_customer", "total"].location[0] == 1.0
    assert found["revenue_per_customer", "total"].location[0] == 30.0
    assert found["average_order_value", "total"].location[0] == 50.0


def test_retention_follows_a_cohort_month_by_month() -> None:
    months = [0, 31, 60, 91, 121]
    lines = [
        Line(order=f"o{i}-{k}", day=day + 2, revenue=10.0, customer=f"c{i}")
        for i in range(200)
        for k, day in enumerate(months)
        if k == 0 or (k == 3 and i < 100)
    ]
    curve = answers(shop(*lines, Line(order="last", day=151, revenue=1.0, customer="c0")))["retention", "age"]
    assert curve.subjects == ("1", "2", "3", "4")
    np.testing.assert_allclose(curve.location, [0.0, 0.0, 0.5, 0.0], atol=0.01)
    assert curve.history is not None
    assert curve.history.periods == (Window.parse("2024-01"),)


def test_books_that_open_with_old_customers_are_doubted() -> None:
    rng = np.random.default_rng(3)
    lines = made_up(rng, n=4000)
    doubts = [doubt.code for doubt in answers(shop(*lines))["repeat_rate", "total"].doubts]
    assert doubts == ["customers_before_the_books"]


def test_who_was_won_before_the_books_is_no_newcomer() -> None:
    old, new = ([f"{name}{i}" for i in range(40)] for name in ("old", "new"))
    lines = [
        *(Line(order=f"o{i}", day=5 + i, revenue=9.0, customer=who) for i, who in enumerate(old)),
        *(Line(order=f"again{i}", day=60 + i, revenue=9.0, customer=who) for i, who in enumerate(old)),
        *(Line(order=f"n{i}", day=100 + i, revenue=9.0, customer=who) for i, who in enumerate(new)),
        Line(order="end", day=600, revenue=9.0, customer="late"),
    ]
    naive = shop(*lines)
    people = {
        "customer_id": [*old, *new],
        "acquired_at": [START - timedelta(days=100)] * 40 + [START + timedelta(days=100)] * 40,
    }
    told = Field.of_tables({"orders": naive.collect(naive.table("orders")), "customers": pa.table(people)})
    before, after = (answers(field)["repeat_rate", "total"].figure("total").value for field in (naive, told))
    assert before == pytest.approx(0.5, abs=0.1)
    assert after == pytest.approx(0.0, abs=0.05)


def test_young_books_say_what_cannot_be_known_yet() -> None:
    field = shop(*(Line(order=f"o{i}", day=i, revenue=10.0, customer=f"c{i % 9}") for i in range(25)))
    assert set(reasons(field)) == {"repeat_rate", "churn", "retention", "cohorts", "return_rate"}
    assert [doubt.code for doubt in answers(field)["active", "total"].doubts] == ["less_than_a_year"]


def test_orders_without_customers_still_tell_of_orders() -> None:
    table = pa.table(
        {"order_id": ["a"], "ordered_at": [datetime.fromisoformat("2026-01-01")], "revenue": [5.0]}
    )
    field = Field.of_tables({"orders": table})
    assert {name for name, _ in answers(field)} == {"average_order_value", "unidentified_share"}
    told = reasons(field)
    assert {told[name].unlock for name in set(told) - {"return_rate"}} == {("orders.customer_id",)}


@pytest.mark.parametrize(
    "field",
    [Field.of_tables({}), shop(Line(order="a", day=0, revenue=1.0)).during(Window.parse("2030"))],
    ids=["no table", "no row in the window"],
)
def test_nothing_to_count_is_unanswered(field: Field) -> None:
    assert set(reasons(field)) == NAMES
    assert answers(field) == {}


def test_refunds_alone_are_nobody_s_purchase() -> None:
    assert set(reasons(shop(Line(order="a", day=0, revenue=-5.0, customer="x")))) == NAMES


def test_rare_is_not_never() -> None:
    lines = [Line(order=f"o{i}", day=0, revenue=10.0, customer=f"c{i}") for i in range(50)]
    lines.append(Line(order="end", day=400, revenue=10.0, customer="late"))
    rate = answers(shop(*lines))["repeat_rate", "total"]
    assert rate.draws.min() > 0
    assert rate.figure("total").high < 0.1


@pytest.mark.shared
@pytest.mark.slow
def test_a_real_ledger_agrees_with_independent_queries(shared: Path) -> None:
    path = shared / "data/online_retail_ii/online_retail_II.parquet"
    rows = pq.read_table(path)
    lines = pa.table(
        {
            "order_id": rows["invoice"],
            "customer_id": rows["customer_id"].cast(pa.string()),
            "ordered_at": rows["invoice_date"],
            "revenue": pc.multiply(rows["quantity"].cast(pa.float64()), rows["price"]),
        }
    )
    found = answers(Field.of_tables({"orders": lines}))
    duckdb.sql(
        "create or replace temp table purchase as select invoice, max(customer_id) c, "
        f"min(invoice_date)::date d, sum(quantity * price) m from '{path}' "
        "group by 1 having sum(quantity * price) > 0"
    )

    def asked(query: str) -> float:
        return float(duckdb.sql(query).fetchall()[0][0])

    late = "d > date '2011-12-09' - 365"
    assert found["active", "total"].location[0] == asked(
        f"select count(distinct c) from purchase where {late}"
    )
    assert found["average_order_value", "total"].location[0] == pytest.approx(
        asked(f"select avg(m) from purchase where {late}")
    )
    repeat = asked(
        "with f as (select c, min(d) f from purchase where c is not null group by 1), "
        "n as (select c, f, count(*) k from purchase join f using (c) where d <= f + 365 group by 1, 2) "
        "select avg((k > 1)::int) from n where f <= date '2011-12-09' - 365"
    )
    assert found["repeat_rate", "total"].location[0] == pytest.approx(repeat, abs=1e-3)
    arrivals = found["new_customers", "total"].history
    assert arrivals is not None
    assert arrivals.location[0, 0] == pytest.approx(955, rel=0.01), "the first cohort, as often published"


def test_in_a_window_only_customers_never_seen_before_are_new() -> None:
    lines = [Line(order="a1", day=1, revenue=10.0, customer="a")]
    lines += [Line(order=f"a{i}", day=i, revenue=10.0, customer="a") for i in range(400, 731, 30)]
    lines += [Line(order="b1", day=450, revenue=10.0, customer="b")]
    window = Window(start=START + timedelta(days=366), end=START + timedelta(days=730))
    found = evidence(shop(*lines).during(window), rng=np.random.default_rng(1))
    known = {one.measure: one for one in found if isinstance(one, Estimate) and one.by == "total"}
    assert known["customers.new_customers"].location[0] == 1
    assert known["customers.active"].location[0] == 2
    assert known["customers.churn"].draws.mean() < 0.5, "the one customer of the year before came back"
    assert known["customers.active"].window.start >= window.start
