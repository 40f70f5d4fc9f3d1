from datetime import date

import numpy as np
import pytest

from cmo.measures import Estimate, Grade, History, Text, Window, months
from cmo.strategy.document import Objective
from cmo.strategy.evidence import Evidence
from cmo.strategy.goal import outlook

N = 400


def known() -> Evidence:
    """Ten thousand a month in 2026 at a margin of half; eleven a month expected in 2027, to November."""
    rng = np.random.default_rng(0)
    year = Window.parse("2026")
    past = History.of_draws(np.full((N, 1, 12), 10_000.0), periods=months(year), cycle=12)
    ahead = (*(f"2027-{m:02d}" for m in range(1, 12)), "2026-12")
    expected = 11_000.0 + 1_000.0 * rng.standard_normal((N, 1)) * np.ones((1, len(ahead)))

    def of(
        measure: str, draws: np.ndarray, *, subjects: tuple[str, ...] = ("total",), **more: object
    ) -> Estimate:
        return Estimate.of_draws(
            measure,
            draws,
            subjects=subjects,
            by="total",
            unit="EUR",
            window=year,
            as_of=date(2026, 12, 31),
            method=Text.same("m"),
            grade=Grade.D,
            tables=("orders",),
            **more,  # type: ignore[arg-type]
        )

    return Evidence(
        estimates=(
            of("sales.revenue", np.full((N, 1), 120_000.0), history=past),
            of("sales.contribution", np.full((N, 1), 60_000.0)),
            of("sales.forecast", expected, subjects=ahead),
            of("brand.awareness", np.full((N, 2), [0.6, 0.3]), subjects=("Lumen", "Other")),
        )
    )


def chance(measure: str, at_least: float, by: str, **more: object) -> float | None:
    goal = Objective.model_validate(
        {
            "id": "g",
            "says": "G",
            "measure": measure,
            "at_least": at_least,
            "by": date.fromisoformat(by),
            **more,
        }
    )
    return outlook(goal, known(), currency="EUR", company="Lumen").probability


@pytest.mark.parametrize(
    ("measure", "target", "by", "low", "high"),
    [
        ("sales.revenue", 119_000, "2026-12-31", 1.0, 1.0),
        ("sales.revenue", 121_000, "2026-12-31", 0.0, 0.0),
        # eleven of the twelve months of 2027 are forecast, December is taken like that of the year before
        ("sales.revenue", 132_000, "2027-12-31", 0.4, 0.6),
        ("sales.contribution", 66_000, "2027-12-31", 0.4, 0.6),
        # half of the year is counted already
        ("sales.revenue", 126_000, "2027-06-30", 0.4, 0.6),
    ],
)
def test_a_goal_of_money_is_weighed_over_its_own_twelve_months(
    measure: str, target: float, by: str, low: float, high: float
) -> None:
    found = chance(measure, target, by)
    assert found is not None
    assert low <= found <= high


def test_a_goal_told_by_brand_is_that_of_the_company_unless_it_names_one() -> None:
    assert chance("brand.awareness", 0.5, "2027-12-31") == 1.0
    assert chance("brand.awareness", 0.5, "2027-12-31", of="Other") == 0.0


def test_what_is_not_measured_has_no_chance_and_says_why() -> None:
    assert chance("value.nps", 40, "2027-12-31") is None
