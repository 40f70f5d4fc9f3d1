"""What contacts gained in each segment, from the randomised tests whose units are customers."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from cmo.customers.evidence_base import People, coded, numbers, whole
from cmo.customers.lifetimes.modelling import Modelled
from cmo.customers.purchases.cells import Floats, Integers
from cmo.customers.response.actions import Arm
from cmo.customers.segmentation.migration import Since, segments_on
from cmo.customers.segmentation.segments import SEGMENTS
from cmo.warehouse.field import Field

CONTROLS = ("control", "holdout", "none", "nothing", "témoin", "temoin", "controle", "contrôle")
MONEY = ("margin", "revenue")  # what a unit brought, the best measure first


def arms_of(field: Field, people: People, model: Modelled) -> list[Arm]:
    """What each contact brought over leaving alone, by the segment that a customer was in when assigned.

    Args:
        field: The company's tables.
        people: Its customers.
        model: Their models.

    Returns:
        One arm for each variant of each test that has a control group and tells money; none without such.
    """
    units, money = _units(field)
    if units is None or money is None:
        return []
    cells = field.collect(_cells(units, people, money=money))
    if not cells.num_rows:
        return []
    keep = np.isin(np.array(cells["channel"].to_pylist()), model.base.channels)
    cells = cells.filter(pa.array(keep))
    segment = _segment(cells, model)
    worth = _earned(field, people, money=money)
    experiment, variant = (np.array(cells[name].to_pylist()) for name in ("experiment", "variant"))
    arms = []
    for test in sorted(set(experiment)):
        names = sorted(set(variant[experiment == test]))
        control = next((name for name in names if name.lower() in CONTROLS), None)
        if control is None:
            continue
        left = _moments(cells, (experiment == test) & (variant == control), segment=segment)
        for name in names:
            if name != control:
                those = _moments(cells, (experiment == test) & (variant == name), segment=segment)
                arms.append(_arm(f"{test}: {name}", those, left=left, worth=worth))
    return arms


def _units(field: Field) -> tuple[ir.Table | None, str | None]:
    if "experiment_units" not in field.tables or "assigned_at" not in field.columns("experiment_units"):
        return None, None
    columns = field.columns("experiment_units")
    money = next((name for name in MONEY if name in columns), None)
    return field.table("experiment_units"), money


def _cells(units: ir.Table, people: People, *, money: str) -> ir.Table:
    """Units alike in test, variant and history before they were assigned, with the moments of their money."""
    start = ibis.literal(people.span.start)
    asked = units.select(
        "experiment",
        "variant",
        customer_id=units.unit_id.cast("string"),
        on=units.assigned_at.cast("date"),
        brought=units[money].cast("float64").fill_null(0.0),
    )
    bought = people.bought.mutate(customer_id=people.bought.customer_id.cast("string"))
    before = asked.inner_join(bought, "customer_id").filter(ibis._.day < ibis._.on)
    keys = ("experiment", "variant", "customer_id", "on", "brought")
    known = before.group_by(*keys).aggregate(n=before.count(), first=before.day.min(), last=before.day.max())
    held = people.states.select("channel", customer_id=people.states.customer_id.cast("string"))
    both = known.inner_join(held, "customer_id")

    def day(of: ir.DateValue) -> ir.IntegerValue:
        since: ir.IntegerValue = of.delta(start, unit="day").cast("int64")
        return since

    keyed = both.select(
        "experiment",
        "variant",
        "channel",
        "brought",
        frequency=(both.n - 1).cast("int64"),
        first=day(both.first),
        last=day(both.last),
        on=day(both.on),
    )
    return keyed.group_by("experiment", "variant", "channel", "frequency", "first", "last", "on").aggregate(
        units=keyed.count(), total=keyed.brought.sum(), squares=(keyed.brought * keyed.brought).sum()
    )


def _segment(cells: pa.Table, model: Modelled) -> Integers:
    names, channel = coded(cells["channel"])
    place = np.array([model.base.channels.index(name) for name in names], dtype=np.int64)
    on = whole(cells, "on")
    out = np.zeros(cells.num_rows, dtype=np.int64)
    for day in np.unique(on):
        at = np.flatnonzero(on == day)
        frequency, last = numbers(cells, "frequency")[at], whole(cells, "last")[at]
        since = Since(
            channel=place[channel][at],
            first=whole(cells, "first")[at],
            frequency=np.stack([frequency, frequency]),
            last=np.stack([last, last]),
            weight=numbers(cells, "units")[at],
            before=int(day),
        )
        out[at] = segments_on(model, since, day=int(day), frequency=frequency, last=last)
    return out


def _earned(field: Field, people: People, *, money: str) -> float:
    """What a unit of the test's money is worth: the company's margin on revenue where margin is known."""
    if money != "revenue" or people.money != "margin":
        return 1.0
    orders = field.table("orders")
    sums = field.collect(orders.aggregate(revenue=orders.revenue.sum(), margin=orders.margin.sum()))
    revenue, margin = float(sums["revenue"][0].as_py() or 0.0), float(sums["margin"][0].as_py() or 0.0)
    return margin / revenue if revenue > 0 else 1.0


def _moments(cells: pa.Table, those: np.ndarray, *, segment: Integers) -> tuple[Floats, Floats, Floats]:
    """Units, mean and variance of the mean of each segment."""

    def by_segment(name: str) -> Floats:
        weights = numbers(cells, name) * those
        return np.bincount(segment, weights=weights, minlength=len(SEGMENTS)).astype(np.float64)

    n, total, squares = (by_segment(name) for name in ("units", "total", "squares"))
    mean = total / np.maximum(n, 1.0)
    variance = np.maximum(squares / np.maximum(n, 1.0) - mean**2, 0.0) / np.maximum(n - 1.0, 1.0)
    return n, mean, variance


def _arm(name: str, those: Sequence[Floats], *, left: Sequence[Floats], worth: float) -> Arm:
    return Arm(
        name=name,
        contacted=those[0],
        left=left[0],
        gained=worth * (those[1] - left[1]),
        error=worth * np.sqrt(those[2] + left[2]),
    )
