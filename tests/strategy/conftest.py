"""A small company to decide for: two channels whose curves are known, sales, customers, tests."""

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pytest

from cmo.experiments.feasible import Feasible, Form
from cmo.measures import MEASURES, Estimate, Grade, Text, Window
from cmo.strategy.decisions.ground import Ground
from cmo.strategy.document import Strategy
from cmo.strategy.evidence import Evidence
from cmo.strategy.verdict import Stance, Verdict

Floats = npt.NDArray[np.float64]

N = 600
TODAY = date(2026, 12, 31)
QUARTER = Window.parse("2027-Q1")
YEAR = Window.parse("2026")
GRID = (0.0, 2_500.0, 5_000.0, 10_000.0, 15_000.0, 20_000.0, 40_000.0)


def _estimate(
    measure: str,
    draws: npt.ArrayLike,
    *,
    subjects: Sequence[str] = ("total",),
    by: str = "total",
    grade: Grade = Grade.C,
    window: Window = YEAR,
) -> Estimate:
    values = np.asarray(draws, dtype=np.float64)
    return Estimate.of_draws(
        measure,
        values[:, None] if values.ndim == 1 else values,
        subjects=tuple(subjects),
        by=by,
        unit=MEASURES[measure].unit_in("EUR"),
        window=window,
        as_of=TODAY,
        method=Text.same("m"),
        grade=grade,
        tables=("orders",),
    )


def _response(returns: dict[str, tuple[float, float]], *, seed: int = 0) -> Estimate:
    """Each channel brings size * money ** 0.7, its return at 10,000 lognormal around a median."""
    rng = np.random.default_rng(seed)
    subjects, columns = [], []
    for name, (median, spread) in returns.items():
        at_ten = median * np.exp(spread * rng.standard_normal(N))
        for money in GRID:
            subjects.append(f"{name}@{money:.0f}")
            columns.append(at_ten * 10_000 * (money / 10_000) ** 0.7)
    return _estimate(
        "media.response",
        np.stack(columns, axis=1),
        subjects=subjects,
        by="channel@money",
        window=QUARTER,
    )


def _ground(
    *estimates: Estimate, plan: object = None, verdicts: tuple[Verdict, ...] = (), **strategy: object
) -> Ground:
    plain = {
        "period": "2027-Q1",
        "budget": 20_000,
        "channels": {"tv": {"spend": 10_000, "min": 2_000}, "radio": {"spend": 10_000}},
    }
    given = {"plan": plain if plan is None else plan, **strategy}
    return Ground(
        evidence=Evidence(estimates=estimates),
        strategy=Strategy.model_validate(given),
        verdicts=verdicts,
        currency="EUR",
        today=TODAY,
    )


def _verdict(belief: str, probability: float | None, *, claim: dict[str, object]) -> Verdict:
    from cmo.measures import Claim  # noqa: PLC0415 - tests of other rooms do not pay for it

    parsed = Claim.parse(claim)
    return Verdict(
        belief=belief,
        says=Text.same(belief),
        owner=None,
        stated=0.9,
        measure=parsed.measure,
        claim=parsed,
        probability=probability,
        stance=Stance.at(probability),
        why=Text("Because.", "Parce que."),
        grade=Grade.C,
        as_of=TODAY,
        previous=None,
    )


def _design(subject: str, *, error: float = 0.01, form: Form = Form.GEO, cost: float = 100.0) -> Feasible:
    """A geo test that withholds 5,000 of a channel where 100,000 are sold, or a split of customers."""
    if form is Form.SPLIT:
        return Feasible(
            id=f"split-{subject}",
            form=form,
            subject=subject,
            metric="revenue",
            weeks=4,
            standard_error=error,
            outcome=50_000.0,
            cost=0.0,
            units=4_000,
        )
    return Feasible(
        id=f"geo-{subject}",
        form=form,
        subject=subject,
        metric="revenue",
        weeks=6,
        standard_error=error,
        outcome=100_000.0,
        cost=cost,
        treated=("Lyon",),
        change=0.0,
        spend_change=-5_000.0,
    )


@pytest.fixture(scope="session")
def estimate() -> Callable[..., Estimate]:
    return _estimate


@pytest.fixture(scope="session")
def response() -> Callable[..., Estimate]:
    return _response


@pytest.fixture(scope="session")
def ground() -> Callable[..., Ground]:
    return _ground


@pytest.fixture(scope="session")
def held() -> Callable[..., Verdict]:
    return _verdict


@pytest.fixture(scope="session")
def design() -> Callable[..., Feasible]:
    return _design


@pytest.fixture(scope="session")
def sales() -> tuple[Estimate, ...]:
    """A million sold at a margin of half, by customers of whom most come back."""
    rng = np.random.default_rng(1)

    def about(mean: float) -> Floats:
        return mean * (1 + 0.01 * rng.standard_normal(N))

    return (
        _estimate("sales.revenue", about(1_000_000.0), grade=Grade.D),
        _estimate("sales.contribution", about(500_000.0), grade=Grade.D),
        _estimate("customers.active", about(10_000.0), grade=Grade.D),
        _estimate("customers.revenue_per_customer", about(100.0), grade=Grade.D),
        _estimate("customers.new_customers", about(4_000.0), grade=Grade.D),
        _estimate("customers.average_order_value", about(50.0), grade=Grade.D),
    )
