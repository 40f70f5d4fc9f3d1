"""Creatives sent batch by batch: the better get more, and a winner is called only when it is one."""

import numpy as np
import pytest

from cmo.experiments.batches import Horizon, Variant, next_batch


def test_before_anything_is_seen_all_are_tried() -> None:
    found = next_batch(
        [Variant(name="a"), Variant(name="b"), Variant(name="c")],
        Horizon(batch=900, to_come=9000),
        rng=np.random.default_rng(1),
    )
    assert sum(one.units for one in found.creatives) == 900
    assert min(one.units for one in found.creatives) > 200
    assert found.winner is None
    assert found.regret == 0.0


def test_past_creatives_tell_where_to_begin() -> None:
    told = [Variant(name="a", expected=0.02), Variant(name="b", expected=0.08)]
    found = next_batch(told, Horizon(batch=1000, to_come=5000), rng=np.random.default_rng(1))
    assert found.creatives[1].units > found.creatives[0].units


def test_a_campaign_finds_its_best_and_says_what_finding_out_cost() -> None:
    rng = np.random.default_rng(7)
    rates = np.array([0.03, 0.045, 0.06])
    units, won = np.zeros(3, dtype=int), np.zeros(3, dtype=int)
    found = None
    for k in range(20):
        seen = [
            Variant(name=name, units=int(units[i]), successes=int(won[i])) for i, name in enumerate("abc")
        ]
        found = next_batch(seen, Horizon(batch=1000, to_come=1000 * (20 - k)), rng=rng)
        due = np.array([one.units for one in found.creatives])
        won = won + rng.binomial(due, rates)
        units = units + due
    assert found is not None
    assert found.winner == "c"
    assert units[2] > 0.75 * units.sum()
    even = 20_000 * (rates.max() - rates.mean())
    assert 0.0 < found.regret < 0.5 * even


@pytest.mark.parametrize(
    ("variants", "horizon", "why"),
    [
        ([Variant(name="a")], Horizon(batch=1, to_come=1), "at least two"),
        ([Variant(name="a"), Variant(name="a")], Horizon(batch=1, to_come=1), "its own name"),
        ([Variant(name="a"), Variant(name="b")], Horizon(batch=3, to_come=1), "at most that"),
    ],
)
def test_what_cannot_be_divided_is_refused(variants: list[Variant], horizon: Horizon, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        next_batch(variants, horizon, rng=np.random.default_rng(1))
