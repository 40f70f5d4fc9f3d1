"""The past that a new test is designed from, counted where the data lies: one query for each table."""

from datetime import datetime, time, timedelta
from typing import Any

import ibis
import numpy as np

from cmo.experiments.counting import Count, count_moments, read_moments
from cmo.experiments.moments import Moments
from cmo.experiments.panel_evidence import nation_of, panel_of
from cmo.experiments.past import Audience, Past
from cmo.warehouse.field import Field

CUSTOMERS = "customers"
AUDIENCE_WEEKS = (2, 4, 8)
BEFORE = 26
"""Weeks before a window whose purchases tell what a customer would do in it."""
RECENT = 52
"""Weeks within which somebody has bought who counts as a customer to be reached."""


def past_of(field: Field) -> Past:
    """All of the past that designs are made from.

    Args:
        field: The company's tables.
    """
    return Past(
        panel=panel_of(field),
        nation=nation_of(field),
        audiences=(*_customers(field), *_visitors(field)),
        as_of=field.as_of,
        currency=field.company.currency,
    )


def _customers(field: Field) -> list[Audience]:
    """Customers of the last year: what they bought in the last weeks, by length of the window."""
    if "orders" not in field.tables or "customer_id" not in field.columns("orders"):
        return []
    rows = field.table("orders")
    last = datetime.combine(field.span("orders").end + timedelta(days=1), time.min)
    rows = rows.filter(
        rows["customer_id"].notnull(), rows["ordered_at"] >= last - timedelta(weeks=RECENT + 8)
    )
    sums: dict[str, Any] = {}
    for weeks in AUDIENCE_WEEKS:
        start = last - timedelta(weeks=weeks)
        within = rows["ordered_at"] >= ibis.literal(start, type="timestamp")
        before = (
            rows["ordered_at"] >= ibis.literal(start - timedelta(weeks=BEFORE), type="timestamp")
        ) & ~within
        sums[f"r{weeks}"] = within.ifelse(rows["revenue"], 0.0).sum()
        sums[f"c{weeks}"] = within.ifelse(1.0, 0.0).max()
        sums[f"p{weeks}"] = before.ifelse(rows["revenue"], 0.0).sum()
        sums[f"q{weeks}"] = before.ifelse(1.0, 0.0).max()
    units = rows.group_by("customer_id").aggregate(**sums).mutate(everyone=ibis.literal("all"))
    together = tuple(
        group
        for weeks in AUDIENCE_WEEKS
        for group in ((f"r{weeks}", f"p{weeks}"), (f"c{weeks}", f"q{weeks}"))
    )
    count = Count(arm="everyone", values=tuple(sums), together=together)
    found = field.collect(count_moments(units, count)).to_pylist()
    if not found or found[0]["n"] < 2:
        return []
    moments = read_moments(found, count).by_arm()["all"]
    return [
        _audience(moments, name, column=f"{letter}{weeks}", before=f"{past}{weeks}", weeks=weeks)
        for weeks in AUDIENCE_WEEKS
        for name, letter, past in (("revenue", "r", "p"), ("converted", "c", "q"))
    ]


def _audience(moments: Moments, metric: str, *, column: str, before: str, weeks: int) -> Audience:
    pair = moments.of((column, before)).covariance
    explained = pair[0, 1] ** 2 / (pair[0, 0] * pair[1, 1]) if pair[0, 0] * pair[1, 1] > 0.0 else 0.0
    return Audience(
        name=CUSTOMERS,
        metric=metric,
        weeks=weeks,
        units=moments.n,
        mean=float(moments.of((column,)).mean[0]),
        variance=float(pair[0, 0]),
        explained=float(np.clip(explained, 0.0, 0.99)),
    )


def _visitors(field: Field) -> list[Audience]:
    """Units of past tests that arrived day by day: as many come again, week after week."""
    if "experiment_units" not in field.tables or "assigned_at" not in field.columns("experiment_units"):
        return []
    units = field.table("experiment_units")
    numeric = [name for name, kind in units.schema().items() if kind.is_numeric() or kind.is_boolean()]
    metrics = [name for name in numeric if not name.startswith("pre_")]
    if not metrics:
        return []
    count = Count(
        arm="variant",
        values=tuple(metrics),
        stratum="experiment",
        together=tuple((name,) for name in metrics),
    )
    table = read_moments(field.collect(count_moments(units, count)).to_pylist(), count)
    days = units.group_by("experiment").aggregate(
        first=units["assigned_at"].min(),
        last=units["assigned_at"].max(),
        days=units["assigned_at"].cast("date").nunique(),
    )
    out = []
    for row in field.collect(days).to_pylist():
        if row["days"] < 7:  # drawn at once from a list: these are customers, not visitors
            continue
        pooled = Moments.pooled(table.of_stratum(str(row["experiment"])).by_arm().values())
        daily = pooled.n / ((row["last"] - row["first"]).days + 1)
        for i, metric in enumerate(metrics):
            if pooled.scatter[i, i] > 0.0:
                out += [
                    Audience(
                        name=str(row["experiment"]),
                        metric=metric,
                        weeks=weeks,
                        units=daily * 7 * weeks,
                        mean=float(pooled.mean[i]),
                        variance=float(pooled.scatter[i, i] / (pooled.n - 1.0)),
                    )
                    for weeks in AUDIENCE_WEEKS
                ]
    return out
