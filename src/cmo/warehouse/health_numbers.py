"""What a histogram of a column says: far values, zeros, negatives, changes of unit."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cmo.measures import Text
from cmo.warehouse.health_counts import NO_SIZE
from cmo.warehouse.health_finding import Finding, Kind, Severity, finding, percent, whole
from cmo.warehouse.health_signs import UnitChange, far_out, median_of, unit_changes

EXAMPLES = 3
SOME = 0.001  # share of zeros or negatives worth a note
HEAVY = 0.1  # share of a column's sum that far values may carry before they are a warning
NEVER_NEGATIVE = frozenset({("media", "spend"), ("content", "cost")})
SELDOM_ZERO = frozenset({("orders", "revenue"), ("outcomes", "value")})

Columns = dict[str, npt.NDArray[np.object_]]


def findings_of_numbers(table: str, column: str, *, sizes: pa.Table) -> list[Finding]:
    """Findings about one numeric column.

    Args:
        table: Canonical name.
        column: Name of the column.
        sizes: Its histogram by series, day and sign, as `health_counts.sizes` counts it.

    Returns:
        The findings, none when the column has no value.
    """
    if not sizes.num_rows:
        return []
    sizes = sizes.sort_by([(name, "ascending") for name in ("series", "day", "cell", "sign")])
    names = np.array(sizes["series"].to_pylist(), dtype=object)
    found = _signs(table, column, sizes=sizes)
    for name in sorted(set(names)):
        part = sizes.filter(pa.array((names == name) & (sizes["cell"].to_numpy() > NO_SIZE)))
        if part.num_rows:
            found += _far(table, column, series=name, part=part)
            found += _unit_changes(table, column, series=name, part=part)
    return found


def _signs(table: str, column: str, *, sizes: pa.Table) -> list[Finding]:
    n, sign = sizes["n"].to_numpy(), sizes["sign"].to_numpy()
    rows = int(n.sum())
    found = []
    for kind, value, en, fr in (
        (Kind.NEGATIVE, -1, "negative", "négatives"),
        (Kind.ZERO, 0, "zero", "nulles"),
    ):
        those = int(n[sign == value].sum())
        wrong = kind is Kind.NEGATIVE and (table, column) in NEVER_NEGATIVE
        plain = kind is Kind.ZERO and (table, column) not in SELDOM_ZERO
        if those and not plain and (wrong or those / rows >= SOME):
            share = percent(those / rows)
            says = Text(
                f"{whole(those).en} values of {table}.{column} ({share.en}) are {en}.",
                f"{whole(those).fr} valeurs de {table}.{column} ({share.fr}) sont {fr}.",
            )
            severity = Severity.WARNING if wrong else Severity.NOTE
            found.append(finding(table, column, kind, severity, n=those, share=those / rows, says=says))
    return found


def _far(table: str, column: str, *, series: str, part: pa.Table) -> list[Finding]:
    cell, n = part["cell"].to_numpy(), part["n"].to_numpy()
    cells, place = np.unique(cell, return_inverse=True)
    counts = np.bincount(place, weights=n).astype(np.int64)
    far = far_out(cells, counts)[place]
    those = int(n[far].sum())
    if not those:
        return []
    total = part["total"].to_numpy()
    carried = percent(float(total[far].sum() / total.sum()))
    where = _where(table, column, series)
    says = Text(
        f"{whole(those).en} values of {where} lie far above the others; they carry {carried.en} of the sum.",
        f"{whole(those).fr} valeurs de {where} dépassent de loin les autres ; elles portent {carried.fr} "
        "de la somme.",
    )
    largest = part.filter(pa.array(far)).sort_by([("largest", "descending")]).slice(0, EXAMPLES).to_pylist()
    severity = Severity.WARNING if total[far].sum() >= HEAVY * total.sum() else Severity.NOTE
    return [
        finding(
            table,
            column,
            Kind.OUTLIER,
            severity,
            n=those,
            share=those / int(n.sum()),
            says=says,
            examples=[f"{row['sign'] * row['largest']:g}{_on(row['day'])}" for row in largest],
        )
    ]


def _unit_changes(table: str, column: str, *, series: str, part: pa.Table) -> list[Finding]:
    days = part["day"].to_pylist()
    if days[0] is None:
        return []
    cell, n = part["cell"].to_numpy(), part["n"].to_numpy()
    starts = [i for i, day in enumerate(days) if i == 0 or day != days[i - 1]]
    medians = np.array(
        [median_of(cell[i:j], n[i:j]) for i, j in zip(starts, [*starts[1:], len(days)], strict=True)]
    )
    changes = unit_changes([days[i] for i in starts], medians)
    return [_unit_change(table, column, series=series, change=change) for change in changes]


def _unit_change(table: str, column: str, *, series: str, change: UnitChange) -> Finding:
    where = _where(table, column, series)
    grew = change.factor > 1
    times = round(change.factor if grew else 1 / change.factor)
    size = Text("larger", "plus grandes") if grew else Text("smaller", "plus petites")
    says = Text(
        f"From {change.since.isoformat()} the values of {where} are about {times} times {size.en}: "
        "has the unit changed?",
        f"À partir du {change.since.isoformat()}, les valeurs de {where} sont environ {times} fois "
        f"{size.fr} : l'unité a-t-elle changé ?",
    )
    return finding(
        table,
        column,
        Kind.UNIT_CHANGE,
        Severity.SERIOUS,
        n=1,
        share=None,
        says=says,
        examples=(f"{change.before:.3g} → {change.after:.3g}",),
    )


def _where(table: str, column: str, series: str) -> str:
    return f"{table}.{column} ({series})" if series else f"{table}.{column}"


def _on(day: object) -> str:
    return f" ({day})" if day is not None else ""
