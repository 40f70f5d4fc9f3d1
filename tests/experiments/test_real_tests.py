"""Public tests analysed as their owner would have: what cmo would have told them."""

import csv
import gzip
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from cmo.experiments.analysis_evidence import analysed
from cmo.experiments.asked import Asked
from cmo.experiments.confidence_sequence import always_valid
from cmo.experiments.contrast import Effect
from cmo.experiments.findings import Findings
from cmo.experiments.registration import Conclusion, Kind, Registration
from cmo.experiments.shrinkage import learnt
from cmo.measures import Grade
from cmo.warehouse.field import Field

PROMISE = Registration(
    test="test",
    kind=Kind.UNITS,
    hypothesis="It does better",
    metric="spend",
    control="control",
    starts_on=date(2026, 1, 5),
    ends_on=date(2026, 2, 1),
)


def found(columns: Mapping[str, Sequence[Any]], promise: Registration, **asked: Any) -> Findings:
    n = len(columns["variant"])
    names = {"experiment": [promise.test] * n, "unit_id": [str(i) for i in range(n)]}
    field = Field.of_tables({"experiment_units": pa.table(names | columns)}, as_of=date(2026, 3, 1))
    given = Asked(registration=promise, registered=True, **asked)
    return analysed(field, given, rng=np.random.default_rng(1))


@pytest.mark.shared
def test_hillstrom_both_mails_sell_and_a_few_baskets_do_not_carry_it(shared: Path) -> None:
    with gzip.open(shared / "data" / "customers" / "hillstrom_email.csv.gz", "rt") as file:
        rows = list(csv.DictReader(file))
    columns: dict[str, list[Any]] = {
        name: [float(row[name]) for row in rows] for name in ("spend", "visit", "conversion")
    }
    columns |= {f"pre_{name}": [float(row[name]) for row in rows] for name in ("history", "recency")}
    columns |= {"variant": [row["segment"] for row in rows], "channel": [row["channel"] for row in rows]}
    thirds = (("No E-Mail", 1 / 3), ("Mens E-Mail", 1 / 3), ("Womens E-Mail", 1 / 3))
    promise = replace(PROMISE, control="No E-Mail", shares=thirds)
    told = found(columns, promise, segment_column="channel")
    assert told.conclusion is Conclusion.WON
    assert told.grade is Grade.A
    effects = {one.variant: one.effect for one in told.effects}
    # Plain means: 0.653 without, 1.423 and 1.077 with.
    assert effects["Mens E-Mail"].estimate == pytest.approx(1.18, abs=0.03)
    assert effects["Womens E-Mail"].estimate == pytest.approx(0.65, abs=0.03)
    assert told.tails is not None
    assert told.tails.effect.low > 0.0
    assert set(told.segments) == {"Phone", "Web", "Multichannel"}


def cookie_cats(shared: Path) -> dict[str, list[Any]]:
    with (shared / "data" / "experiments" / "cookie_cats.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        "variant": [row["version"] for row in rows],
        "retention_7": [float(row["retention_7"].upper() == "TRUE") for row in rows],
        "rounds": [float(row["sum_gamerounds"]) for row in rows],
    }


@pytest.mark.shared
def test_cookie_cats_the_later_gate_loses_players(shared: Path) -> None:
    gates = (("gate_30", 0.5), ("gate_40", 0.5))
    promise = replace(PROMISE, metric="retention_7", control="gate_30", shares=gates)
    told = found(cookie_cats(shared), promise)
    assert told.conclusion is Conclusion.LOST
    assert told.effects[0].effect.estimate == pytest.approx(-0.0431, abs=0.0005)


@pytest.mark.shared
def test_cookie_cats_rounds_hang_on_a_handful_of_players(shared: Path) -> None:
    promise = replace(PROMISE, metric="rounds", control="gate_30")
    told = found(cookie_cats(shared), promise)
    assert told.conclusion is Conclusion.INCONCLUSIVE
    assert [check.passed for check in told.checks if check.code == "heavy_tails"] == [False]
    assert told.tails is not None
    assert abs(told.tails.effect.estimate) < 0.01


@pytest.mark.shared
def test_geolift_sample_is_not_sure_once_calibrated_on_the_other_cities(shared: Path) -> None:
    with (shared / "data" / "experiments" / "geolift_test.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    outcomes = pa.table(
        {
            "date": [date.fromisoformat(row["date"]) for row in rows],
            "region": [row["location"] for row in rows],
            "value": [float(row["Y"]) for row in rows],
        }
    )
    promise = replace(
        PROMISE,
        kind=Kind.GEO,
        metric="revenue",
        treated=("chicago", "portland"),
        starts_on=date(2021, 4, 1),
        ends_on=date(2021, 4, 15),
    )
    field = Field.of_tables({"outcomes": outcomes})
    told = analysed(field, Asked(registration=promise, registered=True), rng=np.random.default_rng(1))
    effect = told.effects[0].effect
    assert effect.estimate == pytest.approx(0.061, abs=0.01)
    assert effect.low < 0.0 < effect.high
    assert told.conclusion is Conclusion.INCONCLUSIVE


