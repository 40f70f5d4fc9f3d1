"""A box that is shipped on the first of each month: purchases can be made then, and on no other day."""

from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pytest

from cmo.customers.evidence import valued
from cmo.customers.purchases.clock import days_of_sale, sale_clock
from cmo.measures import Estimate
from cmo.warehouse.field import Field

MONTHS = [date(2022 + n // 12, n % 12 + 1, 1) for n in range(60)]
KNOWN = 48
ALPHA, BETA, GAMMA, DELTA = 1.2, 0.75, 0.66, 5.0


def boxes(n: int, rng: np.random.Generator) -> np.ndarray:
    """Whether each of n customers takes each box, by BG/BB from her first one on, shape (n, 60)."""
    first = rng.integers(0, 36, n)
    taking, leaving = rng.beta(ALPHA, BETA, n), rng.beta(GAMMA, DELTA, n)
    last = first + rng.geometric(leaving) - 1  # the last month she is there for
    month = np.arange(60)
    there = (month > first[:, None]) & (month <= last[:, None])
    return (there & (rng.random((n, 60)) < taking[:, None])) | (month == first[:, None])


@pytest.fixture(scope="module")
def told() -> tuple[dict[tuple[str, str], Estimate], float, int]:
    taken = boxes(1_500, np.random.default_rng(8))
    who, when = np.nonzero(taken[:, :KNOWN])
    orders = pa.table(
        {
            "order_id": [str(n) for n in range(who.size)],
            "customer_id": [str(n) for n in who],
            "ordered_at": [datetime.combine(MONTHS[n], datetime.min.time()) for n in when],
            "revenue": 20.0 + 0.01 * (who % 7),
        }
    )
    found = valued(Field.of_tables({"orders": orders}), rng=np.random.default_rng(1))
    known = {(one.measure, one.by): one for one in found if isinstance(one, Estimate)}
    return known, float(taken[:, KNOWN:].sum()), int(taken[:, :KNOWN].any(axis=1).sum())


def test_time_runs_in_the_days_of_sale() -> None:
    volume = np.zeros(400)
    volume[::28] = 50.0
    sale = days_of_sale(volume)
    assert sale is not None
    clock = sale_clock(sale, n_days=760)
    assert clock.spacing == 28.0
    assert clock.between(28, 84) == 2.0
    assert clock.between(392, 392 + 364) == 13.0


@pytest.mark.parametrize("every", [1, 2, 3])
def test_trade_of_every_day_has_no_set_days(every: int) -> None:
    volume = np.zeros(400)
    volume[::every] = 5.0
    assert days_of_sale(volume) is None


def test_a_season_of_sale_is_no_set_occasion() -> None:
    volume = np.zeros(800)
    volume[100:140:5] = volume[600:640:5] = 9.0
    assert days_of_sale(volume) is None


def test_the_discrete_model_is_used_and_foretells_the_boxes(
    told: tuple[dict[tuple[str, str], Estimate], float, int],
) -> None:
    known, later, _ = told
    equity = known["customers.equity", "total"]
    assert "BG/BB on the set days of sale" in equity.method.en
    figure = equity.figure("total")
    assert figure.low < 20.0 * later / 1.1**0.5 < figure.high
    assert figure.value == pytest.approx(20.0 * later / 1.1**0.5, rel=0.1)


def test_silence_is_told_in_weeks_and_not_in_boxes(
    told: tuple[dict[tuple[str, str], Estimate], float, int],
) -> None:
    known, _, _ = told
    silence = known["customers.silence", "orders"]
    assert 8.0 < silence.figure("8").value < 60.0
