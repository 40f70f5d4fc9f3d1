from dataclasses import replace

import numpy as np
import pytest

from cmo.simulation import Actions, Episode, World, open_market, relive
from cmo.simulation.workspace import History


def _revenue(history: History, factors: dict[str, float], *, hold: bool = False) -> float:
    window = history.lived[history.market.world.past :]
    keys = history.market.world.company.channel_keys
    multiplier = np.array([[factors.get(key, 1.0) for key in keys]] * len(window))
    return float(sum(w.revenue.sum() for w in relive(history.market, window, spend=multiplier, hold=hold)))


def _spend(history: History) -> dict[str, np.ndarray]:
    window = history.lived[history.market.world.past :]
    keys = history.market.world.company.channel_keys
    return dict(zip(keys, np.array([w.actions.spend.sum(axis=1) for w in window]).T, strict=True))


def test_living_the_same_again_changes_nothing(history: History) -> None:
    window = history.lived[history.market.world.past :]
    assert _revenue(history, {}) == pytest.approx(sum(w.revenue.sum() for w in window), rel=1e-12)


@pytest.mark.parametrize("channel", ["tv", "radio", "search", "social", "email", "live_shopping"])
def test_a_channel_switched_off_is_missed(history: History, channel: str) -> None:
    assert _revenue(history, {channel: 0.0}, hold=True) < _revenue(history, {}, hold=True)


@pytest.mark.parametrize("channel", ["tv", "radio", "search", "social", "display"])
def test_doubling_spend_less_than_doubles_what_it_brings(history: History, channel: str) -> None:
    off, once, twice = (_revenue(history, {channel: f}, hold=True) for f in (0.0, 1.0, 2.0))
    assert 0.0 < twice - once < once - off


def test_fame_and_later_orders_come_on_top_of_what_is_brought_at_once(history: History) -> None:
    at_once = _revenue(history, {}) - _revenue(history, {"tv": 0.0}, hold=True)
    in_all = _revenue(history, {}) - _revenue(history, {"tv": 0.0})
    assert in_all > 1.2 * at_once


def test_too_much_email_drives_customers_away(history: History) -> None:
    flooded = _revenue(history, {"email": 8.0})
    assert flooded < _revenue(history, {}) < _revenue(history, {"email": 8.0}, hold=True)


def test_the_search_budget_chases_demand(history: History) -> None:
    window = history.lived[history.market.world.past :]
    queries = np.array([w.queries.sum() for w in window])
    assert np.corrcoef(_spend(history)["search"], queries)[0, 1] > 0.75


def test_television_and_radio_fly_together(history: History) -> None:
    spend = _spend(history)
    together = np.corrcoef(spend["tv"], spend["radio"])[0, 1]
    assert 0.2 < together < 0.95


def test_platforms_claim_more_orders_than_there_are(history: History) -> None:
    window = history.lived[history.market.world.past :]
    ratio = sum(w.claimed.sum() for w in window) / sum(w.orders.sum() for w in window)
    assert 1.25 < ratio < 1.6


def test_the_newcomer_gets_no_money_before_it_appears(history: History) -> None:
    spend = _spend(history)["live_shopping"]
    appears = int(0.72 * history.market.world.weeks)
    assert spend[:appears].sum() == 0.0 < spend[appears:].sum()


def test_two_policies_live_through_the_same_luck(small_world: World) -> None:
    market = open_market(small_world)
    quiet = Actions(spend=np.zeros((8, 12)))
    loud = replace(quiet, spend=np.full((8, 12), 40.0))
    first, second, third = Episode(market), Episode(market), Episode(market)
    for _ in range(4):
        one, two, three = first.step(quiet), second.step(quiet), third.step(loud)
        np.testing.assert_array_equal(one.revenue, two.revenue)
        np.testing.assert_array_equal(one.queries, three.queries)
        assert three.impressions.sum() > one.impressions.sum() == 0.0
    assert third.lived[-1].revenue.sum() > first.lived[-1].revenue.sum()


def test_a_copy_has_the_same_past_and_a_future_of_its_own(small_world: World) -> None:
    quiet = Actions(spend=np.zeros((8, 12)))
    episode = Episode(open_market(small_world))
    episode.step(quiet)
    other = episode.copy()
    other.step(quiet)
    assert len(episode.lived) == 1
    assert len(other.lived) == 2
    episode.step(quiet)
    np.testing.assert_array_equal(episode.lived[1].revenue, other.lived[1].revenue)


def test_a_world_that_is_over_cannot_go_on(small_world: World) -> None:
    market = open_market(replace(small_world, weeks=6, past=2))
    episode = Episode(market)
    quiet = Actions(spend=np.zeros((8, 12)))
    for _ in range(8):
        episode.step(quiet)
    assert episode.over
    with pytest.raises(ValueError, match="week 8 lies beyond"):
        episode.step(quiet)


def test_a_promotion_sells_more_and_earns_less_on_each_order(small_world: World) -> None:
    market = open_market(small_world)
    plain, reduced = Episode(market), Episode(market)
    quiet = Actions(spend=np.zeros((8, 12)))
    plain.step(quiet)
    reduced.step(replace(quiet, discount=0.2))
    full, less = plain.lived[0], reduced.lived[0]
    assert less.orders.sum() > full.orders.sum()
    assert less.margin.sum() / less.orders.sum() < full.margin.sum() / full.orders.sum()
