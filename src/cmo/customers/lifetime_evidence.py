"""What the customers are worth, as evidence: lifetime value, equity, acquisition cost and their ratio."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from cmo.customers import gamma_gamma
from cmo.customers.backtest import Origin
from cmo.customers.cells import Floats, Integers
from cmo.customers.clock import already_there, seasonal_clock
from cmo.customers.fitting import Unsupported
from cmo.customers.lifetime import Base, Lifetimes, lifetimes
from cmo.customers.lifetime_method import doubts_of, method_of, reason_of
from cmo.customers.segments import SEGMENTS
from cmo.customers.summary import days, history_cells, holdout_cells, occasions, spending_cells, states
from cmo.measures import DRAWS, MEASURES, Doubt, Estimate, Grade, Unanswered, Window
from cmo.warehouse.field import Field

YEAR = 365
SHORTEST_LOG = 270  # days under which four past dates cannot be tested
SHORTEST_HOLDOUT = 60
N_CUTS = 4
MOST_CHANNELS = 12
MOST_TESTED = 20_000  # cells of a past cut on which candidates are tried
ALL, OTHER, UNKNOWN = "all", "other", "unknown"
VALUE = ("clv", "equity")
COST = ("cac", "clv_to_cac")

Answers = list[Estimate | Unanswered]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What every estimate of this module shares."""

    field: Field
    span: Window
    money: str
    by_channel: bool

    @property
    def year(self) -> Window:
        """The last twelve months of the orders."""
        return self.span.last(YEAR)


def lifetime(field: Field, *, rng: np.random.Generator) -> Answers:
    """Lifetime value, equity, acquisition cost and their ratio, joint over subjects and measures.

    Args:
        field: The company's tables, with orders of known customers.
        rng: Source of randomness.

    Returns:
        The estimates, or why there is none.
    """
    told = _Told(field=field, span=field.span("orders"), money=_money(field), by_channel=_has_channels(field))
    try:
        base, origins = _read(told, rng=rng)
        found = lifetimes(base, origins, rng=rng)
    except Unsupported as refusal:
        answers: Answers = [
            Unanswered(measure=f"customers.{name}", reason=refusal.reason, unlock=("orders",))
            for name in VALUE
        ]
        return [*answers, *_costs(told, None, base=None, rng=rng)]
    return [*_values(told, found, base=base), *_costs(told, found, base=base, rng=rng)]


def _values(told: _Told, found: Lifetimes, *, base: Base) -> Answers:
    count = found.customers
    doubts = doubts_of(found, base)
    cuts: list[tuple[str, tuple[str, ...], Floats, Floats]] = [
        ("total", (ALL,), found.equity.sum(axis=(1, 2))[:, None], np.array([count.sum()])),
        (
            "segment",
            tuple(segment.name for segment in SEGMENTS),
            found.equity.sum(axis=1),
            count.sum(axis=0),
        ),
    ]
    if told.by_channel:
        cuts.append(("acquisition_channel", base.channels, found.equity.sum(axis=2), count.sum(axis=1)))
    answers: Answers = []
    for by, subjects, equity, customers in cuts:
        there = customers > 0
        names = tuple(name for name, some in zip(subjects, there, strict=True) if some)
        names = ("total",) if by == "total" else names
        for measure, draws in (("clv", equity[:, there] / customers[there]), ("equity", equity[:, there])):
            answers.append(_estimate(told, measure, draws, subjects=names, by=by, found=found, doubts=doubts))
    return answers


