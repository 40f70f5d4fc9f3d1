import json
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import least_squares

from cmo.market.diffusion import USUAL, Analogues, adopted, diffusion, learned

VIDEO_RECORDERS = (840, 1470, 2110, 4000, 7590, 10950, 10530, 9470, 7790, 5890)
FINAL = 68_000


def launch(market: float, p: float, q: float, *, periods: int) -> np.ndarray:
    ends = adopted(np.array(p), np.array(q), np.arange(periods + 1.0))
    return market * np.diff(ends)


def test_four_early_years_of_video_recorders_tell_their_market_within_30_percent() -> None:
    early = diffusion(VIDEO_RECORDERS[:4], rng=np.random.default_rng(1), draws=2000)
    assert float(np.median(early.market)) == pytest.approx(FINAL, rel=0.3)
    low, high = np.quantile(early.market, [0.05, 0.95])
    assert low < FINAL < high


def test_a_finished_diffusion_needs_no_analogues() -> None:
    whole = diffusion(VIDEO_RECORDERS, rng=np.random.default_rng(2), draws=2000)
    assert float(np.median(whole.market)) == pytest.approx(FINAL, rel=0.05)
    assert np.quantile(whole.peak, [0.05, 0.95]) == pytest.approx([7, 7], abs=1)


@pytest.mark.shared
def test_published_least_squares_of_video_recorders(shared: Path) -> None:
    case = json.loads((shared / "cases/value/bass.json").read_text())["cases"][0]
    time = np.arange(1.0, 11.0)
    step = 1e-5

    def apart(point: np.ndarray) -> np.ndarray:
        p, q = np.exp(point[1:])
        density = (adopted(p, q, time + step) - adopted(p, q, time - step)) / (2 * step)
        return point[0] * 1e4 * density - np.array(case["sales"])

    found = least_squares(apart, [6.0, np.log(0.03), np.log(0.38)], xtol=1e-14, ftol=1e-14)
    expected = case["expected"]
    assert found.x[0] * 1e4 == pytest.approx(expected["M"], rel=case["tol"]["M_rel"])
    assert np.exp(found.x[1:]) == pytest.approx([expected["p"], expected["q"]], rel=0.002)


def test_intervals_hold_when_worlds_follow_the_analogues() -> None:
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(120):
        p, q = 0.01 * np.exp(0.8 * rng.standard_normal()), 0.4 * np.exp(0.45 * rng.standard_normal())
        curve = launch(1.0, p, q, periods=5)
        market = 1000 * np.exp(0.5 * rng.standard_normal())
        sales = market * curve * np.exp(0.1 * rng.standard_normal(5))
        analogues = Analogues(
            innovation=USUAL.innovation,
            imitation=USUAL.imitation,
            market=(np.log(1000 / sales.sum()), 0.5),
        )
        found = diffusion(sales.tolist(), analogues=analogues, rng=rng, draws=500)
        low, high = np.quantile(found.market, [0.05, 0.95])
        held += int(low <= market <= high)
    assert 0.82 < held / 120 < 0.97


def test_analogues_narrow_what_an_early_launch_can_say() -> None:
    finished = [launch(1e3 * k, 0.008, 0.42, periods=16).tolist() for k in (1, 2, 3, 5)]
    finished += [launch(5e3, 0.012, 0.38, periods=16).tolist()]
    taught = learned(finished, after=4)
    assert np.exp(taught.imitation[0]) == pytest.approx(0.41, abs=0.02)
    sales = launch(7e4, 0.009, 0.41, periods=4)
    usual = diffusion(sales.tolist(), rng=np.random.default_rng(4), draws=2000)
    told = diffusion(sales.tolist(), analogues=taught, rng=np.random.default_rng(4), draws=2000)
    assert np.log(told.market).std() < 0.5 * np.log(usual.market).std()
    assert float(np.median(told.market)) == pytest.approx(7e4, rel=0.2)


def test_sales_to_come_add_up_to_the_market() -> None:
    found = diffusion(VIDEO_RECORDERS, rng=np.random.default_rng(5), draws=500)
    path = found.sales(60, rng=np.random.default_rng(6))
    assert path.shape == (500, 60)
    assert path.sum(axis=1) == pytest.approx(found.market, rel=0.25)


@pytest.mark.parametrize("sales", [(5.0,), (5.0, 0.0), (5.0, -1.0)])
def test_sales_that_tell_nothing_are_refused(sales: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="above zero"):
        diffusion(sales, rng=np.random.default_rng(7), draws=10)


def test_two_analogues_are_too_few() -> None:
    with pytest.raises(ValueError, match="at least three"):
        learned([[1.0, 2.0, 1.0]] * 2, after=1)
