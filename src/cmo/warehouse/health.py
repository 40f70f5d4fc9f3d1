"""How healthy the tables are: what `cmo check` says before anything is believed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cmo.measures import Text, Window
from cmo.warehouse import health_counts as count
from cmo.warehouse.field import AHEAD, Field, canonical_table
from cmo.warehouse.health_finding import Finding, Kind, Severity, finding, percent, whole
from cmo.warehouse.health_numbers import findings_of_numbers
from cmo.warehouse.health_signs import DAY, WEEK, rhythm

EXAMPLES = 3
MUCH_MISSING = 0.2  # share of the rows without a column that much rests on, from which it is a warning
SOME_MISSING = 0.01
MUCH_GAP = 0.05  # share of the periods missed above which gaps are a warning
LONG_GAP = 14  # periods missed in a row that are a warning by themselves
MUCH_REPEATED = 0.01
MUCH_BROKEN = 0.01
CURRENCY_NAMES = frozenset({"currency", "currency_code", "devise", "monnaie"})
PARENTS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("orders", "customer_id"): ("customers", "customer_id"),
    ("feedback", "customer_id"): ("customers", "customer_id"),
}
"""Column → the column of another table that should know its values."""
RESTED_ON = frozenset({("orders", "customer_id"), ("orders", "margin"), ("customers", "acquisition_channel")})
"""Optional columns on which whole areas rest."""
MAY_BE_EMPTY = frozenset(
    {
        ("customers", "email_consent_at"),
        ("customers", "unsubscribed_at"),
        ("events", "end"),
        ("events", "region"),
        ("context", "region"),
    }
)
"""Columns where nothing is an answer: nobody unsubscribed, everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The health of one table.

    Attributes:
        table: Canonical name.
        rows: Number of rows.
        span: First and last day, or None where the table has no dates.
        findings: What to know, the gravest first.
    """

    table: str
    rows: int
    span: Window | None
    findings: tuple[Finding, ...]


def health(field: Field, *, today: date) -> tuple[Health, ...]:
    """The health of every table of the field, in the order of their names.

    Args:
        field: The company's tables.
        today: Later days are the future.

    Returns:
        One entry per table; counts are exact, outliers and changes of unit are read off histograms.
    """
    return tuple(_health(field, name, today=today) for name in sorted(field.tables))


def _health(field: Field, name: str, *, today: date) -> Health:
    table, canonical = field.table(name), canonical_table(name)
    counted = field.collect(count.presence(table)).to_pylist()[0]
    rows = int(counted["rows"])
    if not rows:
        says = Text(f"{name} has no row.", f"{name} n'a aucune ligne.")
        empty = finding(name, None, Kind.EMPTY, Severity.SERIOUS, n=1, share=None, says=says)
        return Health(table=name, rows=0, span=None, findings=(empty,))
    lacking = {column: int(counted[f"lacking_{i}"]) for i, column in enumerate(table.columns)}
    findings = [*_missing(name, lacking, rows=rows), *_repeats(field, name, rows=rows)]
    dated = canonical.time is not None and canonical.time in table.columns
    if dated:
        findings += _over_time(field, name, today=today)
    for column in count.numbers(canonical, table.columns):
        sizes = field.collect(count.sizes(table, canonical, column=column))
        findings += findings_of_numbers(name, column, sizes=sizes)
    findings += [*_strays(field, name, rows=rows), *_currencies(field, name)]
    gravity = list(Severity)
    findings.sort(key=lambda one: (-gravity.index(one.severity), one.column or "", one.kind))
    return Health(table=name, rows=rows, span=field.span(name) if dated else None, findings=tuple(findings))


def _missing(name: str, lacking: Mapping[str, int], *, rows: int) -> list[Finding]:
    found = []
    for column, n in lacking.items():
        share = n / rows
        if share >= SOME_MISSING and (name, column) not in MAY_BE_EMPTY:
            says = Text(
                f"{percent(share).en} of the rows of {name} have no {column}.",
                f"{percent(share).fr} des lignes de {name} n'ont pas de {column}.",
            )
            grave = share >= MUCH_MISSING and (name, column) in RESTED_ON
            severity = Severity.WARNING if grave else Severity.NOTE
            found.append(finding(name, column, Kind.MISSING, severity, n=n, share=share, says=says))
    return found


def _repeats(field: Field, name: str, *, rows: int) -> list[Finding]:
    table = field.table(name)
    found = []
    extra = int(field.collect(count.duplicates(table)).to_pylist()[0]["extra"])
    if extra:
        share = extra / rows
        says = Text(
            f"{whole(extra).en} rows of {name} repeat another in every column.",
            f"{whole(extra).fr} lignes de {name} en répètent une autre dans toutes les colonnes.",
        )
        severity = Severity.WARNING if share >= MUCH_REPEATED else Severity.NOTE
        found.append(finding(name, None, Kind.DUPLICATE, severity, n=extra, share=share, says=says))
    key = tuple(column for column in canonical_table(name).key if column in table.columns)
    if not key:
        return found
    repeated = int(field.collect(count.repeated_keys(table, key)).to_pylist()[0]["extra"]) - extra
    if repeated > 0:
        top = field.collect(count.examples_of_keys(table, key, n=EXAMPLES)).to_pylist()
        says = Text(
            f"{whole(repeated).en} rows of {name} differ from another that has the same {', '.join(key)}.",
            f"{whole(repeated).fr} lignes de {name} diffèrent d'une autre de mêmes {', '.join(key)}.",
        )
        examples = [" / ".join(str(row[column]) for column in key) for row in top]
        found.append(
            finding(
                name,
                key[0],
                Kind.REPEATED_KEY,
                Severity.SERIOUS,
                n=repeated,
                share=repeated / rows,
                says=says,
                examples=examples,
            )
        )
    return found


def _over_time(field: Field, name: str, *, today: date) -> list[Finding]:
    time = canonical_table(name).time or ""
    by_day = field.collect(count.days(field.table(name), time)).drop_null().sort_by("day").to_pylist()
    found: list[Finding] = []
    future = [row for row in by_day if row["day"] > today]
    if future and name not in AHEAD:
        n = sum(row["rows"] for row in future)
        says = Text(
            f"{whole(n).en} rows of {name} are dated after {today.isoformat()}.",
            f"{whole(n).fr} lignes de {name} sont datées d'après le {today.isoformat()}.",
        )
        examples = [row["day"].isoformat() for row in future[-EXAMPLES:]]
        share = n / sum(row["rows"] for row in by_day)
        found.append(
            finding(name, time, Kind.FUTURE, Severity.SERIOUS, n=n, share=share, says=says, examples=examples)
        )
    if name in AHEAD:
        return found
    beat = rhythm([row["day"] for row in by_day if row["day"] <= today])
    if beat.gaps:
        share = beat.missed / beat.expected
        longest = sorted(beat.gaps, key=lambda gap: (-gap.missed, gap.start))[:EXAMPLES]
        grave = share > MUCH_GAP or longest[0].missed >= LONG_GAP
        unit = {DAY: Text("days", "jours"), WEEK: Text("weeks", "semaines")}.get(
            beat.step or 0, Text("months", "mois")
        )
        says = Text(
            f"{name} lacks {beat.missed} of {beat.expected} {unit.en} it should have.",
            f"Il manque à {name} {beat.missed} {unit.fr} sur {beat.expected}.",
        )
        examples = [f"{gap.start.isoformat()} – {gap.end.isoformat()}" for gap in longest]
        severity = Severity.WARNING if grave else Severity.NOTE
        found.append(
            finding(name, time, Kind.GAP, severity, n=beat.missed, share=share, says=says, examples=examples)
        )
    return found


def _strays(field: Field, name: str, *, rows: int) -> list[Finding]:
    found = []
    for (child, column), (parent, key) in PARENTS.items():
        if child != name or column not in field.columns(name) or parent not in field.tables:
            continue
        table, known = field.table(name), field.table(parent).select(key).distinct()
        stray = field.collect(count.broken_keys(table, known, column=column)).to_pylist()[0]
        n = int(stray["rows"])
        if not n:
            continue
        examples = field.collect(count.examples_of_broken_keys(table, known, column=column, n=EXAMPLES))
        says = Text(
            f"{whole(stray['keys']).en} values of {name}.{column} ({whole(n).en} rows) are not in {parent}.",
            f"{whole(stray['keys']).fr} valeurs de {name}.{column} ({whole(n).fr} lignes) ne sont pas "
            f"dans {parent}.",
        )
        found.append(
            finding(
                name,
                column,
                Kind.BROKEN_KEY,
                Severity.WARNING if n / rows >= MUCH_BROKEN else Severity.NOTE,
                n=n,
                share=n / rows,
                says=says,
                examples=[str(value) for value in examples[column].to_pylist()],
            )
        )
    return found


def _currencies(field: Field, name: str) -> list[Finding]:
    found = []
    own = field.company.currency
    for column in field.columns(name):
        if column.lower() not in CURRENCY_NAMES:
            continue
        by_value = field.collect(count.values(field.table(name), column)).to_pylist()
        foreign = [row for row in by_value if row[column] is not None and str(row[column]).upper() != own]
        n = sum(row["rows"] for row in foreign)
        if not n:
            continue
        says = Text(
            f"{whole(n).en} rows of {name} are not in {own}: their amounts cannot be added to the others.",
            f"{whole(n).fr} lignes de {name} ne sont pas en {own} : leurs montants ne s'ajoutent pas aux "
            "autres.",
        )
        share = n / sum(row["rows"] for row in by_value)
        examples = [str(row[column]) for row in foreign[:EXAMPLES]]
        found.append(
            finding(
                name,
                column,
                Kind.CURRENCY_MIX,
                Severity.SERIOUS,
                n=n,
                share=share,
                says=says,
                examples=examples,
            )
        )
    return found
