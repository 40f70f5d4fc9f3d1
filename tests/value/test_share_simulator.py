import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cmo.value.share_simulator import Market, Nests, priced, shares, switching

TWO = Market(offers=np.array([[3.0], [3.0]]), ours=0, column=0)
OFFERS = np.array([[3.0, 1.0], [2.5, 0.0], [0.0, 0.0]])


def test_one_typical_person_is_the_logit() -> None:
    worth = np.array([[-1.0, 0.5]])
    odds = np.exp(OFFERS @ worth[0])
    assert shares(OFFERS, worth)[0] == pytest.approx(odds / odds.sum())


@settings(deadline=None)
@given(st.integers(1, 5), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_shares_add_up_however_far_apart_offers_are(draws: int, persons: int, seed: int) -> None:
    worths = 300 * np.random.default_rng(seed).standard_normal((draws, persons, 2))
    found = shares(OFFERS, worths)
    assert np.all(found >= 0)
    assert found.sum(axis=1) == pytest.approx(np.ones(draws))


def test_people_who_differ_do_not_follow_the_irrelevant_alternatives() -> None:
    people = np.array([[[0.0, 9.0], [0.0, -9.0]]])
    with_twin = np.array([[0.0, 1.0], [0.0, 1.0], [0.0, 0.0]])
    assert shares(with_twin, people)[0] == pytest.approx([0.25, 0.25, 0.5], abs=1e-3)


def test_the_best_price_is_that_of_the_closed_form() -> None:
    # One person: margin × share is highest where (price - cost)(1 - share) = 1 / sensitivity.
    found = priced(TWO, np.array([[-2.0]]), prices=np.arange(1, 6, 0.01), cost=1.0)
    share = float(found.share[0, np.searchsorted(found.prices, found.best)])
    assert (found.best - 1.0) * (1 - share) * 2 == pytest.approx(1.0, abs=0.02)
    assert found.gain[0] >= 0
    assert found.regret == pytest.approx(0.0)


def test_doubt_about_the_price_has_its_regret() -> None:
    worths = np.array([[-1.0], [-4.0]])
    found = priced(TWO, worths, prices=np.arange(1, 8, 0.05), cost=1.0)
    assert found.best_of_draw[0] > found.best_of_draw[1]
    assert found.regret > 0


def test_own_price_loses_and_others_win() -> None:
    moved = switching(OFFERS, np.array([[-1.0, 0.5]]), ours=0, column=0, rise=0.01)[0]
    assert moved[0] < 0 < moved[1]
    assert moved[1] == pytest.approx(moved[2])


def test_prices_counted_from_their_mean_make_no_difference() -> None:
    worths = np.array([[-1.0]])
    from_mean = Market(offers=np.array([[0.5], [-0.5]]), ours=0, column=0, origin=2.5)
    plain = priced(Market(offers=np.array([[3.0], [2.0]]), ours=0, column=0), worths, prices=[2, 3], cost=1.0)
    assert priced(from_mean, worths, prices=[2, 3], cost=1.0).profit == pytest.approx(plain.profit)


def test_rivals_who_follow_leave_less_to_win_by_a_cut() -> None:
    worths = np.array([[-1.0]])
    followed = Market(offers=np.array([[3.0], [3.0], [0.0]]), ours=0, column=0, rivals=(1,), follow=1.0)
    alone = Market(offers=followed.offers, ours=0, column=0)
    cut = [priced(market, worths, prices=[2.0], cost=0.0).share[0, 0] for market in (followed, alone)]
    assert cut[0] < cut[1]


def test_nests_take_from_their_own_first() -> None:
    worths = np.array([[0.0, 0.0]])
    nests = Nests(nest=np.array([0, 0, 1]), dissimilarity=np.array([[0.01, 1.0]]))
    assert shares(OFFERS, worths, nests=nests)[0] == pytest.approx([0.25, 0.25, 0.5], abs=0.01)
    loose = Nests(nest=np.array([0, 0, 1]), dissimilarity=np.array([[1.0, 1.0]]))
    assert shares(OFFERS, worths, nests=loose) == pytest.approx(shares(OFFERS, worths))
