from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from cmo.warehouse.field import Field
from cmo.warehouse.health import Finding, Kind, Severity, health

TODAY = date(2026, 12, 1)
START = datetime.fromisoformat("2026-01-05T09:00:00")


def orders(*, n: int = 100, **columns: list[object]) -> pa.Table:
    """One healthy order a day, with columns replaced."""
    healthy: dict[str, list[object]] = {
        "order_id": [f"o{i}" for i in range(n)],
        "ordered_at": [START + timedelta(days=i) for i in range(n)],
        "revenue": [20.0 + i % 7 for i in range(n)],
    }
    return pa.table(healthy | columns)


def found_in(tables: Mapping[str, pa.Table], *, table: str = "orders") -> dict[Kind, Finding]:
    reports = health(Field.of_tables(tables), today=TODAY)
    return {one.kind: one for report in reports if report.table == table for one in report.findings}


def test_a_healthy_table_has_nothing_to_say() -> None:
    assert found_in({"orders": orders()}) == {}


def test_missing_values_are_counted_empty_texts_too() -> None:
    customers: list[object] = ["", None, *(f"c{i}" for i in range(98))]
    one = found_in({"orders": orders(customer_id=customers)})[Kind.MISSING]
    assert (one.column, one.count, one.share, one.severity) == ("customer_id", 2, 0.02, Severity.NOTE)
    assert one.says.in_("fr") == "2,0\u202f% des lignes de orders n'ont pas de customer_id."


def test_rows_that_repeat_another_in_full_are_counted() -> None:
    table = pa.concat_tables([orders(), orders().slice(0, 5)])
    one = found_in({"orders": table})[Kind.DUPLICATE]
    assert (one.count, one.severity) == (5, Severity.WARNING)


def test_rows_that_share_a_key_and_differ_are_serious() -> None:
    people = pa.table({"customer_id": ["a", "a", "b", "b"], "country": ["FR", "DE", "FR", "FR"]})
    found = found_in({"customers": people}, table="customers")
    assert (found[Kind.REPEATED_KEY].count, found[Kind.REPEATED_KEY].severity) == (1, Severity.SERIOUS)
    assert found[Kind.REPEATED_KEY].examples[0] == "a"
    assert found[Kind.DUPLICATE].count == 1


def test_days_without_orders_are_a_gap() -> None:
    table = orders().filter([not 40 <= i < 56 for i in range(100)])
    one = found_in({"orders": table})[Kind.GAP]
    assert (one.count, one.severity) == (16, Severity.WARNING)
    assert one.examples == ("2026-02-14 – 2026-03-01",)


def test_far_values_are_shown_with_their_day() -> None:
    revenue: list[object] = [20.0 + i % 7 for i in range(100)]
    revenue[30] = 50_000.0
    one = found_in({"orders": orders(revenue=revenue)})[Kind.OUTLIER]
    assert (one.count, one.severity, one.examples) == (1, Severity.WARNING, ("50000 (2026-02-04)",))


def test_refunds_and_gifts_are_noted() -> None:
    revenue: list[object] = [-20.0, 0.0, *(20.0 + i % 7 for i in range(98))]
    found = found_in({"orders": orders(revenue=revenue)})
    assert (found[Kind.NEGATIVE].count, found[Kind.ZERO].count) == (1, 1)
    assert found[Kind.NEGATIVE].severity is Severity.NOTE


def test_cents_for_euros_are_noticed() -> None:
    revenue: list[object] = [(20.0 + i % 7) * (100 if i >= 60 else 1) for i in range(100)]
    one = found_in({"orders": orders(revenue=revenue)})[Kind.UNIT_CHANGE]
    assert one.severity is Severity.SERIOUS
    assert "2026-03-06" in one.says.en
    assert "100 times larger" in one.says.en


def test_a_channel_s_unit_is_not_hidden_by_another() -> None:
    days = [date(2026, 1, 5) + timedelta(days=i // 2) for i in range(240)]
    spend = [5.0 if i % 2 else (30.0 if i < 100 else 30_000.0) for i in range(240)]
    table = pa.table({"date": days, "channel": ["tv", "radio"] * 120, "spend": spend})
    one = found_in({"media": table}, table="media")[Kind.UNIT_CHANGE]
    assert "media.spend (tv)" in one.says.en
    assert "1000 times larger" in one.says.en


def test_customers_nobody_knows_are_a_broken_key() -> None:
    ids: list[object] = [f"c{i % 10}" for i in range(100)]
    tables = {
        "orders": orders(customer_id=ids),
        "customers": pa.table({"customer_id": [f"c{i}" for i in range(8)]}),
    }
    one = found_in(tables)[Kind.BROKEN_KEY]
    assert (one.count, one.share, one.examples) == (20, 0.2, ("c8", "c9"))


def test_orders_to_come_are_serious_and_events_to_come_are_not() -> None:
    at: list[object] = [START + timedelta(days=i + (3000 if i == 99 else 0)) for i in range(100)]
    events = pa.table({"date": [date(2030, 1, 1)], "name": ["launch"]})
    one = found_in({"orders": orders(ordered_at=at)})[Kind.FUTURE]
    assert (one.count, one.severity) == (1, Severity.SERIOUS)
    assert found_in({"events": events}, table="events") == {}


def test_amounts_in_another_currency_are_serious() -> None:
    currency: list[object] = ["EUR"] * 97 + ["USD", "GBP", "USD"]
    one = found_in({"orders": orders(currency=currency)})[Kind.CURRENCY_MIX]
    assert (one.count, one.severity, one.examples) == (3, Severity.SERIOUS, ("USD", "GBP"))


def test_an_empty_table_says_so() -> None:
    assert found_in({"orders": orders().slice(0, 0)})[Kind.EMPTY].severity is Severity.SERIOUS


def test_the_gravest_comes_first() -> None:
    currency: list[object] = ["USD", *["EUR"] * 99]
    customers: list[object] = [None, None, *["a"] * 98]
    (report,) = health(
        Field.of_tables({"orders": orders(currency=currency, customer_id=customers)}), today=TODAY
    )
    assert [one.kind for one in report.findings] == [Kind.CURRENCY_MIX, Kind.MISSING]
    assert (report.rows, report.span is not None) == (100, True)


@pytest.mark.shared
@pytest.mark.slow
def test_the_known_traps_of_a_real_ledger_are_found(shared: Path) -> None:
    rows = pq.read_table(shared / "data/online_retail_ii/online_retail_II.parquet")
    lines = pa.table(
        {
            "order_id": rows["invoice"],
            "customer_id": rows["customer_id"].cast(pa.string()),
            "ordered_at": rows["invoice_date"],
            "revenue": pc.multiply(rows["quantity"].cast(pa.float64()), rows["price"]),
        }
    )
    found = found_in({"orders": lines})
    assert found[Kind.MISSING].count == 107_927 + 135_080
    assert "2010-12-24 – 2011-01-03" in found[Kind.GAP].examples
    assert "168470 (2011-12-09)" in found[Kind.OUTLIER].examples
