from collections.abc import Callable

import numpy as np
import pytest

from cmo.briefs import derived
from cmo.briefs.facts import Facts, surprise
from cmo.measures import DRAWS, Estimate, History, Window, months

THREE_YEARS = months(Window.parse(["2023-11-01", "2026-10-31"]))


def with_history(measured: Callable[..., Estimate], monthly: list[float]) -> Estimate:
    draws = np.broadcast_to(np.array(monthly), (DRAWS, 1, len(monthly)))
    history = History.of_draws(draws, periods=THREE_YEARS[: len(monthly)], cycle=12)
    return measured("sales.revenue", draws.sum(axis=2), history=history)


def test_last_year_is_the_sum_of_the_last_twelve_months(measured: Callable[..., Estimate]) -> None:
    revenue = with_history(measured, [100.0] * 12 + [50.0] * 12 + [75.0] * 12)
    total, change = derived.last_year(revenue), derived.growth(revenue)
    assert total is not None
    assert (total.value, total.low, total.high) == (900, 900, 900)
    assert change is not None
    assert change.value == pytest.approx(0.5)


@pytest.mark.parametrize("n_months", [1, 11])
def test_short_history_has_no_last_year(measured: Callable[..., Estimate], n_months: int) -> None:
    assert derived.last_year(with_history(measured, [1.0] * n_months)) is None


def test_growth_needs_two_years(measured: Callable[..., Estimate]) -> None:
    revenue = with_history(measured, [1.0] * 23)
    assert derived.last_year(revenue) is not None
    assert derived.growth(revenue) is None


def test_growth_over_a_year_without_sales_is_not_said(measured: Callable[..., Estimate]) -> None:
    assert derived.growth(with_history(measured, [0.0] * 12 + [1.0] * 12)) is None


def test_expected_total_keeps_the_dependence_between_months(measured: Callable[..., Estimate]) -> None:
    rng = np.random.default_rng(1)
    shock = rng.standard_normal((DRAWS, 1))
    subjects = ("next_12_months", "2027-01", "2027-02")
    together = 100 + 10 * np.hstack([shock, shock, shock])
    opposed = 100 + 10 * np.hstack([shock, shock, -shock])
    wide = derived.expected(measured("sales.forecast", together, subjects=subjects, by="month"))
    still = derived.expected(measured("sales.forecast", opposed, subjects=subjects, by="month"))
    assert wide is not None
    assert still is not None
    assert wide.high - wide.low == pytest.approx(2 * 10 * 2 * 1.645, rel=0.1)
    assert still.high - still.low == pytest.approx(0, abs=1e-3)


def test_probability_to_lead_is_counted_on_the_joint_draws(measured: Callable[..., Estimate]) -> None:
    draws = np.zeros((DRAWS, 2))
    draws[: DRAWS // 4, 1] = 1.0
    draws[DRAWS // 4 :, 0] = 1.0
    roi = measured("media.roi", draws, subjects=("a", "b"), by="channel", unit="EUR/EUR")
    assert derived.leads(roi, "a") == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("subject", "share"),
    [("10%", 0.1), ("0.1", 0.1), ("top 10 %", 0.1), ("20", 0.2), ("1%", 0.01), ("0.5%", 0.005)],
)
def test_share_of_customers_is_read_from_the_subject(subject: str, share: float) -> None:
    assert derived.share_of_customers(subject) == pytest.approx(share)


@pytest.mark.parametrize("subject", ["gini", "total", "100%", "0", "-5%"])
def test_subject_that_names_no_share_is_left_out(subject: str) -> None:
    assert derived.share_of_customers(subject) is None


def test_holders_who_said_too_much_are_overconfident(made_up: Callable[..., Facts]) -> None:
    facts = made_up()
    gaps = [gap for one in facts.verdicts if (gap := surprise(one)) is not None]
    assert derived.overconfidence(facts) == pytest.approx(np.mean(gaps))
    assert (
        derived.overconfidence(Facts(company=facts.company, reviewed_on=facts.reviewed_on, span=facts.span))
        is None
    )
