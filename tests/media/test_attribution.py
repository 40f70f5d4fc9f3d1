import time
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.media.attribution import (
    RULES,
    Floats,
    Paths,
    first_touch,
    last_touch,
    linear,
    markov,
    overclaim,
    position,
    resampled,
    shapley,
    time_decay,
)

CHANNELS = ("a", "b", "c")


def of_text(told: dict[str, tuple[float, float]]) -> Paths:
    """Paths from words: {"abc": (converted, lost)}."""
    return Paths(
        channels=CHANNELS,
        steps=np.array([CHANNELS.index(step) for path in told for step in path], dtype=np.int64),
        starts=np.cumsum([0, *(len(path) for path in told)]).astype(np.int64),
        converted=np.array([counts[0] for counts in told.values()], dtype=np.float64),
        lost=np.array([counts[1] for counts in told.values()], dtype=np.float64),
    )


JOURNEYS = of_text({"abc": (10, 5), "a": (4, 20), "cb": (6, 0), "aab": (2, 2), "abbc": (8, 1)})

CASES: list[tuple[Callable[[Paths], Floats], list[float]]] = [
    (last_touch, [4, 8, 18]),
    (first_touch, [24, 0, 6]),
    (linear, [10 / 3 + 4 + 4 / 3 + 2, 10 / 3 + 3 + 2 / 3 + 4, 10 / 3 + 3 + 2]),
    (time_decay, [10 / 7 + 4 + 6 / 7 + 8 / 15, 20 / 7 + 4 + 8 / 7 + 48 / 15, 40 / 7 + 2 + 64 / 15]),
    (position, [4 + 4 + 1.2 + 3.2, 2 + 3 + 0.8 + 1.6, 4 + 3 + 3.2]),
    (shapley, [10 / 3 + 4 + 1 + 8 / 3, 10 / 3 + 3 + 1 + 8 / 3, 10 / 3 + 3 + 8 / 3]),
]


@pytest.mark.parametrize(("rule", "expected"), CASES)
def test_each_rule_divides_as_its_name_says(rule: Callable[[Paths], Floats], expected: list[float]) -> None:
    np.testing.assert_allclose(rule(JOURNEYS), expected)


def by_deletion(paths: Paths) -> Floats:
    """The removal effect as the textbook has it: a chain per channel, its arrivals sent to the lost state."""
    n = len(paths.channels)
    counts = np.zeros((n + 3, n + 3))
    start, won, lost = n, n + 1, n + 2
    for i in range(len(paths.converted)):
        path = paths.steps[paths.starts[i] : paths.starts[i + 1]]
        for end, people in ((won, paths.converted[i]), (lost, paths.lost[i])):
            route = [start, *path, end]
            for here, there in pairwise(route):
                counts[here, there] += people
    chance = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    chance[won, won] = chance[lost, lost] = 1

    def converts(P: Floats) -> float:
        inner = [*range(n), start]
        return float(np.linalg.solve(np.eye(n + 1) - P[np.ix_(inner, inner)], P[inner, won])[-1])

    effect = np.empty(n)
    for c in range(n):
        without = chance.copy()
        without[:, lost] += without[:, c]
        without[:, c] = 0
        effect[c] = converts(chance) - converts(without)
    return paths.converted.sum() * effect / effect.sum()


def test_markov_credit_is_that_of_deleting_each_channel() -> None:
    np.testing.assert_allclose(markov(JOURNEYS), by_deletion(JOURNEYS))


@given(
    st.dictionaries(
        st.text(alphabet="abc", min_size=1, max_size=6),
        st.tuples(st.integers(1, 40), st.integers(0, 40)),
        min_size=1,
        max_size=8,
    )
)
def test_every_rule_gives_out_all_conversions_and_no_more(told: dict[str, tuple[int, int]]) -> None:
    paths = of_text(told)
    for rule in RULES.values():
        credit = rule(paths)
        assert (credit >= -1e-9).all()
        assert credit.sum() == pytest.approx(paths.converted.sum())
    np.testing.assert_allclose(markov(paths), by_deletion(paths), atol=1e-8)


def test_a_million_paths_take_less_than_half_a_second() -> None:
    rng = np.random.default_rng(0)
    lengths = rng.geometric(0.27, 1_000_000)
    paths = Paths(
        channels=tuple(f"c{i}" for i in range(12)),
        steps=rng.integers(0, 12, lengths.sum()),
        starts=np.concatenate([[0], np.cumsum(lengths)]),
        converted=rng.integers(0, 3, len(lengths)).astype(np.float64),
        lost=rng.integers(0, 20, len(lengths)).astype(np.float64),
    )
    begun = time.process_time()
    credit = markov(paths)
    assert time.process_time() - begun < 0.5
    assert credit.sum() == pytest.approx(paths.converted.sum())


def test_drawn_again_counts_vary_around_the_counted_ones() -> None:
    draws = np.array([linear(p) for p in resampled(JOURNEYS, n_draws=400, rng=np.random.default_rng(0))])
    np.testing.assert_allclose(draws.mean(axis=0), linear(JOURNEYS), rtol=0.08)


def test_platforms_that_claim_more_than_was_sold_are_shown_to() -> None:
    assert overclaim({"search": 80.0, "social": 63.0}, outcome=100.0) == pytest.approx(1.43)
    with pytest.raises(ValueError, match="outcome"):
        overclaim({"search": 80.0}, outcome=0.0)


@pytest.mark.parametrize("steps", [[0, 3], [0]])
def test_paths_that_make_no_sense_are_refused(steps: list[int]) -> None:
    with pytest.raises(ValueError, match="touch"):
        Paths(
            channels=CHANNELS,
            steps=np.array(steps),
            starts=np.array([0, 1, 2]),
            converted=np.ones(2),
            lost=np.ones(2),
        )