@pytest.mark.shared
def test_asos_history_says_how_small_effects_are(shared: Path) -> None:
    last: dict[tuple[str, ...], dict[str, str]] = {}
    with (shared / "data" / "experiments" / "asos_digital_experiments.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            key = (row["experiment_id"], row["variant_id"], row["metric_id"])
            if key not in last or float(row["time_since_start"]) > float(last[key]["time_since_start"]):
                last[key] = row
    effects, errors = [], []
    for row in last.values():
        told = {name: float(row[name] or "nan") for name in row if name.startswith(("mean", "var", "count"))}
        noise = told["variance_c"] / told["count_c"] + told["variance_t"] / told["count_t"]
        if told["mean_c"] > 0.0 and noise > 0.0:
            effects.append(told["mean_t"] / told["mean_c"] - 1.0)
            errors.append(noise**0.5 / told["mean_c"])
    history = learnt(effects, errors)
    assert len(effects) > 250
    assert 0.004 < history.spread < 0.012, history
    assert abs(history.mean) < 0.002


@pytest.mark.shared
def test_asos_series_cross_half_as_often_where_every_look_is_counted(shared: Path) -> None:
    """Every reading taken as the last calls 59 % of series significant at some time, a sequence 28 %."""
    series: dict[tuple[str, ...], list[tuple[float, float, float, float]]] = {}
    with (shared / "data" / "experiments" / "asos_digital_experiments.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            told = {
                name: float(row[name] or "nan") for name in row if name.startswith(("mean", "var", "count"))
            }
            if not (told["count_c"] > 0.0 and told["count_t"] > 0.0):
                continue
            noise = told["variance_c"] / told["count_c"] + told["variance_t"] / told["count_t"]
            if told["mean_c"] > 0.0 and noise > 0.0:
                effect, se = told["mean_t"] / told["mean_c"] - 1.0, noise**0.5 / told["mean_c"]
                units = told["count_c"] + told["count_t"]
                key = (row["experiment_id"], row["variant_id"], row["metric_id"])
                series.setdefault(key, []).append((float(row["time_since_start"]), effect, se, units))
    peeked = valid = last = 0
    for readings in series.values():
        readings.sort()
        most = readings[-1][3]
        peeked += any(abs(effect) > 1.96 * se for _, effect, se, _ in readings)
        last += abs(readings[-1][1]) > 1.96 * readings[-1][2]
        valid += any(
            always_valid(
                Effect(estimate=effect, se=se, low=-inf, high=inf, p=1.0, df=inf, n=units), expected_n=most
            ).significant
            for _, effect, se, units in readings
        )
    n = len(series)
    assert n == 381
    assert (peeked / n, last / n) == pytest.approx((0.591, 0.276), abs=0.002)
    assert valid / n == pytest.approx(0.276, abs=0.005)


@pytest.mark.shared
def test_geolift_two_cells_differ_though_their_own_intervals_do_not_say_so(shared: Path) -> None:
    with (shared / "data" / "experiments" / "geolift_test_multicell.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    outcomes = pa.table(
        {
            "date": [date.fromisoformat(row["date"]) for row in rows],
            "region": [row["location"] for row in rows],
            "value": [float(row["Y"]) for row in rows],
        }
    )
    cells = (("social", ("chicago", "cincinnati")), ("search", ("honolulu", "indianapolis")))
    promise = replace(
        PROMISE,
        kind=Kind.GEO,
        metric="revenue",
        level=0.9,
        treated=("chicago", "cincinnati", "honolulu", "indianapolis"),
        cells=cells,
        starts_on=date(2021, 4, 1),
        ends_on=date(2021, 4, 15),
    )
    field = Field.of_tables({"outcomes": outcomes})
    told = analysed(field, Asked(registration=promise, registered=True), rng=np.random.default_rng(1))
    effects = {one.variant: one.effect for one in told.effects}
    # GeoLift prints 22.8 % and 7.1 %, both significant, and no winner.
    assert effects["social"].estimate == pytest.approx(0.24, abs=0.02)
    assert effects["social"].low > 0.1
    assert effects["search"].low < 0.0 < effects["search"].high
    assert told.others[0].effect.low > 0.0
    seconds = next(check for check in told.checks if check.code == "methods")
    assert "22.8%" in seconds.says.en