def _costs(told: _Told, found: Lifetimes | None, *, base: Base | None, rng: np.random.Generator) -> Answers:
    field = told.field
    if "media" not in field.tables:
        return [_unanswered(name, "no_media", unlock="media") for name in COST]
    spend, arrivals = _spend(told), _arrivals(told)
    total = sum(spend.values())
    if total <= 0 or not sum(arrivals.values()):
        return [_unanswered(name, "no_spend", unlock="media") for name in COST]
    everyone = rng.standard_gamma(sum(arrivals.values()), DRAWS)
    cost = {"total": total / everyone}
    named = sorted(name for name in spend if arrivals.get(name, 0) > 0 and spend[name] > 0)
    by_name = {name: spend[name] / rng.standard_gamma(arrivals[name], DRAWS) for name in named}
    answers: Answers = [_estimate(told, "cac", cost["total"][:, None], subjects=("total",), by="total")]
    if by_name:
        draws = np.column_stack(list(by_name.values()))
        answers.append(_estimate(told, "cac", draws, subjects=tuple(by_name), by="acquisition_channel"))
    if found is None or base is None:
        return [*answers, _unanswered("clv_to_cac", "no_value", unlock="orders")]
    worth = dict(zip(base.channels, found.newcomer.T, strict=True))
    new = np.array([arrivals.get(name, 0.0) for name in base.channels])
    mean = found.newcomer @ (new / new.sum()) if new.sum() > 0 else found.newcomer.mean(axis=1)
    doubts = doubts_of(found, base)
    answers.append(
        _estimate(
            told, "clv_to_cac", (mean / cost["total"])[:, None], subjects=("total",), by="total", found=found,
            doubts=doubts,
        )
    )  # fmt: skip
    both = [name for name in named if name in worth and worth[name].min() > 0]
    if both:
        draws = np.column_stack([worth[name] / by_name[name] for name in both])
        answers.append(
            _estimate(
                told, "clv_to_cac", draws, subjects=tuple(both), by="acquisition_channel", found=found,
                doubts=doubts,
            )
        )  # fmt: skip
    return answers


def _estimate(
    told: _Told,
    name: str,
    draws: Floats,
    *,
    subjects: tuple[str, ...],
    by: str,
    found: Lifetimes | None = None,
    doubts: tuple[Doubt, ...] = (),
) -> Estimate:
    measure = f"customers.{name}"
    tables = ["orders"]
    if by == "acquisition_channel":
        tables.append("customers")
    if name in COST:
        tables.append("media")
    return Estimate.of_draws(
        measure,
        draws,
        subjects=subjects,
        by=by,
        unit=MEASURES[measure].unit_in(told.field.company.currency),
        window=told.year,
        as_of=told.field.as_of,
        method=method_of(name, found, money=told.money),
        grade=Grade.D if name == "cac" else Grade.C,
        tables=tuple(tables),
        doubts=doubts,
    )


def _unanswered(name: str, why: str, *, unlock: str) -> Unanswered:
    return Unanswered(measure=f"customers.{name}", reason=reason_of(why), unlock=(unlock,))


def _money(field: Field) -> str:
    """Margin where every order line has one, else revenue."""
    if "margin" not in field.columns("orders"):
        return "revenue"
    orders = field.table("orders")
    missing = field.collect(orders.margin.isnull().cast("int64").sum())[0][0].as_py()
    return "revenue" if missing else "margin"


def _has_channels(field: Field) -> bool:
    return "customers" in field.tables and "acquisition_channel" in field.columns("customers")


def _read(told: _Told, *, rng: np.random.Generator) -> tuple[Base, list[Origin]]:
    """Cells of the base and of four past cuts.

    Raises:
        Unsupported: The log is too short.
    """
    start, last = told.span.start, told.span.days - 1
    if last < SHORTEST_LOG:
        raise Unsupported(reason_of("too_short"))
    field = told.field
    bought = occasions(field.table("orders"), money=told.money)
    per_day = field.collect(days(bought, start=start))
    volume = _by_day(_whole(per_day, "day"), _numbers(per_day, "n"), n_days=last + 1)
    held = _with_channel(told, states(bought))
    cells = field.collect(history_cells(held, start=start, by=("channel",)))
    names = sorted(set(cells["channel"].to_pylist()))
    first, weight = _whole(cells, "first"), _numbers(cells, "customers")
    base = Base(
        channels=tuple(names),
        channel=np.searchsorted(names, cells["channel"].to_pylist()).astype(np.int64),
        frequency=_numbers(cells, "frequency"),
        first=first,
        last=_whole(cells, "last"),
        weight=weight,
        total=_numbers(cells, "total"),
        first_total=_numbers(cells, "first_total"),
        spending=_spending(field.collect(spending_cells(held, by=("channel",))), names),
        end=last,
        clock=seasonal_clock(volume, start=start, n_days=last + YEAR + 2),
        there_before=already_there(_by_day(first, weight, n_days=last + 1)),
    )
    return base, _origins(told, bought, volume=volume, rng=rng)


