"""Single customers, drawn from what the micro-segments were expected to do: who came, how, and when."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmo.simulation.living import Market, Week

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

PACE_SHAPE = 2.0  # gamma shape of a customer's own pace around the kind's rate
GENEROSITY_SHAPE = 1.5  # gamma shape of a customer's own number of extra lines
CONSENT = 0.72


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailTest:
    """A randomised mailing to customers, split in two.

    Attributes:
        test_id: Its name.
        week: Week of the sending, from the beginning of the past.
        weeks: Weeks for which it works, and is measured.
        units: Customers wanted.
        fresh_lift: Rise of the order rate of those who ordered in the half-year before.
        dormant_lift: The same for the others.
    """

    test_id: str
    week: int
    weeks: int
    units: int
    fresh_lift: float
    dormant_lift: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who was in a test and what for: customers, True where treated, and each one's true relative lift."""

    test: EmailTest
    customer: Ints
    treated: Flags
    lift: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Customers:
    """All customers of a world, one element each; weeks are counted from the beginning of the past.

    Attributes:
        cell: Micro-segment.
        origin: How they came (index in `origins`).
        kind: Kind of customer.
        since: Week of the first order; -1 for those there before the beginning.
        left: First week in which they are gone; the number of weeks for those still there.
        pace: Own multiplier of the kind's rate, mean 1.
        generosity: Own multiplier of extra lines, mean 1.
        consent: True where e-mail is allowed.
    """

    cell: Ints
    origin: Ints
    kind: Ints
    since: Ints
    left: Ints
    pace: Floats
    generosity: Floats
    consent: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Customers, their orders (customer and week of each), and who was in which test."""

    customers: Customers
    customer: Ints
    week: Ints
    tests: tuple[Assignment, ...]


def _arrivals(
    market: Market, lived: Sequence[Week], rng: np.random.Generator
) -> tuple[Ints, Ints, Ints, Ints]:
    """Cell, origin, kind and week of everybody who ever came, in order of arrival."""
    n_origins = market.mix.shape[1]
    founders = np.asarray(rng.poisson(lived[0].state.customers), dtype=np.int64)
    cell, origin, kind = (
        np.repeat(axis.ravel(), founders.ravel()) for axis in np.indices(founders.shape, dtype=np.int64)
    )
    counts = np.array([rng.poisson(week.newcomers).ravel() for week in lived])
    when, flat = (
        np.repeat(axis.ravel(), counts.ravel()) for axis in np.indices(counts.shape, dtype=np.int64)
    )
    cell_all = np.concatenate([cell, flat // n_origins])
    origin_all = np.concatenate([origin, flat % n_origins])
    later = slice(cell.size, None)
    shares = market.mix[cell_all[later], origin_all[later]].cumsum(axis=1)
    drawn = (rng.random(shares.shape[0])[:, None] > shares[:, :-1]).sum(axis=1)
    since = np.concatenate([np.full(cell.size, -1), when + lived[0].state.week])
    return cell_all, origin_all, np.concatenate([kind, drawn]), since


def _assign(test: EmailTest, candidates: Ints, last: Ints, rng: np.random.Generator) -> Assignment:
    chosen = np.sort(rng.permutation(candidates)[: test.units])
    treated = rng.random(chosen.size) < 0.5
    dormant = last[chosen] < test.week - 26
    own = rng.gamma(4.0, 0.25, chosen.size)
    lift = own * np.where(dormant, test.dormant_lift, test.fresh_lift)
    return Assignment(test=test, customer=chosen, treated=treated, lift=lift)


def _boosts(tests: Sequence[Assignment], week: int, size: int) -> Floats:
    boost = np.ones(size)
    for assigned in tests:
        if 0 <= week - assigned.test.week < assigned.test.weeks:
            boost[assigned.customer] *= 1 + assigned.lift * assigned.treated
    return boost


def live_out(
    market: Market, lived: Sequence[Week], rng: np.random.Generator, *, tests: Sequence[EmailTest] = ()
) -> Ledger:
    """Draw the customers of a world and their orders, from its first week to its last."""
    company = market.world.company
    cell, origin, kind, since = _arrivals(market, lived, rng)
    size = cell.size
    pace = rng.gamma(PACE_SHAPE, 1 / PACE_SHAPE, size)
    consent = rng.random(size) < CONSENT
    rate = np.array([k.rate for k in company.kinds])[kind] * pace
    left, last = np.full(size, len(lived)), since.copy()
    buyers: list[Ints] = []
    when: list[Ints] = []
    assigned: list[Assignment] = []
    active = np.flatnonzero(since < 0)
    arriving = np.searchsorted(since, np.arange(len(lived) + 1))
    for week in lived:
        now = week.state.week
        assigned += [_assign(t, active[consent[active]], last, rng) for t in tests if t.week == now]
        boost = _boosts(assigned, now, size)
        counts = rng.poisson(rate[active] * week.response[cell[active]] * boost[active])
        newcomers = np.arange(arriving[now], arriving[now + 1])
        buying = np.concatenate([np.repeat(active, counts), newcomers])
        buyers.append(buying)
        when.append(np.full(buying.size, now))
        last[buying] = now
        gone = rng.random(active.size) < week.leaving[cell[active], kind[active]]
        left[active[gone]] = now + 1
        active = np.concatenate([active[~gone], newcomers])
    customers = Customers(
        cell=cell,
        origin=origin,
        kind=kind,
        since=since,
        left=left,
        pace=pace,
        generosity=rng.gamma(GENEROSITY_SHAPE, 1 / GENEROSITY_SHAPE, size),
        consent=consent,
    )
    return Ledger(
        customers=customers, customer=np.concatenate(buyers), week=np.concatenate(when), tests=tuple(assigned)
    )
