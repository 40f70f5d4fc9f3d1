from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest

from cmo.customers.purchases.backtest import Candidate, Origin, apart, backtest, carried_forward, scored
from cmo.customers.purchases.beta_geometric import BG_NBD, MBG_NBD
from cmo.customers.purchases.clock import already_there, even_clock, seasonal_clock
from cmo.customers.purchases.fitting import Unsupported

BG = Candidate(model=BG_NBD, seasonal=False)
FOUR = tuple(
    Candidate(model=model, seasonal=seasonal) for model in (BG_NBD, MBG_NBD) for seasonal in (True, False)
)


def origin(
    occasions: np.ndarray, cut: int, *, until: int, clock: Callable[[np.ndarray], object] | None = None
) -> Origin:
    """What the (customer, day) purchase occasions show at a cut."""
    known, after = (
        occasions[occasions[:, 1] <= cut],
        occasions[(occasions[:, 1] > cut) & (occasions[:, 1] <= until)],
    )
    ids, at = np.unique(known[:, 0], return_inverse=True)
    first, last = np.full(ids.size, 10**6), np.full(ids.size, -1)
    np.minimum.at(first, at, known[:, 1])
    np.maximum.at(last, at, known[:, 1])
    returned = after[np.isin(after[:, 0], ids), 0]
    return Origin(
        cut=cut,
        until=until,
        frequency=np.bincount(at) - 1.0,
        first=first,
        last=last,
        later=np.bincount(np.searchsorted(ids, returned), minlength=ids.size).astype(float),
        weight=np.ones(ids.size),
        judged=np.arange(ids.size),
        clock=even_clock(until + 1) if clock is None else clock(np.bincount(known[:, 1], minlength=cut + 1)),
    )


def log(n: int, rng: np.random.Generator) -> np.ndarray:
    """Purchase occasions of n BG/NBD customers over 730 days, by (customer, day)."""
    rate, leaving = rng.gamma(0.8, 1 / 50.0, n), rng.beta(0.9, 3.0, n)
    at = np.floor(rng.uniform(0, 600, n))
    rows = [np.stack([np.arange(n), at], axis=1)]
    living = np.arange(n)
    while living.size:
        at[living] += rng.exponential(1 / np.maximum(rate[living], 1e-9))
        living = living[at[living] < 730]
        rows.append(np.stack([living, np.floor(at[living])], axis=1))
        living = living[rng.random(living.size) >= leaving[living]]
    return np.unique(np.concatenate(rows).astype(int), axis=0)


@pytest.fixture(scope="module")
def cuts() -> Sequence[Origin]:
    rows = log(2_500, np.random.default_rng(11))
    return [origin(rows, cut, until=729) for cut in (365, 450, 540, 630)]


def test_on_a_world_of_the_model_the_bias_is_small_and_the_baseline_is_beaten(cuts: Sequence[Origin]) -> None:
    result = backtest(cuts, candidates=[BG, Candidate(model=MBG_NBD, seasonal=False)])
    assert all(abs(score.bias) < 0.12 for score in result.scores[BG.name])
    assert result.beats_carry_forward
    assert result.correction == pytest.approx(1.0, abs=0.1)
    assert result.correction_error < 0.05


def test_carry_forward_is_the_past_rate() -> None:
    base = origin(np.array([[1, 0], [1, 10], [1, 50], [2, 40], [1, 120]]), 100, until=150)
    carried = carried_forward(base)
    assert carried.actual == 1.0
    assert carried.expected == pytest.approx(2 / 100 * 50)
    assert carried.error == pytest.approx((0.0 + 0.0) / 2)


def test_customers_of_before_the_log_are_a_cohort_of_their_own_when_many(cuts: Sequence[Origin]) -> None:
    assert len(apart(cuts[0], there_before=60)) == 2
    assert len(apart(cuts[0], there_before=0)) == len(apart(cuts[0], there_before=1)) == 1
    together = np.concatenate(apart(cuts[0], there_before=60))
    assert np.unique(together).size == cuts[0].weight.size


def test_too_few_cuts_or_nothing_after_them_are_refused(cuts: Sequence[Origin]) -> None:
    with pytest.raises(Unsupported, match="four past dates"):
        backtest(cuts[:3], candidates=[BG])


@pytest.mark.shared
def test_a_seasonal_retailer_is_foretold_with_a_steady_bias(shared: Path) -> None:
    path = shared / "data" / "online_retail_ii" / "online_retail_II.parquet"
    con = duckdb.connect()
    rows = np.stack(
        list(
            con.execute(
                "select distinct customer_id::int, date_diff('day', date '2009-12-01', invoice_date::date) "
                "::int from read_parquet(?) where customer_id is not null and invoice not like 'C%' "
                "and quantity > 0 and price > 0 "
                "and not (sheet = '2009-2010' and invoice_date >= '2010-12-01')",
                [str(path)],
            )
            .fetchnumpy()
            .values()
        ),
        axis=1,
    )
    start = date(2009, 12, 1)
    rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
    arrivals = np.bincount(rows[np.unique(rows[:, 0], return_index=True)[1], 1], minlength=739)
    cuts = [
        origin(
            rows,
            (date.fromisoformat(cut) - start).days,
            until=738,
            clock=lambda seen: seasonal_clock(seen.astype(float), start=start, n_days=740),
        )
        for cut in ("2010-12-31", "2011-03-31", "2011-05-31", "2011-08-31")
    ]
    result = backtest(cuts, there_before=already_there(arrivals.astype(float)), candidates=FOUR)
    assert result.chosen.seasonal
    biases = np.array([score.bias for score in result.scores[result.chosen.name]])
    assert np.ptp(biases) < 0.10
    corrected = (1 + biases) * result.correction - 1
    assert abs(corrected.mean()) < 0.01
    assert result.beats_carry_forward


def test_a_candidate_that_cannot_be_fitted_is_refused(cuts: Sequence[Origin]) -> None:
    once = [
        Origin(
            cut=at.cut,
            until=at.until,
            frequency=np.zeros(50),
            first=np.zeros(50, int),
            last=np.zeros(50, int),
            later=np.ones(50),
            weight=np.ones(50),
            judged=np.arange(50),
            clock=at.clock,
        )
        for at in cuts
    ]
    with pytest.raises(Unsupported, match="ever came back"):
        backtest(once, candidates=[BG])
    with pytest.raises(Unsupported, match="ever came back"):
        scored(BG, once[0], there_before=0)
