import numpy as np
import pytest

from cmo.customers.purchases.correction import N_CLASSES, class_of, learned_correction

CAME = np.array([[300.0, 400.0, 900.0], [260.0, 380.0, 800.0], [200.0, 300.0, 700.0], [90.0, 150.0, 400.0]])


def test_days_since_the_first_purchase_tell_the_class() -> None:
    assert class_of(np.array([0, 181, 182, 364, 365, 4_000])).tolist() == [0, 0, 1, 1, 2, 2]


def test_what_is_foretold_right_is_left_alone() -> None:
    found = learned_correction(CAME, CAME)
    assert found.factor == pytest.approx(np.ones(N_CLASSES))


def test_a_common_bias_is_taken_off_all_classes_alike() -> None:
    found = learned_correction(1.25 * CAME, CAME)
    assert found.factor == pytest.approx(np.full(N_CLASSES, 0.8))


def test_a_steady_error_of_the_young_is_taken_off_them_alone() -> None:
    found = learned_correction(CAME * [0.7, 1.0, 1.0], CAME)
    assert found.factor[0] == pytest.approx(1 / 0.7, rel=0.05)
    assert found.factor[1:] == pytest.approx(np.ones(2), abs=0.05)


def test_an_error_that_changes_sides_is_doubt_and_no_correction() -> None:
    swinging = CAME * np.stack([[1.4, 0.7, 1.3, 0.8], np.ones(4), np.ones(4)], axis=1)
    found = learned_correction(swinging, CAME)
    steady = learned_correction(CAME, CAME)
    assert found.factor[0] / found.factor[2] == pytest.approx(1.0, abs=0.1)
    assert found.apart[0] > 2 * steady.apart[0]


def test_corrected_forecasts_are_right_in_all_over_the_cuts() -> None:
    expected = CAME * [0.8, 1.0, 1.3]
    found = learned_correction(expected, CAME)
    ratio = (expected @ found.factor) / CAME.sum(axis=1)
    assert np.exp(np.log(ratio).mean()) == pytest.approx(1.0)


def test_draws_are_centred_on_the_factors_and_leave_the_whole_to_the_common_error() -> None:
    found = learned_correction(CAME * [0.8, 1.0, 1.3], CAME)
    draws = np.log(found.draws(20_000, rng=np.random.default_rng(3)))
    assert np.median(draws, axis=0) == pytest.approx(np.log(found.factor), abs=0.01)
    whole = (draws - np.log(found.factor)) @ found.share
    assert whole.std() == pytest.approx(found.error * np.sqrt(6 / 4), rel=0.1)  # a t of six degrees


def test_other_parts_are_as_unsure_as_classes_and_sum_to_the_whole() -> None:
    found = learned_correction(CAME * [0.8, 1.0, 1.3], CAME)
    share = np.array([0.7, 0.2, 0.1])
    own = np.log(found.parts(5_000, share=share, rng=np.random.default_rng(3)))
    assert own @ share == pytest.approx(np.zeros(5_000), abs=1e-9)
    assert own[:, 2].std() > own[:, 0].std()


def test_a_class_with_hardly_an_order_is_as_unsure_as_the_least_sure_one() -> None:
    few = CAME * [0.01, 1.0, 1.0]
    found = learned_correction(few, few)
    assert found.apart[0] == found.apart[1:].max()
