"""Estimates: what is counted stays exact, what is uncertain stays joint."""

from datetime import date

import numpy as np
import pytest

from cmo.measures import Estimate, Grade, Text, Window

WINDOW = Window(start=date(2025, 1, 1), end=date(2025, 12, 31))


def estimate(draws: np.ndarray, subjects: tuple[str, ...], exact: np.ndarray | None = None) -> Estimate:
    return Estimate.of_draws(
        "sales.revenue",
        draws,
        subjects=subjects,
        by="region",
        unit="GBP",
        window=WINDOW,
        as_of=WINDOW.end,
        method=Text.same("counted"),
        grade=Grade.D,
        tables=("orders",),
        exact=exact,
    )


def test_a_counted_total_is_kept_to_the_cent_beside_float32_draws() -> None:
    total = 19_287_250.57
    rng = np.random.default_rng(1)
    known = estimate(rng.normal(total, 40_000, (2_000, 1)), ("total",), np.array([total]))
    assert known.summary()[0]["mean"] == total
    assert known.deviations.dtype == np.float32
    assert known.draws.std() == pytest.approx(40_000, rel=0.05)


def test_the_figure_is_the_median_with_its_central_interval() -> None:
    known = estimate(np.arange(1_001.0)[:, None], ("total",))
    figure = known.figure("total")
    assert (figure.low, figure.value, figure.high) == pytest.approx((50, 500, 950))
    assert figure.write("en") == "£500 (£50 to £950)"
    assert figure.write("fr") == "500\N{NO-BREAK SPACE}£ (50\N{NO-BREAK SPACE}£ à 950\N{NO-BREAK SPACE}£)"


@pytest.mark.parametrize(
    ("draws", "subjects", "sentence"),
    [
        (np.zeros((5, 2)), ("a",), "do not fit"),
        (np.zeros((5, 2)), ("a", "a"), "distinct"),
        (np.zeros((5, 0)), (), "at least one"),
        (np.full((5, 1), np.nan), ("a",), "finite"),
    ],
)
def test_an_estimate_that_contradicts_itself_is_refused(
    draws: np.ndarray, subjects: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        estimate(draws, subjects)
