"""The worth of an answer, held against acting on it many times."""

import numpy as np
import pytest

from cmo.experiments.worth import value_of_answer


@pytest.mark.parametrize(("gain", "spread", "error"), [(0.0, 1.0, 0.5), (0.7, 1.0, 1.0), (-2.0, 1.5, 0.2)])
def test_the_worth_of_an_answer_is_what_acting_on_it_gains(gain: float, spread: float, error: float) -> None:
    rng = np.random.default_rng(1)
    truth = rng.normal(gain, spread, 400_000)
    measured = truth + rng.normal(0.0, error, truth.size)
    pull = spread**2 / (spread**2 + error**2)
    after = gain + pull * (measured - gain)
    gained = np.where(after > 0.0, truth, 0.0).mean() - max(gain, 0.0)
    assert value_of_answer(gain, spread, error) == pytest.approx(gained, abs=0.006)
    assert value_of_answer(gain, 0.0, error) == 0.0
