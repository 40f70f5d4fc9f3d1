import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cmo.simulation.company import Channel
from cmo.simulation.exposure import noticed, pioneer_bonus, spread_contacts, touched
from cmo.simulation.workspace import History

CONTACTS = st.floats(0.0, 50.0)
SHARE = st.floats(0.01, 1.0)
CLUMPING = st.floats(0.2, 5.0)


def _touched(contacts: float, reach: float, clumping: float) -> float:
    return float(
        touched(np.array([[contacts]]), reach=np.array([reach]), clumping=np.array([clumping]))[0, 0]
    )


@given(CONTACTS, SHARE, CLUMPING)
def test_no_more_than_the_reachable_are_touched(contacts: float, reach: float, clumping: float) -> None:
    assert 0.0 <= _touched(contacts, reach, clumping) <= reach


@given(CONTACTS, SHARE, CLUMPING)
def test_doubling_contacts_less_than_doubles_the_touched(
    contacts: float, reach: float, clumping: float
) -> None:
    once, twice = _touched(contacts, reach, clumping), _touched(2 * contacts, reach, clumping)
    assert once - 1e-12 <= twice <= 2 * once + 1e-12


@given(CONTACTS, SHARE, CLUMPING, SHARE)
def test_fewer_notice_than_are_touched(contacts: float, reach: float, clumping: float, notice: float) -> None:
    who = noticed(
        np.array([[contacts]]),
        reach=np.array([reach]),
        clumping=np.array([clumping]),
        notice=np.array([notice]),
    )
    assert who[0, 0] <= _touched(contacts, reach, clumping) + 1e-12


def test_the_touched_are_those_that_a_negative_binomial_does_not_leave_at_zero() -> None:
    rng = np.random.default_rng(0)
    mean, clumping = 1.7, 0.8
    drawn = rng.negative_binomial(clumping, clumping / (clumping + mean), 400_000)
    assert abs(_touched(mean, 1.0, clumping) - (drawn > 0).mean()) < 0.003


def test_contacts_are_spread_without_loss(history: History) -> None:
    population = history.market.population
    bought = np.arange(1.0, 25.0).reshape(2, 12) * 100
    audience = np.vstack([population.people, population.people])
    spread = spread_contacts(bought, audience, population, affinity=population.affinity[:2])
    np.testing.assert_allclose(spread @ population.in_region.T, bought)


def test_pioneers_lose_half_of_their_bonus_in_half_a_year() -> None:
    channel = Channel(
        key="new",
        weekly_spend=1.0,
        reach=0.5,
        cost=0.1,
        clumping=1.0,
        notice=0.1,
        persuasion=0.1,
        reminder=0.0,
        half_life=1.0,
        fame=0.0,
        pioneer=1.5,
    )
    assert pioneer_bonus(channel, weeks_since=-1) == 0.0
    assert pioneer_bonus(channel, weeks_since=0) == 1.5
    assert pioneer_bonus(channel, weeks_since=26) == 0.75
