from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from cmo.market.evidence import evidence
from cmo.measures import Estimate, Unanswered, Window
from cmo.warehouse.field import Field
from cmo.workspace import Company


def market(*, years: int = 3, prices: bool = True) -> pa.Table:
    rng = np.random.default_rng(1)
    rows = []
    for month in range(12 * years):
        day = date(2023 + month // 12, month % 12 + 1, 1)
        for brand, size in (("Lumen", 10.0), ("Rival", 30.0)):
            noise = float(np.exp(0.02 * rng.standard_normal()))
            rows.append((day, brand, "sales", size * 1.1 ** (month // 12) * noise, "soap"))
            if prices:
                rows.append((day, brand, "price", 2.0 if brand == "Lumen" else 1.0, "soap"))
        rows.append((day, "Spas", "sales", 500.0, "spas"))
    names = ("date", "brand", "metric", "value", "sector")
    return pa.table({name: [row[i] for row in rows] for i, name in enumerate(names)})


def signals(weeks: int = 150) -> pa.Table:
    rng = np.random.default_rng(2)
    rows = [
        (date(2023, 1, 2) + timedelta(weeks=week), topic, float(rng.poisson(rate)))
        for week in range(weeks)
        for topic, rate in (("steady", 40.0), ("rising", 10 * np.exp(max(week - 100, 0) * 0.04)))
    ]
    return pa.table({name: [row[i] for row in rows] for i, name in enumerate(("date", "topic", "volume"))})


def asked(**tables: pa.Table) -> dict[tuple[str, str], Estimate | Unanswered]:
    company = Company(name="Lumen", sector="soap")
    field = Field.of_tables(tables, company=company, as_of=date(2025, 12, 31))
    found = evidence(field, rng=np.random.default_rng(1))
    return {
        (one.measure.partition(".")[2], one.by if isinstance(one, Estimate) else ""): one for one in found
    }


def test_the_sectors_brands_make_the_market() -> None:
    found = asked(market=market())
    share, growth = found["share", "brand"], found["growth", "total"]
    index = found["price_index", "brand"]
    assert isinstance(share, Estimate)
    assert isinstance(growth, Estimate)
    assert isinstance(index, Estimate)
    assert share.subjects == ("Rival", "Lumen")
    assert share.location == pytest.approx([0.75, 0.25], abs=0.01)
    assert growth.location[0] == pytest.approx(0.1, abs=0.02)
    assert index.location == pytest.approx([1 / 1.25, 2 / 1.25], abs=0.02)


def test_what_lacks_is_said() -> None:
    found = asked(market=market(years=1, prices=False))
    assert isinstance(found["growth", ""], Unanswered)
    assert isinstance(found["price_index", ""], Unanswered)
    assert isinstance(found["trend", ""], Unanswered)
    assert isinstance(found["size", "total"], Estimate)


def test_a_rising_topic_is_the_likeliest_to_rise() -> None:
    found = asked(signals=signals())["trend", "topic"]
    assert isinstance(found, Estimate)
    rising, steady = (found.location[found.column(name)] for name in ("rising", "steady"))
    assert rising > 5 * steady
    assert isinstance(asked(signals=signals(weeks=30))["trend", ""], Unanswered)


def test_a_window_without_a_row_is_said_and_does_not_break() -> None:
    field = Field.of_tables({"market": market(), "signals": signals()}, as_of=date(2025, 12, 31))
    empty = field.during(Window.parse("2020"))
    assert all(isinstance(one, Unanswered) for one in evidence(empty, rng=np.random.default_rng(1)))
