from math import exp, pi, sqrt

import numpy as np
import pytest
from scipy.special import ndtr

from cmo.strategy.information.sample_information import (
    REPEATS,
    chance_worth,
    sample_information,
    with_noise,
)


def closed_form(mean: float, sd: float, error: float) -> float:
    """Raiffa and Schlaifer (1961): a normal return, to be taken or left."""
    spread = sd**2 / sqrt(sd**2 + error**2)
    z = abs(mean) / spread
    return spread * (exp(-z * z / 2) / sqrt(2 * pi) - z * (1 - float(ndtr(z))))


def worth_of(truth: np.ndarray, error: float, *, repeats: int = REPEATS) -> float:
    rng = np.random.default_rng(7)
    profits = np.tile(np.stack([np.zeros_like(truth), truth], axis=1), (repeats, 1))
    return sample_information(profits, with_noise(truth, error, rng=rng, repeats=repeats)).value


@pytest.mark.parametrize("mean", [-0.5, 0.0, 0.8])
@pytest.mark.parametrize("error", [0.2, 1.0, 3.0])
def test_the_conjugate_case_has_its_closed_form(mean: float, error: float) -> None:
    quantiles = np.random.default_rng(1).permutation((np.arange(20_000) + 0.5) / 20_000)
    truth = mean + np.sqrt(2) * _inverse_erf(2 * quantiles - 1)
    assert worth_of(truth, error) == pytest.approx(closed_form(mean, 1.0, error), rel=0.1, abs=0.004)


def _inverse_erf(x: np.ndarray) -> np.ndarray:
    from scipy.special import erfinv  # noqa: PLC0415 - beside its only use

    return np.asarray(erfinv(x))


def test_more_noise_is_worth_less_and_nothing_beats_knowing_all() -> None:
    truth = np.random.default_rng(0).standard_normal(4_000)
    values = [worth_of(truth, error) for error in (0.0, 0.5, 1.0, 2.0)]
    assert values == sorted(values, reverse=True)
    profits = np.stack([np.zeros_like(truth), truth], axis=1)
    assert values[0] == pytest.approx(sample_information(profits, truth).perfect, rel=0.02)


def test_a_signal_of_nothing_is_worth_next_to_nothing() -> None:
    rng = np.random.default_rng(0)
    truth = 0.3 + rng.standard_normal(2_000)
    profits = np.stack([np.zeros_like(truth), truth], axis=1)
    floor = chance_worth(profits, truth, rng=rng)
    assert 0 <= floor < 0.05 * sample_information(profits, truth).value


def test_a_test_that_cannot_change_the_decision_is_worth_nothing() -> None:
    truth = 10 + np.random.default_rng(0).standard_normal(2_000)
    profits = np.stack([np.zeros_like(truth), truth], axis=1)
    found = sample_information(profits, truth)
    assert (found.value, found.changes) == (0.0, 0.0)


def test_profit_that_no_decision_changes_means_nothing() -> None:
    rng = np.random.default_rng(0)
    truth = rng.standard_normal(2_000)
    profits = np.stack([np.zeros_like(truth), truth], axis=1)
    signals = truth + rng.standard_normal(2_000)
    noisy = profits + 1e4 * rng.standard_normal((2_000, 1))
    base = profits[:, [int(noisy.mean(axis=0).argmax())]] - profits[:, [int(profits.mean(axis=0).argmax())]]
    assert np.allclose(base, 0.0)
    assert sample_information(noisy, signals).value == pytest.approx(
        sample_information(profits, signals).value
    )


def test_draws_that_do_not_pair_are_refused() -> None:
    with pytest.raises(ValueError, match="must share their draws"):
        sample_information(np.zeros((3, 2)), np.zeros(4))
