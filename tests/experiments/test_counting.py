"""One query brings back what row by row arithmetic gives, on every engine."""

from dataclasses import replace
from datetime import date
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pytest

from cmo.experiments.counting import SIZE, Count, binary_of, count_moments, read_moments, spans, whole_numbers
from cmo.experiments.moments import Moments


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(7)
    n = 400
    return pd.DataFrame(
        {
            "variant": rng.choice(["a", "b"], n),
            "country": rng.choice(["fr", "de", "it"], n),
            "at": pd.to_datetime("2026-03-01") + pd.to_timedelta(rng.integers(0, 72, n), unit="h"),
            "revenue": 1e6 + rng.gamma(1.0, 20.0, n),
            "orders": rng.integers(0, 4, n),
            "shop": rng.integers(0, 20, n),
        }
    )


def counted(frame: pd.DataFrame, count: Count) -> Any:
    units = ibis.duckdb.connect().create_table("units", frame)
    return read_moments(count_moments(units, count).to_pyarrow().to_pylist(), count)


def test_counts_agree_with_rows_in_memory(frame: pd.DataFrame) -> None:
    count = Count(
        arm="variant", values=("revenue", "orders"), stratum="country", day="at", shift={"revenue": 1e6}
    )
    table = counted(frame, count)
    assert table.strata == ("de", "fr", "it")
    assert table.days == (date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3))
    for arm, moments in table.by_arm().items():
        plain = Moments.of_rows(frame.loc[frame.variant == arm, ["revenue", "orders"]], ("revenue", "orders"))
        assert moments.n == plain.n
        np.testing.assert_allclose(moments.mean, plain.mean, rtol=1e-13)
        np.testing.assert_allclose(moments.scatter, plain.scatter, rtol=1e-6)


def test_cluster_totals_are_the_units_of_a_clustered_test(frame: pd.DataFrame) -> None:
    table = counted(frame, Count(arm="variant", values=("orders",), cluster="shop"))
    moments = table.by_arm()["a"]
    shops = frame[frame.variant == "a"].groupby("shop").orders.agg(["sum", "size"])
    assert moments.columns == ("orders", SIZE)
    assert moments.n == len(shops)
    np.testing.assert_allclose(moments.covariance, np.cov(shops.T), rtol=1e-12)


def test_a_ceiling_cuts_in_the_query_as_in_memory(frame: pd.DataFrame) -> None:
    ceiling = 1e6 + 30.0
    table = counted(frame, Count(arm="variant", values=("revenue",), ceiling={"revenue": ceiling}))
    cut = frame.loc[frame.variant == "b", "revenue"].clip(upper=ceiling)
    assert table.by_arm()["b"].mean[0] == pytest.approx(cut.mean(), rel=1e-12)


def test_an_empty_metric_counts_as_zero() -> None:
    frame = pd.DataFrame({"variant": ["a", "a", "b"], "orders": [1.0, None, 2.0]})
    assert counted(frame, Count(arm="variant", values=("orders",))).by_arm()["a"].mean[0] == 0.5


def test_one_query_whatever_the_number_of_metrics(frame: pd.DataFrame) -> None:
    units = ibis.duckdb.connect().create_table("units", frame)
    sql = str(ibis.to_sql(count_moments(units, Count(arm="variant", values=("revenue", "orders", "shop")))))
    assert sql.count("GROUP BY") == 1


def test_columns_of_different_groups_are_not_multiplied(frame: pd.DataFrame) -> None:
    together = (("revenue", "shop"), ("orders", "shop"))
    apart = counted(
        frame, Count(arm="variant", values=("revenue", "orders", "shop"), together=together)
    ).by_arm()["a"]
    whole = counted(frame, Count(arm="variant", values=("revenue", "orders", "shop"))).by_arm()["a"]
    assert np.isnan(apart.scatter[0, 1])
    np.testing.assert_array_equal(apart.of(["orders", "shop"]).scatter, whole.of(["orders", "shop"]).scatter)


def test_binary_columns_tell_rows_apart_and_change_no_moment(frame: pd.DataFrame) -> None:
    frame = frame.assign(bought=(frame.orders > frame.orders.median()).astype("int8"), seen=frame.orders > 0)
    units = ibis.duckdb.connect().create_table("units", frame)
    values = ("revenue", "bought", "orders", "seen")
    whole = whole_numbers(units, values)
    assert set(whole) >= {"bought", "seen"}
    binary = binary_of(spans(units, whole).to_pyarrow().to_pylist()[0], whole)
    assert set(binary) == {"bought", "seen"}
    shift = {"revenue": 1e6, "bought": 0.5}
    plain = Count(arm="variant", values=values, stratum="country", shift=shift)
    apart = replace(plain, binary=binary)
    for arm, moments in counted(frame, plain).by_arm().items():
        same = counted(frame, apart).by_arm()[arm]
        assert same.n == moments.n
        np.testing.assert_allclose(same.mean, moments.mean, rtol=1e-12)
        np.testing.assert_allclose(same.scatter, moments.scatter, rtol=1e-9, atol=1e-9)
    # Clusters add values up: what was binary is no more.
    clustered = replace(apart, cluster="shop", stratum=None)
    assert clustered.apart == ()
