"""The counting behind the health of a table: aggregates over any engine, small enough to carry away."""

import ibis
import ibis.expr.types as ir

from cmo.warehouse.health_signs import STEPS
from cmo.warehouse.tables import CanonicalTable, Kind

NO_SIZE = -10_000  # cell of the values that have no logarithm: zero
SERIES = {"media": "channel", "outcomes": "kpi", "context": "name", "market": "metric", "signals": "topic"}
"""The column that tells apart series whose levels are not comparable."""


def presence(table: ir.Table) -> ir.Table:
    """One row: `rows`, and for each column how many rows lack it (null, or an empty text)."""
    lacking: dict[str, ir.Value] = {}
    for i, name in enumerate(table.columns):
        column = table[name]
        lacks = column.isnull()
        if column.type().is_string():
            lacks = lacks | (column == "")
        lacking[f"lacking_{i}"] = lacks.cast("int64").sum()
    return table.aggregate(rows=table.count(), **lacking)


def days(table: ir.Table, time: str) -> ir.Table:
    """Rows by `day`."""
    dated = table.select(day=table[time].cast("date"))
    return dated.group_by("day").aggregate(rows=dated.count())


def duplicates(table: ir.Table) -> ir.Table:
    """One row: `extra`, rows that repeat an earlier one in every column."""
    return _repeated(table, tuple(table.columns))


def repeated_keys(table: ir.Table, key: tuple[str, ...]) -> ir.Table:
    """One row: `extra`, rows whose key an earlier one has, and `keys`, how many keys are repeated."""
    return _repeated(table, key)


def examples_of_keys(table: ir.Table, key: tuple[str, ...], *, n: int) -> ir.Table:
    """The keys repeated most often, with `n_rows`."""
    grouped = table.group_by(list(key)).aggregate(n_rows=table.count())
    repeated = grouped.filter(grouped.n_rows > 1)
    return repeated.order_by(repeated.n_rows.desc(), *(repeated[name] for name in key)).limit(n)


def _repeated(table: ir.Table, key: tuple[str, ...]) -> ir.Table:
    grouped = table.group_by(list(key)).aggregate(n_rows=table.count())
    repeated = grouped.filter(grouped.n_rows > 1)
    return repeated.aggregate(extra=(repeated.n_rows - 1).sum().fill_null(0), keys=repeated.count())


def sizes(table: ir.Table, canonical: CanonicalTable, *, column: str) -> ir.Table:
    """Histogram of a number by series and day: `series`, `day`, `sign`, `cell`, `n`, `total`, `largest`.

    Cell k holds absolute values from exp(k/4) to exp((k+1)/4); zero has a cell of its own.
    """
    series = SERIES.get(canonical.name)
    value = table[column]
    size = value.abs()
    step = (ibis.cases((size > 0, size), else_=1).cast("float64").ln() * STEPS).floor().cast("int64")
    dated = canonical.time is not None and canonical.time in table.columns
    keyed = table.filter(value.notnull()).select(
        series=table[series].fill_null("") if series in table.columns else ibis.literal(""),
        day=table[canonical.time].cast("date") if dated else ibis.null("date"),
        sign=value.sign().cast("int64"),
        cell=ibis.cases((size > 0, step), else_=NO_SIZE),
        size=size,
    )
    return keyed.group_by("series", "day", "sign", "cell").aggregate(
        n=keyed.count(), total=keyed["size"].sum(), largest=keyed["size"].max()
    )


def broken_keys(table: ir.Table, known: ir.Table, *, column: str) -> ir.Table:
    """One row: `rows` whose key is not among the known, and how many `keys` these are."""
    named = table.filter(table[column].notnull())
    stray = named.anti_join(known, named[column] == known[column])
    return stray.aggregate(rows=stray.count(), keys=stray[column].nunique())


def examples_of_broken_keys(table: ir.Table, known: ir.Table, *, column: str, n: int) -> ir.Table:
    """The first unknown keys by name."""
    named = table.filter(table[column].notnull())
    stray = named.anti_join(known, named[column] == known[column])
    return stray.select(column).distinct().order_by(column).limit(n)


def values(table: ir.Table, column: str) -> ir.Table:
    """Rows by value of an attribute, most frequent first."""
    return table.group_by(column).aggregate(rows=table.count()).order_by(ibis.desc("rows"), column).limit(10)


def numbers(canonical: CanonicalTable, columns: tuple[str, ...]) -> tuple[str, ...]:
    """The canonical numeric columns that are there."""
    return tuple(c.name for c in canonical.columns if c.kind is Kind.NUMBER and c.name in columns)
