"""Rolling-origin backtest: which model would have foretold the last year best, and by how much it missed.

Every candidate is fitted at several cuts to what was known then, and held against what came after, always
beside the carry-forward baseline (every customer goes on at her past rate). What is left of the bias
becomes a correction factor that is shown with every forecast.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cmo.customers.purchases.beta_geometric import BG_NBD, MBG_NBD, BetaGeometric
from cmo.customers.purchases.bgbb import BG_BB
from cmo.customers.purchases.cells import Floats, Integers, cells_of, coarsened_to
from cmo.customers.purchases.clock import Clock
from cmo.customers.purchases.correction import N_CLASSES, Correction, class_of, learned_correction
from cmo.customers.purchases.fitting import PurchaseModel, Unsupported, fit
from cmo.customers.purchases.pareto_nbd import PARETO_NBD
from cmo.customers.purchases.prediction import Customers, chance_alive, distinct, expected_orders, future_of
from cmo.measures import Text

AS_GOOD = 0.02  # log score per customer within which candidates count as equally good for the individual
SHORTEST_RATE = 7.0  # days under which a past rate is not carried forward
MOST_ORDERS = 400  # counts above are given a chance of nothing
N_CELLS = 600  # cells a candidate is fitted to: parameters within two percent
FEWEST_APART = 100  # customers that a cohort needs for a model of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What was known at a cut, and what came after; cells of customers with whole days of the log.

    Attributes:
        cut: Last day known.
        until: Last day of the holdout, > cut.
        frequency: Repeat purchase occasions up to the cut, shape (cell,).
        first: Day of the first occasion, shape (cell,).
        last: Day of the last occasion up to the cut, shape (cell,).
        later: Occasions after the cut and up to `until`, shape (cell,).
        weight: Customers in each cell, shape (cell,).
        judged: Positions of the cells on which forecasts of individuals are judged; all of them, or some
            drawn at random, shape (judged,).
        clock: Business time as known at the cut.
    """

    cut: int
    until: int
    frequency: Floats
    first: Integers
    last: Integers
    later: Floats
    weight: Floats
    judged: Integers
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A way of forecasting.

    Attributes:
        model: Purchase model.
        seasonal: Whether it runs on business time.
    """

    model: PurchaseModel
    seasonal: bool

    @property
    def name(self) -> str:
        """Name for people."""
        return f"{self.model.name}, {'business' if self.seasonal else 'calendar'} time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One way of forecasting at one cut.

    Attributes:
        cut: Last day known.
        actual: Orders of all customers in the holdout.
        expected: The same as foretold.
        error: Mean absolute error of the expected orders of a customer.
        median_error: Mean absolute error of the median forecast, which is what an absolute error rewards.
        log_score: Mean log probability given to what each customer did; minus infinity for a baseline.
        by_age: Orders expected and orders that came, by class of age, shape (2, class).
    """

    cut: int
    actual: float
    expected: float
    error: float
    median_error: float
    log_score: float
    by_age: Floats

    @property
    def bias(self) -> float:
        """Expected over actual, minus one."""
        return self.expected / self.actual - 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """How the candidates did.

    Attributes:
        chosen: The candidate that forecasts from now on.
        scores: Scores of each candidate by name, in order of the cuts.
        carried: Scores of the carry-forward baseline, in order of the cuts.
        correction: Factor on the orders that the chosen candidate expects of all, learned from its cuts.
        correction_error: Standard error of the log of that factor.
        corrected: The same told apart by how long customers are known; this is what is applied.
    """

    chosen: Candidate
    scores: dict[str, tuple[Score, ...]]
    carried: tuple[Score, ...]
    correction: float
    correction_error: float
    corrected: Correction

    @property
    def beats_carry_forward(self) -> bool:
        """Whether the chosen candidate's median error is below the baseline's at every cut."""
        mine = self.scores[self.chosen.name]
        return all(one.median_error <= other.error for one, other in zip(mine, self.carried, strict=True))


CANDIDATES = (
    *(
        Candidate(model=model, seasonal=seasonal)
        for model in (BG_NBD, MBG_NBD, PARETO_NBD)
        for seasonal in (True, False)
    ),
    Candidate(model=BetaGeometric(regularity=2, dropout_at_start=True), seasonal=True),
)

ON_SET_OCCASIONS = tuple(
    Candidate(model=model, seasonal=True) for model in (BG_BB, BG_NBD, MBG_NBD, PARETO_NBD)
)
"""Where purchases can only be made on set days, time runs in them."""


def backtest(
    origins: Sequence[Origin], *, there_before: int = 0, candidates: Sequence[Candidate] = CANDIDATES
) -> Backtest:
    """Tries every candidate at every cut and chooses one.

    Among the candidates whose log score comes within 0.02 of the best, the one whose bias changes least
    from cut to cut is chosen: a stable bias can be corrected, a changing one cannot.

    Args:
        origins: At least four cuts.
        there_before: Days at the start of the log whose customers were there before it, see `already_there`.
        candidates: What to try.

    Raises:
        Unsupported: Fewer than four cuts, nothing bought after a cut, or no candidate can be fitted at all
            of them.
    """
    if len(origins) < 4 or any(np.dot(at.weight, at.later) <= 0 for at in origins):
        raise Unsupported(
            Text(
                "The history is too short to test a forecast at four past dates.",
                "L'historique est trop court pour éprouver une prévision à quatre dates passées.",
            )
        )
    scores: dict[str, tuple[Score, ...]] = {}
    tried: list[Candidate] = []
    refusal: Unsupported | None = None
    for candidate in candidates:
        try:
            scores[candidate.name] = tuple(scored(candidate, at, there_before=there_before) for at in origins)
            tried.append(candidate)
        except Unsupported as reason:
            refusal = reason
    if not tried:
        raise refusal if refusal is not None else ValueError("no candidate to try: give at least one")
    chosen = _best(tried, scores)
    logs = np.log([one.expected / one.actual for one in scores[chosen.name]])
    by_age = np.stack([one.by_age for one in scores[chosen.name]])
    return Backtest(
        chosen=chosen,
        scores=scores,
        carried=tuple(carried_forward(at) for at in origins),
        correction=float(np.exp(-logs.mean())),
        correction_error=float(logs.std(ddof=1) / np.sqrt(logs.size)),
        corrected=learned_correction(by_age[:, 0], by_age[:, 1]),
    )


