"""Customers' problems: how many have them, whom they concern, what is at stake, and in whose words."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from cmo.value.contentment import Flags, Floats
from cmo.value.lexicon import plain
from cmo.value.redaction import redacted
from cmo.value.voice import Heard, spread

QUOTES = 5
FEWEST = 10  # opinions with a problem below which it is none
CUSTOMERS = 20  # customers with and without it, each, below which no money is named

Interval = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """What is known of somebody who wrote.

    Attributes:
        segment: Segment by rule.
        value: Value that the customer is expected to bring still, in money.
    """

    segment: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """Money that goes with a problem. It counts, it does not prove: who complains may differ otherwise.

    Attributes:
        money: Value to come that would be there, were the customers concerned worth as much as the others:
            5 %, 50 % and 95 % points.
        n_with: Customers with the problem who wrote.
        n_without: Customers without it who wrote.
    """

    money: Interval
    n_with: int
    n_without: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerProblem:
    """A problem that customers have with an aspect.

    Attributes:
        id: The aspect.
        n_opinions: Opinions that complain of it, complaints aside.
        frequency: Share of the opinions that complain of it: 5 %, 50 % and 95 % points.
        bearing: Share of the best mark that it costs: the same points; None where no mark taught.
        quotes: Clauses of opinions that complain of it, latest first, each of a wording of its own.
        segments: Segment, share of its customers who wrote that complain of it, and how many of them wrote.
        stake: Money that goes with it; None where customers are not known well enough.
    """

    id: str
    n_opinions: int
    frequency: Interval
    bearing: Interval | None
    quotes: tuple[str, ...]
    segments: tuple[tuple[str, float, int], ...]
    stake: Stake | None


def problems_of(
    heard: Heard, *, customers: Mapping[str, Customer], n_customers: float, rng: np.random.Generator
) -> tuple[CustomerProblem, ...]:
    """The problems that opinions tell of: money clearly at stake first, then what costs most of the mark.

    Args:
        heard: The opinions.
        customers: Those of the writers who are known.
        n_customers: Customers who are expected to be there still, >= 0.
        rng: Source of randomness.

    Returns:
        The problems that at least ten opinions tell of.
    """
    frequency = heard.opinion_shares(discontent=True)
    drawn = spread(frequency, rng=rng)
    bearing = heard.contentment.bearing
    borne = None if bearing is None else spread(np.clip(bearing, 0, 1), rng=rng)
    found = []
    for place, name in enumerate(heard.clauses.aspects):
        concerned = _concerned(heard, place, content=heard.contentment.content)
        n = int(np.sum(concerned & heard.said.asked))
        if n < FEWEST:
            continue
        found.append(
            CustomerProblem(
                id=name,
                n_opinions=n,
                frequency=_points(drawn[:, place]),
                bearing=None if borne is None else _points(borne[:, place]),
                quotes=quotes(heard, place, content=False, most=QUOTES),
                segments=_segments(heard, concerned, customers),
                stake=_stake(heard, place, frequency[:, place], customers, n_customers=n_customers),
            )
        )
    return tuple(sorted(found, key=_rank))


def quotes(heard: Heard, aspect: int, *, content: bool, most: int) -> tuple[str, ...]:
    """What opinions say of an aspect, word for word, latest first, each wording once.

    Args:
        heard: The opinions.
        aspect: Place of the aspect.
        content: Whether the content or the discontent are quoted.
        most: How many quotes at most.
    """
    of = heard.clauses
    those = np.flatnonzero((of.aspect == aspect) & (heard.contentment.content == content))
    latest = those[np.argsort(-heard.said.days[of.opinion[those]], kind="stable")]
    found: dict[str, str] = {}
    for place in latest.tolist():
        found.setdefault(plain(of.texts[place]), redacted(of.texts[place]))
        if len(found) == most:
            break
    return tuple(found.values())


def _concerned(heard: Heard, aspect: int, *, content: Flags) -> Flags:
    """Which opinions complain of an aspect."""
    of = heard.clauses
    found = np.zeros(len(heard.said.texts), dtype=bool)
    found[of.opinion[(of.aspect == aspect) & ~content]] = True
    return found


def _points(draws: Floats) -> Interval:
    low, middle, high = np.quantile(draws, (0.05, 0.5, 0.95))
    return float(low), float(middle), float(high)


def _rank(problem: CustomerProblem) -> tuple[float, float]:
    """Money that is clearly at stake first, by what it is at least; then what it costs of the mark."""
    money = 0.0 if problem.stake is None else max(problem.stake.money[0], 0.0)
    bearing = 1.0 if problem.bearing is None else problem.bearing[1]
    return (-money, -problem.frequency[1] * bearing)


def _segments(
    heard: Heard, concerned: Flags, customers: Mapping[str, Customer]
) -> tuple[tuple[str, float, int], ...]:
    """Share of each segment's writers who complain, the highest first."""
    wrote: Counter[str] = Counter()
    complain: Counter[str] = Counter()
    for name, has in zip(heard.said.customers, concerned.tolist(), strict=True):
        known = customers.get(name or "")
        if known is not None:
            wrote[known.segment] += 1
            complain[known.segment] += has
    shares = ((name, complain[name] / n, n) for name, n in wrote.items() if n >= CUSTOMERS)
    return tuple(sorted(shares, key=lambda one: -one[1]))


def _stake(
    heard: Heard, aspect: int, frequency: Floats, customers: Mapping[str, Customer], *, n_customers: float
) -> Stake | None:
    """Customers with the problem × how much less than the others they will bring, over the resamplings."""
    known = [
        (place, customers[name])
        for place, name in enumerate(heard.said.customers)
        if name is not None and name in customers
    ]
    if not known:
        return None
    places = np.array([place for place, _ in known])
    value = np.array([customer.value for _, customer in known])
    of_first = _concerned(heard, aspect, content=heard.contentment.content)[places]
    n_with = len({heard.said.customers[place] for place in places[of_first]})
    n_without = len({heard.said.customers[place] for place in places[~of_first]})
    if min(n_with, n_without) < CUSTOMERS:
        return None
    money = []
    for weights, content, share in zip(
        heard.contentment.weights, heard.contentment.readings, frequency, strict=True
    ):
        concerned = _concerned(heard, aspect, content=content)[places]
        if concerned.all() or not concerned.any():
            continue
        weight = weights[places]
        less = np.average(value[~concerned], weights=weight[~concerned]) - np.average(
            value[concerned], weights=weight[concerned]
        )
        money.append(share * n_customers * less)
    if len(money) < 3:
        return None
    middle, reach = float(np.mean(money)), float(student.ppf(0.95, len(money) - 1) * np.std(money, ddof=1))
    return Stake(money=(middle - reach, middle, middle + reach), n_with=n_with, n_without=n_without)
