from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from cmo.market.timeline import Kind, event_bursts, level_changes
from cmo.market.timeline_evidence import timeline
from cmo.warehouse.field import Field

MONTHS = [date(2021 + i // 12, i % 12 + 1, 1) for i in range(60)]


def figure(*, step: float = 1.0, at: int = 40, growth: float = 0.0, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    time = np.arange(60)
    season = 1 + 0.3 * np.sin(2 * np.pi * time / 12)
    noise = np.exp(0.03 * rng.standard_normal(60))
    return 1000 * season * noise * np.exp(growth * time) * np.where(time >= at, step, 1.0)


def test_a_new_level_is_dated_and_sized() -> None:
    (found,) = level_changes(MONTHS, figure(step=1.4), who="Rival", metric="sales")
    assert abs((found.on - MONTHS[40]).days) <= 62
    assert 0.25 < found.change < 0.55
    assert found.kind is Kind.LEVEL


def test_season_and_steady_growth_are_no_new_level() -> None:
    assert level_changes(MONTHS, figure(), who="Rival", metric="sales") == ()
    assert len(level_changes(MONTHS, figure(growth=0.01), who="Rival", metric="sales")) <= 1
    assert level_changes(MONTHS[:10], figure()[:10], who="Rival", metric="sales") == ()


def test_a_burst_of_campaigns_is_seen() -> None:
    calm = [date(2024, 1, 1) + timedelta(days=90 * i) for i in range(8)]
    burst = [date(2025, 6, 1) + timedelta(days=4 * i) for i in range(8)]
    found = event_bursts({"Rival": [*calm, *burst], "Other": calm[:3]})
    assert {one.who for one in found} == {"Rival"}
    assert any(one.on >= date(2025, 5, 1) and one.change >= 2 for one in found)


def test_the_tables_make_a_timeline() -> None:
    rows = [
        (month, brand, "sales", float(value), sector)
        for brand, sector, values in (
            ("Rival", "soap", figure(step=1.4)),
            ("Spas", "spas", figure(seed=2)),
        )
        for month, value in zip(MONTHS, values, strict=True)
    ]
    names = ("date", "brand", "metric", "value", "sector")
    market = pa.table({name: [row[i] for row in rows] for i, name in enumerate(names)})
    events = pa.table({"date": [date(2024, 3, 1)], "name": ["Rival's sale"], "kind": ["competitor"]})
    field = Field.of_tables({"market": market, "events": events}, as_of=date(2026, 1, 31))
    found = timeline(field)
    assert {(one.brand, one.sector) for one in found.series} == {("Rival", "soap"), ("Spas", "spas")}
    assert {(one.who, one.kind) for one in found.happenings} >= {
        ("Rival", Kind.LEVEL),
        ("Rival's sale", Kind.EVENT),
    }
