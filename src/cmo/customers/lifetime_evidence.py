"""What the customers are worth, as evidence: lifetime value, equity, acquisition cost and their ratio."""

from dataclasses import dataclass

import ibis
import numpy as np

from cmo.customers.evidence_base import ALL, SHORTEST_LOG, People, model_of, numbers, since_of
from cmo.customers.lifetimes.lifetime import ORDERS, Lifetimes, lifetimes
from cmo.customers.lifetimes.lifetime_method import doubts_of, method_of, reason_of
from cmo.customers.lifetimes.modelling import YEAR, Base, Modelled
from cmo.customers.purchases.cells import Floats
from cmo.customers.purchases.fitting import Unsupported
from cmo.customers.segmentation.migration import migration
from cmo.customers.segmentation.segments import SEGMENTS
from cmo.measures import DRAWS, MEASURES, Doubt, Estimate, Grade, Unanswered, Window
from cmo.warehouse.field import Field

VALUE = ("clv", "equity", "alive", "at_stake", "migration", "silence")
COST = ("cac", "clv_to_cac")

Answers = list[Estimate | Unanswered]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What every estimate of this module shares."""

    field: Field
    people: People
    unnamed: float = 0.0

    @property
    def year(self) -> Window:
        """The last twelve months of the orders."""
        return self.people.span.last(YEAR)


def lifetime(field: Field, *, rng: np.random.Generator) -> Answers:
    """Lifetime value, equity, acquisition cost and their ratio, joint over subjects and measures.

    Args:
        field: The company's tables, with orders of known customers.
        rng: Source of randomness.

    Returns:
        The estimates, or why there is none.
    """
    told = _Told(field=field, people=People.of(field), unnamed=_unnamed(field))
    try:
        told.people.refuse_short_logs()
        model = model_of(field, told.people)
        found = lifetimes(model, rng=rng)
    except Unsupported as refusal:
        answers: Answers = [
            Unanswered(measure=f"customers.{name}", reason=refusal.reason, unlock=("orders",))
            for name in VALUE
        ]
        return [*answers, *_costs(told, None, base=None, rng=rng)]
    return [
        *_values(told, found, base=model.base),
        *_at_stake(told, found, base=model.base),
        _migration(told, found, model=model, rng=rng),
        _silence(told, found, base=model.base),
        *_costs(told, found, base=model.base, rng=rng),
    ]


def _values(told: _Told, found: Lifetimes, *, base: Base) -> Answers:
    count = found.customers
    doubts = doubts_of(found, base, unnamed=told.unnamed)
    answers: Answers = []
    for by, subjects, axis in (
        ("total", (ALL,), (1, 2)),
        ("segment", tuple(segment.name for segment in SEGMENTS), (1,)),
        ("acquisition_channel", base.channels, (2,)),
    ):
        if by == "acquisition_channel" and not told.people.by_channel:
            continue
        equity, living = (of.sum(axis=axis).reshape(DRAWS, -1) for of in (found.equity, found.alive))
        customers = np.atleast_1d(count.sum(axis=tuple(at - 1 for at in axis)))
        there = customers > 0
        names = tuple(name for name, some in zip(subjects, there, strict=True) if some)
        names = ("total",) if by == "total" else names
        for measure, draws in (
            ("clv", equity[:, there] / customers[there]),
            ("equity", equity[:, there]),
            ("alive", living[:, there]),
        ):
            answers.append(_estimate(told, measure, draws, subjects=names, by=by, found=found, doubts=doubts))
    return answers


def _at_stake(told: _Told, found: Lifetimes, *, base: Base) -> Answers:
    """What was expected of those who may have left, by segment: the others have nothing to lose."""
    back = [at for at, one in enumerate(SEGMENTS) if one.name != "once" and found.customers[:, at].sum() > 0]
    if not back:
        return [_unanswered("at_stake", "nobody_back", unlock="orders")]
    return [
        _estimate(
            told,
            "at_stake",
            found.at_stake[:, back],
            subjects=tuple(SEGMENTS[at].name for at in back),
            by="segment",
            found=found,
            doubts=doubts_of(found, base, unnamed=told.unnamed),
        )
    ]


def _silence(told: _Told, found: Lifetimes, *, base: Base) -> Estimate | Unanswered:
    """The alive frontier, in weeks."""
    somebody = ~np.isnan(found.silence[0])
    if not somebody.any():
        return _unanswered("silence", "nobody_back", unlock="orders")
    return _estimate(
        told,
        "silence",
        found.silence[:, somebody] / 7.0,
        subjects=tuple(str(n) for n, some in zip(ORDERS, somebody, strict=True) if some),
        by="orders",
        found=found,
        doubts=doubts_of(found, base, unnamed=told.unnamed),
    )


def _migration(
    told: _Told, found: Lifetimes, *, model: Modelled, rng: np.random.Generator
) -> Estimate | Unanswered:
    """Where the customers of a year ago are now, by the segments of both days."""
    before = told.people.span.days - 1 - YEAR
    if before < SHORTEST_LOG:
        return _unanswered("migration", "nothing_before", unlock="orders")
    moved = migration(
        model, since_of(told.field, told.people, model.base, before=before), rng=rng, draws=DRAWS
    )
    names = [one.name for one in SEGMENTS]
    somebody = ~np.isnan(moved[0])
    return _estimate(
        told,
        "migration",
        moved[:, somebody],
        subjects=tuple(f"{names[at]} → {names[to]}" for at, to in np.argwhere(somebody)),
        by="move",
        found=found,
        doubts=doubts_of(found, model.base, unnamed=told.unnamed),
    )


def _costs(told: _Told, found: Lifetimes | None, *, base: Base | None, rng: np.random.Generator) -> Answers:
    field = told.field
    if "media" not in field.tables:
        return [_unanswered(name, "no_media", unlock="media") for name in COST]
    spend, arrivals = _spend(told), _arrivals(told, base)
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
    doubts = doubts_of(found, base, unnamed=told.unnamed)
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
        method=method_of(name, found, money=told.people.money),
        grade=Grade.D if name == "cac" else Grade.C,
        tables=tuple(tables),
        doubts=doubts,
    )


def _unnamed(field: Field) -> float:
    """Share of revenue that names no customer."""
    orders = field.table("orders")
    revenue = orders.revenue.cast("float64")
    named = orders.customer_id.cast("string").nullif("").notnull()
    sums = field.collect(orders.aggregate(named=revenue.sum(where=named), everything=revenue.sum()))
    known, everything = (sums[name][0].as_py() or 0.0 for name in ("named", "everything"))
    return float(np.clip(1.0 - known / everything, 0.0, 1.0)) if everything > 0 else 0.0


def _unanswered(name: str, why: str, *, unlock: str) -> Unanswered:
    return Unanswered(measure=f"customers.{name}", reason=reason_of(why), unlock=(unlock,))


def _spend(told: _Told) -> dict[str, float]:
    media = told.field.table("media")
    recent = media.filter(media.date >= ibis.literal(told.year.start))
    by_channel = told.field.collect(recent.group_by("channel").aggregate(spend=recent.spend.sum()))
    return dict(zip(by_channel["channel"].to_pylist(), numbers(by_channel, "spend").tolist(), strict=True))


def _arrivals(told: _Told, base: Base | None) -> dict[str, float]:
    """Customers whose first purchase lies in the last 365 days, by the channel that brought them."""
    if base is not None:
        new = base.first >= (told.year.start - told.people.span.start).days
        count = np.bincount(base.channel[new], weights=base.weight[new], minlength=len(base.channels))
        return dict(zip(base.channels, count.tolist(), strict=True))
    held = told.people.states
    fresh = held.filter(held.first_on >= ibis.literal(told.year.start))
    found = told.field.collect(fresh.group_by("channel").aggregate(n=fresh.count()))
    return dict(zip(found["channel"].to_pylist(), numbers(found, "n").tolist(), strict=True))
