from dataclasses import replace

import numpy as np
import pytest

from cmo.bench.model import Mind, mix_of
from cmo.bench.oracle import profit_of
from cmo.bench.policies import cmo, last_click, status_quo
from cmo.bench.steering import (
    GROUPS,
    TRIAL,
    WEEKS,
    Move,
    Seen,
    Trial,
    lift_noise,
    live_quarter,
    regions_of,
    spend_of,
    steered_world,
)
from cmo.simulation import Episode, Market, Plan

Opened = tuple[Market, Plan, Episode]
RNG = np.random.default_rng(1)


def _weeks(episode: Episode) -> range:
    return range(episode.state.week, episode.state.week + WEEKS)


def test_the_groups_share_the_regions_among_them(world: Opened) -> None:
    grouped = [region for group in range(GROUPS) for region in regions_of(world[0], group)]
    assert sorted(grouped) == list(range(len(world[0].world.company.regions)))


@pytest.mark.parametrize(
    "trials", [(), (Trial(channel=0, group=1, times=3.0),), (Trial(channel=2, group=0, times=None),)]
)
def test_a_quarter_spends_its_money_and_no_more(world: Opened, trials: tuple[Trial, ...]) -> None:
    market, plan, episode = world
    money = np.linspace(1_000.0, 5_000.0, len(market.world.company.channels))
    spend = spend_of(market, plan, Move(money=money, trials=trials), _weeks(episode))
    assert spend.sum() == pytest.approx(money.sum())
    assert (spend >= 0).all()


def test_a_pilot_runs_in_its_regions_and_weeks_alone(world: Opened) -> None:
    market, plan, episode = world
    money = np.full(len(market.world.company.channels), 1_000.0)
    trial = Trial(channel=1, group=2, times=None)
    spend = spend_of(market, plan, Move(money=money, trials=(trial,)), _weeks(episode))[:, 1]
    treated = regions_of(market, 2)
    assert spend[TRIAL, treated].sum() == pytest.approx(spend.sum())


def test_the_model_is_told_of_tests_by_region(world: Opened, seen: Seen) -> None:
    market, plan, episode = world
    lived = episode.copy()
    trial = Trial(channel=0, group=0, times=10.0)
    spend = spend_of(market, plan, Move(money=np.maximum(seen.last, 1.0), trials=(trial,)), _weeks(lived))
    told = replace(
        seen,
        episode=lived,
        past=(*seen.past, *live_quarter(lived, plan, spend)),
        spend=np.concatenate([seen.spend, spend.sum(axis=2)]),
    )
    mix = mix_of(told, (0,))
    assert mix.regions is not None
    contacts = mix.channels[0].regional
    assert contacts is not None
    per_head = contacts[:, -WEEKS:].sum(axis=1) / mix.regions.heads
    treated = np.isin(np.arange(len(per_head)), regions_of(market, 0))
    assert per_head[treated].min() > 2 * per_head[~treated].max()


def test_what_tests_would_tell_has_a_noise(seen: Seen) -> None:
    assert lift_noise(seen.outcomes, regions_of(seen.market, 0)) > 0


@pytest.mark.parametrize("policy", [status_quo, last_click])
def test_a_policy_spends_what_there_is(seen: Seen, policy: type) -> None:
    assert policy(seen, Mind(), RNG).money.sum() == pytest.approx(seen.budget)


def test_last_click_gives_nothing_more_to_a_channel_that_claims_nothing(seen: Seen) -> None:
    share = last_click(seen, Mind(), RNG).money / seen.budget
    claims = [c.claims > 0 for c in seen.market.world.company.channels]
    assert (share[~np.array(claims)] < (seen.last / seen.last.sum())[~np.array(claims)]).all()


def test_cmo_divides_the_budget_within_its_bounds(seen: Seen) -> None:
    move = cmo(seen, Mind(), np.random.default_rng(2))
    assert move.money.sum() == pytest.approx(seen.budget)
    assert (move.money >= 0).all()
    assert len({trial.group for trial in move.trials}) == len(move.trials)


def test_the_profit_to_come_depends_on_how_money_is_divided(seen: Seen) -> None:
    late = replace(seen, quarter=11)
    shares = np.full(len(seen.last), 1 / len(seen.last))
    all_in_one = np.eye(len(seen.last))[0]
    assert profit_of(late, shares) != pytest.approx(profit_of(late, all_in_one))


def test_what_is_new_appears_while_the_company_is_steered() -> None:
    appears = [c.appears for n in range(8) for c in steered_world(n, 1).company.channels if c.appears]
    assert appears
    assert all(1 < share < 2 for share in appears)
