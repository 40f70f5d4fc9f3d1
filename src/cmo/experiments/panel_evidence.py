"""Outcomes and spend by region and period, counted where the data lies."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from typing import Any

import ibis.expr.types as ir
import numpy as np

from cmo.experiments.moments import Floats
from cmo.experiments.past import Panel
from cmo.warehouse.field import Field

NATION = "all"
"""The one region of a panel in which all outcomes are added up."""
_REVENUE = "revenue"


def panel_of(field: Field) -> Panel | None:
    """Outcomes by region and period, of the kind that revenue is told in where there are several.

    Regions without a full series are left out; spend is there where media names its regions.

    Returns:
        The panel; none where outcomes are not known by region.
    """
    if "outcomes" not in field.tables or "region" not in field.columns("outcomes"):
        return None
    rows = field.table("outcomes")
    return _panel(field, rows.filter(rows["region"].notnull()), by_region=True)


def nation_of(field: Field) -> Panel | None:
    """All outcomes added up, by period, with the spend of every channel; none where there are none."""
    if "outcomes" not in field.tables:
        return None
    return _panel(field, field.table("outcomes"), by_region=False)


def _panel(field: Field, rows: ir.Table, *, by_region: bool) -> Panel | None:
    keys = ["date", *(["region"] if by_region else []), *(["kpi"] if "kpi" in rows.columns else [])]
    worth = "value_per_unit" in rows.columns
    sums = {"value": rows["value"].sum()}
    if worth:
        sums["worth"] = (rows["value"] * rows["value_per_unit"].fill_null(1.0)).sum()
    found = field.collect(rows.group_by(keys).aggregate(**sums)).to_pylist()
    kinds = sorted({str(row.get("kpi") or _REVENUE) for row in found})
    if not kinds:
        return None
    kind = _REVENUE if _REVENUE in kinds else kinds[0]
    found = [row for row in found if str(row.get("kpi") or _REVENUE) == kind]
    days = sorted({row["date"] for row in found})
    regions = sorted({str(row["region"]) for row in found}) if by_region else [NATION]
    outcomes = _grid(found, days, regions, column="value", empty=np.nan)
    whole = np.isfinite(outcomes).all(axis=0)
    if not whole.any():
        return None
    kept = [regions[j] for j in np.flatnonzero(whole)]
    total = sum(row["value"] for row in found)
    return Panel(
        days=tuple(days),
        regions=tuple(kept),
        outcomes=outcomes[:, whole],
        spend=_spend(field, days, kept, by_region=by_region),
        value_per_unit=sum(row["worth"] for row in found) / total if worth and total else 1.0,
    )


def _spend(
    field: Field, days: Sequence[date], regions: Sequence[str], *, by_region: bool
) -> dict[str, Floats]:
    if "media" not in field.tables or (by_region and "region" not in field.columns("media")):
        return {}
    rows = field.table("media")
    if by_region:
        rows = rows.filter(rows["region"].notnull())
    keys = ["date", "channel", *(["region"] if by_region else [])]
    summed = field.collect(rows.group_by(keys).aggregate(spend=rows["spend"].sum())).to_pylist()
    placed = [row | {"date": days[at - 1]} for row in summed if (at := bisect_right(days, row["date"])) > 0]
    return {
        channel: _grid(
            [row for row in placed if row["channel"] == channel], days, regions, column="spend", empty=0.0
        )
        for channel in sorted({row["channel"] for row in placed})
    }


def _grid(
    rows: Sequence[dict[str, Any]],
    days: Sequence[date],
    regions: Sequence[str],
    *,
    column: str,
    empty: float,
) -> Floats:
    """Values by period and region; those of one cell are added up."""
    when = {day: i for i, day in enumerate(days)}
    where = {name: j for j, name in enumerate(regions)}
    out = np.full((len(days), len(regions)), empty)
    for row in rows:
        j = where.get(str(row.get("region", NATION)))
        if j is not None and row[column] is not None:
            i = when[row["date"]]
            out[i, j] = row[column] if np.isnan(out[i, j]) else out[i, j] + row[column]
    return out