def _origins(told: _Told, bought: ir.Table, *, volume: Floats, rng: np.random.Generator) -> list[Origin]:
    start, last = told.span.start, told.span.days - 1
    earliest = max(last - YEAR, last // 3)
    origins = []
    for cut in np.linspace(earliest, last - SHORTEST_HOLDOUT, N_CUTS).astype(int).tolist():
        cells = told.field.collect(
            holdout_cells(bought, start=start, cut=start + timedelta(days=cut), until=told.span.end)
        )
        if cells.num_rows > MOST_TESTED:
            cells = cells.take(np.sort(rng.choice(cells.num_rows, MOST_TESTED, replace=False)))
        origins.append(
            Origin(
                cut=cut,
                until=last,
                frequency=_numbers(cells, "frequency"),
                first=_whole(cells, "first"),
                last=_whole(cells, "last"),
                later=_numbers(cells, "later"),
                weight=_numbers(cells, "customers"),
                clock=seasonal_clock(volume[: cut + 1], start=start, n_days=last + 1),
            )
        )
    return origins


def _spending(cells: pa.Table, names: Sequence[str]) -> tuple[gamma_gamma.Spending | None, ...]:
    channel = np.asarray(cells["channel"].to_pylist())
    frequency, total = _numbers(cells, "frequency"), _numbers(cells, "total")
    weight = _numbers(cells, "customers")
    out: list[gamma_gamma.Spending | None] = []
    for name in names:
        of = channel == name
        some = bool(np.any(of))
        out.append(
            gamma_gamma.spending_of(frequency[of], (total / weight)[of], weight=weight[of]) if some else None
        )
    return tuple(out)


def _with_channel(told: _Told, held: ir.Table) -> ir.Table:
    """States with the channel that brought each customer; small and unknown ones put together."""
    if not told.by_channel:
        return held.mutate(channel=ibis.literal(ALL))
    field = told.field
    people = field.table("customers")
    brought = people.group_by("customer_id").aggregate(channel=people.acquisition_channel.nullif("").min())
    ranked = brought.group_by("channel").aggregate(n=brought.count())
    top = field.collect(ranked.order_by(ranked.n.desc(), ranked.channel).limit(MOST_CHANNELS))
    kept = [name for name in top["channel"].to_pylist() if name is not None]
    joined = held.left_join(brought, "customer_id").drop("customer_id_right")
    named = joined.channel.fill_null(UNKNOWN)
    return joined.mutate(channel=ibis.cases((named.isin([*kept, UNKNOWN]), named), else_=OTHER))


def _spend(told: _Told) -> dict[str, float]:
    media = told.field.table("media")
    recent = media.filter(media.date >= ibis.literal(told.year.start))
    by_channel = told.field.collect(recent.group_by("channel").aggregate(spend=recent.spend.sum()))
    return dict(zip(by_channel["channel"].to_pylist(), _numbers(by_channel, "spend").tolist(), strict=True))


def _arrivals(told: _Told) -> dict[str, float]:
    """Customers whose first purchase lies in the last 365 days, by the channel that brought them."""
    field, year = told.field, told.year
    held = _with_channel(told, states(occasions(field.table("orders"))))
    new = held.filter(held.first_on >= ibis.literal(year.start))
    found = field.collect(new.group_by("channel").aggregate(n=new.count()))
    return dict(zip(found["channel"].to_pylist(), _numbers(found, "n").tolist(), strict=True))


def _by_day(day: Integers, weight: Floats, *, n_days: int) -> Floats:
    return np.bincount(day, weights=weight, minlength=n_days).astype(np.float64)


def _numbers(table: pa.Table, name: str) -> Floats:
    return np.asarray(table[name].to_numpy(), dtype=np.float64)


def _whole(table: pa.Table, name: str) -> Integers:
    return np.asarray(table[name].to_numpy(), dtype=np.int64)