def scored(candidate: Candidate, at: Origin, *, there_before: int) -> Score:
    """One candidate at one cut.

    Raises:
        Unsupported: The model cannot be fitted to what was known.
    """
    expected, median = np.zeros(at.weight.size), np.zeros(at.weight.size)
    chance = np.ones(at.weight.size)
    judged = np.zeros(at.weight.size, dtype=np.bool_)
    judged[at.judged] = True
    customers, ahead = on_clock(candidate, at)
    for group in apart(at, there_before=there_before):
        few = _few(customers, group)
        cells = cells_of(few.frequency, few.recency, age=few.age, weight=at.weight[group])
        theta = fit(candidate.model, coarsened_to(cells, n_cells=N_CELLS)).theta
        expected[group] = expected_orders(candidate.model, theta, customers=few, horizon=ahead)
        some = group[judged[group]]
        median[some], chance[some] = _judged(
            candidate.model, theta, customers=_few(customers, some), later=at.later[some], horizon=ahead
        )
    return _score(at, expected, median=median, log_score=np.log(np.maximum(chance, 1e-12)))


def carried_forward(at: Origin) -> Score:
    """The baseline: every customer goes on at her past rate per day."""
    days = np.maximum(at.cut - at.first, SHORTEST_RATE)
    expected = at.frequency / days * (at.until - at.cut)
    return _score(at, expected, median=expected, log_score=np.full(expected.size, -np.inf))


def on_clock(candidate: Candidate, at: Origin) -> tuple[Customers, float]:
    """The customers' histories and the holdout's length in the candidate's time."""
    if not candidate.seasonal:
        histories = Customers(
            frequency=at.frequency,
            recency=(at.last - at.first).astype(np.float64),
            age=(at.cut - at.first).astype(np.float64),
        )
        return histories, float(at.until - at.cut)
    histories = Customers(
        frequency=at.frequency,
        recency=at.clock.between(at.first, at.last),
        age=at.clock.between(at.first, at.cut),
    )
    return histories, float(at.clock.between(at.cut, at.until))


def apart(at: Origin, *, there_before: int) -> list[Integers]:
    """Cells of customers from before the log began, and of those who came later, if both are many."""
    old = at.first < there_before
    parts = [np.flatnonzero(old), np.flatnonzero(~old)]
    if there_before == 0 or any(at.weight[part].sum() < FEWEST_APART for part in parts):
        return [np.arange(at.weight.size)]
    return parts


def _judged(
    model: PurchaseModel, theta: Floats, *, customers: Customers, later: Floats, horizon: float
) -> tuple[Floats, Floats]:
    """Median forecast of each customer, and the chance given to what she did."""
    alive = chance_alive(model, theta, customers=customers)
    median, at_most_before = np.zeros(later.size), np.zeros(later.size)
    chance = np.zeros(later.size)
    open_ = np.arange(later.size)
    for n in range(1, MOST_ORDERS):
        few = _few(customers, open_)
        kinds, kind = distinct(model, few)
        at_most = (
            1.0 - alive[open_] * future_of(model, theta, customers=kinds).at_least(n, horizon=horizon)[kind]
        )
        done = later[open_] == n - 1
        chance[open_[done]] = (at_most - at_most_before[open_])[done]
        at_most_before[open_] = at_most
        median[open_[at_most < 0.5]] = n
        open_ = open_[(at_most < 0.5) | (later[open_] >= n)]
        if not open_.size:
            break
    return median, chance


def _few(customers: Customers, group: Integers) -> Customers:
    return Customers(
        frequency=customers.frequency[group], recency=customers.recency[group], age=customers.age[group]
    )


def _score(at: Origin, expected: Floats, *, median: Floats, log_score: Floats) -> Score:
    some = at.judged
    known_for = class_of(at.cut - at.first)
    share = at.weight[some] / at.weight[some].sum()
    return Score(
        cut=at.cut,
        actual=float(np.dot(at.weight, at.later)),
        expected=float(np.dot(at.weight, expected)),
        error=float(np.dot(share, np.abs(expected - at.later)[some])),
        median_error=float(np.dot(share, np.abs(median - at.later)[some])),
        log_score=float(np.dot(share, log_score[some])),
        by_age=np.stack(
            [
                np.bincount(known_for, weights=at.weight * orders, minlength=N_CLASSES)
                for orders in (expected, at.later)
            ]
        ),
    )


def _best(tried: Sequence[Candidate], scores: dict[str, tuple[Score, ...]]) -> Candidate:
    individual = {one.name: np.mean([score.log_score for score in scores[one.name]]) for one in tried}
    unsteady = {
        one.name: np.std([np.log(score.expected / score.actual) for score in scores[one.name]])
        for one in tried
    }
    near = [one for one in tried if individual[one.name] >= max(individual.values()) - AS_GOOD]
    return min(near, key=lambda one: float(unsteady[one.name]))
