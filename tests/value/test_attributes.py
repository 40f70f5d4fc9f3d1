import numpy as np
import pytest

from cmo.value.attributes import design, importance, willingness_to_pay

MADE = design(
    {
        "brand": ["a", "b", "c", "a"],
        "price": [10.0, 20.0, 30.0, 40.0],
        "always": ["x", "x", "x", "x"],
    }
)
COEFFICIENTS = np.array([[1.0, -0.5, -0.1], [1.2, -0.6, -0.12]])


def test_levels_are_dummies_and_numbers_stay() -> None:
    assert [one.name for one in MADE.attributes] == ["brand", "price"]
    assert MADE.matrix.tolist() == [[0, 0, -15], [1, 0, -5], [0, 1, 5], [0, 0, 15]]


def test_importance_is_the_share_of_the_ranges() -> None:
    assert importance(MADE, COEFFICIENTS)[0] == pytest.approx([1.5 / 4.5, 3.0 / 4.5])


def test_willingness_to_pay_is_over_the_least_liked_level() -> None:
    subjects, worths = willingness_to_pay(MADE, COEFFICIENTS)
    assert subjects == ("brand=a", "brand=b")
    assert worths == pytest.approx(np.array([[5.0, 15.0], [5.0, 15.0]]))


def test_a_price_that_attracts_puts_nothing_in_money() -> None:
    with pytest.raises(ValueError, match="below 0"):
        willingness_to_pay(MADE, -COEFFICIENTS)


def test_taking_none_has_a_constant_of_its_own() -> None:
    made = design({"brand": ["a", "b", None], "price": [10.0, 20.0, None]})
    assert made.matrix.tolist() == [[0, -5, 0], [1, 5, 0], [0, 0, 1]]
