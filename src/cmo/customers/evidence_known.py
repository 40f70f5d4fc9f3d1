"""What the field knows of its customers and what it does not: cohorts, facts and their age, shared keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import numpy as np
import pyarrow as pa

from cmo.customers.counts.cohorts import Triangle, triangle
from cmo.customers.counts.retention import AGES
from cmo.customers.evidence_counts import Books, cohorts
from cmo.measures import Window, months
from cmo.warehouse.field import Field

FACTS = ("acquired_at", "acquisition_channel", "email", "name", "country", "language", "email_consent_at")
KEYS = ("email", "phone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohorts:
    """Customers by month of their first order.

    Attributes:
        months: The month of each cohort.
        size: Customers of each cohort, shape (cohort,).
        triangle: Who ordered at each age in months, 1 to 12, and who will.
    """

    months: tuple[Window, ...]
    size: np.ndarray
    triangle: Triangle


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """How well one column of the customers is known.

    Attributes:
        name: The column.
        known: Share of customers with a value, 0 to 1.
    """

    name: str
    known: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What is known of the customers.

    Attributes:
        records: Records of customers; 0 where there is no such table.
        facts: Columns that the records have.
        strangers: Customers who ordered and have no record.
        last: Last day of each table that speaks of customers.
        as_of: Last day of the field.
    """

    records: int
    facts: tuple[Fact, ...]
    strangers: int
    last: Mapping[str, date]
    as_of: date


def cohorts_of(field: Field, *, rng: np.random.Generator) -> Cohorts:
    """The retention triangle, with what is expected of the months to come.

    Args:
        field: The company's tables, with orders of known customers.
        rng: Source of randomness.
    """
    books = Books.of(field)
    found = field.collect(cohorts(books)).sort_by("cohort")
    whole = months(books.span)
    last = _number(whole[-1]) if whole else -1
    first = found["cohort"].to_numpy()
    size = found["customers"].to_numpy()
    ordered = np.column_stack([found[f"age_{age}"].to_numpy() for age in range(1, AGES + 1)])
    reached = first[:, None] + np.arange(1, AGES + 1) <= last
    return Cohorts(
        months=tuple(_month(int(number)) for number in first),
        size=size,
        triangle=triangle(ordered, size, reached=reached, rng=rng),
    )


def knowledge(field: Field) -> Knowledge:
    """What is known of the customers, and since when nothing was heard."""
    last: dict[str, date] = {}
    for name in ("orders", "touchpoints", "feedback", "experiment_units"):
        if name in field.tables and (shelf := field.shelves[name]).span is not None:
            last[name] = shelf.span.end
    if "customers" not in field.tables:
        return Knowledge(records=0, facts=(), strangers=0, last=last, as_of=field.as_of)
    people = field.table("customers")
    has = [name for name in FACTS if name in people.columns]
    counted = field.collect(
        people.aggregate(
            records=people.count(),
            **{name: people[name].cast("string").nullif("").notnull().cast("int64").sum() for name in has},
        )
    ).to_pylist()[0]
    records = int(counted["records"])
    return Knowledge(
        records=records,
        facts=tuple(Fact(name=name, known=(counted[name] or 0) / max(records, 1)) for name in has),
        strangers=_strangers(field),
        last=last,
        as_of=field.as_of,
    )


def shared_keys(field: Field) -> dict[str, Sequence[tuple[str, str]]]:
    """Records of customers whose e-mail address or phone number another record has too, as written."""
    if "customers" not in field.tables:
        return {}
    people = field.table("customers")
    found: dict[str, Sequence[tuple[str, str]]] = {}
    for key in KEYS:
        if key not in people.columns:
            continue
        said = people[key].cast("string").strip().lower().nullif("")
        if key == "phone":
            said = said.re_replace(r"[^0-9]", "").right(9)
        keyed = people.select(record=people.customer_id.cast("string"), written=people[key], said=said)
        keyed = keyed.filter(keyed.said.notnull())
        several = keyed.group_by("said").aggregate(n=keyed.record.nunique()).filter(ibis._.n > 1)
        rows = field.collect(keyed.semi_join(several, "said").select("record", "written"))
        found[key] = list(zip(rows["record"].to_pylist(), rows["written"].to_pylist(), strict=True))
    return found


def _strangers(field: Field) -> int:
    if "orders" not in field.tables or "customer_id" not in field.columns("orders"):
        return 0
    orders, people = field.table("orders"), field.table("customers")
    named = orders.filter(orders.customer_id.nullif("").notnull())
    strange = named.anti_join(people, named.customer_id == people.customer_id)
    found: pa.Table = field.collect(strange.customer_id.nunique())
    return int(found[0][0].as_py() or 0)


def _number(month: Window) -> int:
    return 12 * month.start.year + month.start.month - 1


def _month(number: int) -> Window:
    return Window.parse(f"{number // 12:04d}-{number % 12 + 1:02d}")
