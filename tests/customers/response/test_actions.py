import numpy as np
import pytest

from cmo.customers.response.actions import NOTHING, Arm, gains, next_best


def arm(name: str, gained: list[float], error: list[float], n: float = 500.0) -> Arm:
    size = len(gained)
    return Arm(
        name=name,
        contacted=np.full(size, n),
        left=np.full(size, n),
        gained=np.array(gained),
        error=np.array(error),
    )


def test_segments_that_say_little_follow_the_average(rng: np.random.Generator) -> None:
    found = gains(arm("mail", [1.0, 1.2, 0.8, 9.0], [0.1, 0.1, 0.1, 8.0]), rng=rng, draws=4_000).mean(axis=0)
    np.testing.assert_allclose(found[:3], [1.0, 1.2, 0.8], atol=0.12)
    assert found[3] == pytest.approx(1.0, abs=0.2)


def test_intervals_of_gains_hold_the_truth(rng: np.random.Generator) -> None:
    held = []
    for _ in range(150):
        truth = rng.normal(0.5, 0.4, 5)
        error = rng.uniform(0.1, 0.6, 5)
        drawn = gains(arm("mail", list(rng.normal(truth, error)), list(error)), rng=rng, draws=800)
        low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
        held.append((low < truth) & (truth < high))
    assert 0.83 < np.mean(held) < 0.96


def test_nothing_is_done_where_a_contact_costs_more_than_it_gains(rng: np.random.Generator) -> None:
    arms = [arm("mail", [2.0, 0.1, -1.0], [0.1, 0.1, 0.1]), arm("call", [1.0, 0.9, -1.0], [0.1, 0.1, 0.1])]
    found = {
        one.segment: one for one in next_best(arms, [100, 50, 70], cost=0.5, budget=1e6, rng=rng, draws=2_000)
    }
    assert (found[0].arm, found[0].customers) == ("mail", 100)
    assert (found[1].arm, found[1].customers) == ("call", 50)
    assert (found[2].arm, found[2].customers, found[2].probability) == (NOTHING, 0, 0.0)
    assert found[0].probability > 0.99
    assert found[0].profit.mean() == pytest.approx(150.0, rel=0.1)


def test_a_budget_goes_to_those_who_gain_most(rng: np.random.Generator) -> None:
    arms = [arm("mail", [1.0, 3.0], [0.05, 0.05])]
    found = next_best(arms, [100, 50], cost=0.5, budget=40.0, rng=rng, draws=500)
    assert [(one.segment, one.customers) for one in found] == [(1, 50), (0, 30)]
    assert next_best(arms, [100, 50], cost=0.5, budget=0.0, rng=rng, draws=500)[0].arm == NOTHING


def test_a_test_too_small_to_tell_is_refused(rng: np.random.Generator) -> None:
    with pytest.raises(ValueError, match="30 units"):
        gains(arm("mail", [1.0], [0.1], n=10.0), rng=rng, draws=10)
    with pytest.raises(ValueError, match="budget == -1"):
        next_best([arm("mail", [1.0], [0.1])], [1], cost=0.0, budget=-1.0, rng=rng, draws=10)
