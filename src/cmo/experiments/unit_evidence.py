"""The units of a randomised test, counted where they lie: moments, repeats, tails, segments, quantiles."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import ceil

import ibis
import ibis.expr.types as ir
import numpy as np

from cmo.experiments.counting import (
    MOST_BINARY,
    Count,
    binary_of,
    count_moments,
    read_moments,
    spans,
    whole_numbers,
)
from cmo.experiments.metric import Mean, Quantile, Ratio, columns_of, metric_of
from cmo.experiments.moments import Moments, MomentTable
from cmo.experiments.quantiles import OrderInterval, ranks
from cmo.experiments.registration import Registration
from cmo.experiments.unit_analysis import PRE, Units
from cmo.experiments.unit_reading import guessed_control
from cmo.measures import Problem
from cmo.warehouse.field import Field

CUT_AT = 0.999
"""Quantile above which values are cut to see what the largest ones do."""
MOST_SEGMENTS = 24
LEAST_BEYOND = 10
"""Units that must lie on either side of a quantile for its order statistics to bound it."""
_TOO_LARGE = 1e-8
"""Share of its squared mean below which the variance of a column is lost in the digits of plain sums."""
_LEAST_VALUES = 20
"""A metric with fewer different values has no tail to speak of."""


def counted_units(
    field: Field, rows: ir.Table, promise: Registration, *, segment: str | None = None
) -> tuple[Units, Registration]:
    """The counts of a test's units: one query for all moments, one for repeats, two for the tail.

    Args:
        field: The company's tables.
        rows: The test's rows of `experiment_units`.
        promise: What was promised; what it leaves open is filled in from what is there.
        segment: Column whose values are looked at one by one.

    Raises:
        Problem: No unit is there, or a column that was promised is not.
    """
    numeric = _numbers(rows, promise)
    metrics = [name for name in numeric if not name.startswith(PRE)]
    asked = _asked(promise, metrics, numeric=numeric)
    count = Count(
        arm="variant",
        values=tuple(numeric),
        stratum=promise.strata,
        day="assigned_at" if "assigned_at" in rows.columns and promise.cluster is None else None,
        cluster=promise.cluster,
        binary=binary_columns(field, numeric)[:MOST_BINARY],
    )
    table, count = _table(field, _in_strata(rows, promise), promise, count=count)
    live = _varying(table, metrics)
    asked = {name: of for name, of in asked.items() if set(columns_of(of)) & set(live)}
    if promise.metric and promise.metric not in {*live, *asked}:
        raise Problem(
            f"{promise.test} cannot be analysed: {promise.metric} does not vary between units, so that "
            "nothing can be compared"
        )
    first = promise.metric if promise.metric in {*live, *asked} else next(iter(live), promise.metric)
    promise = replace(promise, metric=first, control=promise.control or guessed_control(table.arms))
    told = field.collect(rows.aggregate(rows=rows.count(), units=rows["unit_id"].nunique())).to_pylist()[0]
    orders = {
        name: _orders(field, rows, of, arms=table.arms)
        for name, of in asked.items()
        if isinstance(of, Quantile)
    }
    units = Units(
        table=table,
        metrics=(*live, *(name for name in asked if name not in live)),
        repeated=told["rows"] - told["units"],
        cut=_cut(field, _in_strata(rows, promise), promise, count=count),
        segments=None if segment is None else _by(field, rows, promise, segment=segment),
        orders=orders,
        split=0 if promise.cluster is None else _split(field, rows, promise.cluster),
    )
    return units, promise


def _table(field: Field, rows: ir.Table, promise: Registration, *, count: Count) -> tuple[MomentTable, Count]:
    """Moments of the units; counted anew around their means where they are too large to tell them apart."""
    found = field.collect(count_moments(rows, count)).to_pylist()
    if not found:
        raise Problem(
            f"no unit of {promise.test} is in experiment_units: its rows carry the name of the test"
        )
    with np.errstate(invalid="ignore", over="ignore"):  # infinite values are told of below
        table = read_moments(found, count)
    lost = [name for i, name in enumerate(table.columns) if not np.isfinite(table.mean[:, i]).all()]
    if lost:
        raise Problem(f"{promise.test}: {lost[0]} holds values that are no finite numbers; leave them empty")
    arms = table.by_arm()
    if sum(part.n >= 2.0 for part in arms.values()) < 2 and max(part.n for part in arms.values()) < 2.0:
        raise Problem(f"{promise.test} has fewer than two units in each variant: nothing can be compared")
    pooled = Moments.pooled(arms.values())
    scale = np.maximum(np.diag(pooled.scatter), 0.0) / pooled.n
    large = [
        name
        for i, name in enumerate(pooled.columns)
        if name in count.values and name not in count.binary and scale[i] < _TOO_LARGE * pooled.mean[i] ** 2
    ]
    if not large or count.cluster is not None:
        return table, count
    means = dict(zip(pooled.columns, pooled.mean, strict=True))
    shifted = replace(count, shift={name: float(means[name]) for name in large})
    return read_moments(field.collect(count_moments(rows, shifted)).to_pylist(), shifted), shifted


def _split(field: Field, rows: ir.Table, cluster: str) -> int:
    """Groups that are in more than one variant, though whole groups were to be drawn."""
    each = rows.group_by(cluster).aggregate(variants=rows["variant"].nunique())
    torn = each.filter(each["variants"] > 1)
    return int(field.collect(torn.aggregate(n=torn.count())).to_pylist()[0]["n"])


def binary_columns(field: Field, names: Sequence[str]) -> tuple[str, ...]:
    """Columns of `experiment_units` that hold nothing but 0 and 1."""
    units = field.table("experiment_units")
    whole = whole_numbers(units, names)
    return binary_of(field.collect(spans(units, whole)).to_pylist()[0], whole) if whole else ()


def _numbers(rows: ir.Table, promise: Registration) -> list[str]:
    """Columns that are numbers, without those that only tell clusters and strata apart."""
    for name in (promise.cluster, promise.strata):
        if name is not None and name not in rows.columns:
            raise Problem(
                f"{promise.test} is drawn by {name}, which experiment_units does not have as a column; it "
                f"has {', '.join(rows.columns)}"
            )
    kept = {"experiment", "unit_id", "variant", promise.cluster, promise.strata}
    return [
        name
        for name, kind in rows.schema().items()
        if (kind.is_numeric() or kind.is_boolean()) and name not in kept
    ]


def _asked(
    promise: Registration, metrics: Sequence[str], *, numeric: Sequence[str]
) -> dict[str, Mean | Ratio | Quantile]:
    """What was promised beyond plain columns: ratios and quantiles, as they were written."""
    named = [name for name in (promise.metric, *promise.guardrails) if name]
    try:
        found = {name: metric_of(name, numeric) for name in named}
    except ValueError as error:
        raise Problem(f"{promise.test} is decided on what experiment_units does not hold: {error}") from error
    found = {name: of for name, of in found.items() if name not in metrics}
    quantiles = [name for name, of in found.items() if isinstance(of, Quantile)]
    if quantiles and (promise.cluster or promise.strata):
        raise Problem(
            f"{promise.test}: {quantiles[0]} is read unit by unit, not by cluster or stratum; decide on a "
            "mean or a ratio, or draw units one by one"
        )
    return found


def _in_strata(rows: ir.Table, promise: Registration) -> ir.Table:
    if promise.strata is None:
        return rows
    return rows.mutate(**{promise.strata: rows[promise.strata].cast("string").fill_null("–")})


def _varying(table: MomentTable, metrics: Sequence[str]) -> list[str]:
    pooled = Moments.pooled(table.by_arm().values())
    return [name for i, name in enumerate(pooled.columns) if name in metrics and pooled.scatter[i, i] > 0.0]


def _orders(
    field: Field, rows: ir.Table, metric: Quantile, *, arms: Sequence[str]
) -> Mapping[str, OrderInterval]:
    """The quantile of each arm with the order statistics around it, found where the units lie."""
    value = rows[metric.column].cast("float64")
    counts = field.collect(rows.group_by("variant").aggregate(n=value.count())).to_pylist()
    known = {str(row["variant"]): int(row["n"]) for row in counts}
    out = {}
    for arm in arms:
        n = known.get(arm, 0)
        if n < 2:
            continue
        if n * min(metric.share, 1.0 - metric.share) < LEAST_BEYOND:
            least = ceil(LEAST_BEYOND / min(metric.share, 1.0 - metric.share))
            raise Problem(
                f"{arm} has {n} units with {metric.column}: quantile {metric.share:g} needs {least}"
            )
        at = ranks(n, metric.share)
        own = rows.filter(rows["variant"] == arm)
        of = own[metric.column].cast("float64")
        # A rank over the last one makes an interpolating quantile an order statistic.
        asked = own.aggregate(**{name: of.quantile(rank / (n - 1)) for name, rank in at.items()})
        out[arm] = OrderInterval(n=n, **field.collect(asked).to_pylist()[0])
    return out


def _cut(
    field: Field, rows: ir.Table, promise: Registration, *, count: Count
) -> tuple[MomentTable, float, float] | None:
    if promise.metric not in rows.columns:
        return None
    value = rows[promise.metric].cast("float64")
    asked = rows.aggregate(at=value.quantile(CUT_AT), values=value.nunique(), n=value.count())
    told = field.collect(asked).to_pylist()[0]
    if not told["n"] or told["values"] < _LEAST_VALUES:
        return None
    high = rows.filter(value > told["at"])
    above = field.collect(high.aggregate(n=high.count())).to_pylist()[0]["n"]
    if not above:
        return None
    capped = replace(count, ceiling={promise.metric: float(told["at"])}, binary=())
    table = read_moments(field.collect(count_moments(rows, capped)).to_pylist(), capped)
    return table, float(told["at"]), above / told["n"]


def _by(
    field: Field, rows: ir.Table, promise: Registration, *, segment: str
) -> Mapping[str, Mapping[str, Moments]] | None:
    if segment not in rows.columns:
        raise Problem(
            f"experiment_units has no column {segment} to tell segments apart; it has "
            f"{', '.join(rows.columns)}"
        )
    metric = metric_of(promise.metric, rows.columns)
    if isinstance(metric, Quantile):
        return None
    told = rows.mutate(stratum=rows[segment].cast("string").fill_null("–"))
    largest = told.group_by("stratum").aggregate(n=told.count()).order_by(ibis.desc("n")).limit(MOST_SEGMENTS)
    kept = {row["stratum"] for row in field.collect(largest).to_pylist()}
    count = Count(arm="variant", values=metric.columns, stratum="stratum", cluster=promise.cluster)
    found = [row for row in field.collect(count_moments(told, count)).to_pylist() if row["stratum"] in kept]
    return read_moments(found, count).by_stratum()
