"""GeoLift's and Google's published geo analyses, reproduced."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from cmo.experiments.conformal import Orders, conformal_interval, conformal_p, residual_p
from cmo.experiments.contrast import Alternative, Inference, quantile
from cmo.experiments.geo_precision import design_precision
from cmo.experiments.market_selection import History, Search, placements, power_curve, select_markets
from cmo.experiments.synthetic_control import Ridge, synthetic_control
from cmo.experiments.time_based_regression import geo_based_regression, time_based_regression

pytestmark = pytest.mark.shared
Case = dict[str, Any]
TREATED = ["chicago", "portland"]


def wide(shared: Path, file: str) -> pd.DataFrame:
    rows = pd.read_csv(shared / "data" / "experiments" / file)
    return rows.pivot_table(index="date", columns="location", values="Y").sort_index().astype(float)


@pytest.fixture(scope="module")
def measured(shared: Path) -> pd.DataFrame:
    return wide(shared, "geolift_test.csv")


@pytest.fixture(scope="module")
def before(shared: Path) -> History:
    frame = wide(shared, "geolift_pretest.csv")
    return History(markets=tuple(frame.columns), outcomes=frame.to_numpy())


def split(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, list[str]]:
    donors = frame.drop(columns=TREATED)
    return frame[TREATED].mean(axis=1).to_numpy(), donors.to_numpy(), list(donors.columns)


def test_geolift_walkthrough_analysis(cases: dict[str, Case], measured: pd.DataFrame) -> None:
    expected = cases["gl01_geolift_base"]["expected"]
    target, donors, names = split(measured)
    fit = synthetic_control(target, donors, pre=90)
    assert fit.att == pytest.approx(expected["att_per_market_day"], abs=0.001)
    assert 100 * fit.lift == pytest.approx(expected["percent_lift"], abs=0.05)
    assert 2 * fit.gap[90:].sum() == pytest.approx(expected["incremental"], abs=0.5)
    assert fit.l2 == pytest.approx(expected["l2_imbalance"], abs=0.001)
    assert fit.scaled_l2 == pytest.approx(expected["scaled_l2_imbalance"], abs=5e-5)
    assert 100 * (1 - fit.scaled_l2) == pytest.approx(expected["improvement_over_naive_pct"], abs=0.01)
    weights = dict(zip(names, fit.weights, strict=True))
    for name, weight in expected["weights"].items():
        assert weights[name] == pytest.approx(weight, abs=1e-4), name
    assert sum(weight > 1e-3 for weight in fit.weights) == len(expected["weights"])


def test_block_conformal_test_of_the_walkthrough(measured: pd.DataFrame) -> None:
    target, donors, _ = split(measured)
    assert conformal_p(target, donors, orders=Orders(105, 15)) == pytest.approx(5 / 105)
    low, high = conformal_interval(target, donors, orders=Orders(105, 15))
    assert low < 155.556 < high


def test_geolift_ridge(cases: dict[str, Case], measured: pd.DataFrame) -> None:
    expected = cases["gl02_geolift_ridge"]["expected"]
    target, donors, _ = split(measured)
    plain = synthetic_control(target, donors, pre=90)
    fit = synthetic_control(target, donors, pre=90, augmented=Ridge())
    assert fit.att == pytest.approx(expected["att_per_market_day"], abs=0.001)
    assert 2 * fit.gap[90:].sum() == pytest.approx(expected["incremental"], abs=0.5)
    assert fit.l2 == pytest.approx(expected["l2_imbalance"], abs=0.001)
    assert fit.scaled_l2 == pytest.approx(expected["scaled_l2_imbalance"], abs=5e-5)
    assert plain.att - fit.att == pytest.approx(expected["bias_removed"], abs=0.001)


def test_geolift_simulated_lift(cases: dict[str, Case], before: History) -> None:
    expected = cases["gl05_geolift_sim_10pct"]["expected"]
    treated = before.index(TREATED)
    target = before.outcomes[:, treated].mean(axis=1)
    target[75:] *= 1.1
    fit = synthetic_control(target, np.delete(before.outcomes, treated, axis=1), pre=75)
    assert fit.att == pytest.approx(expected["att"], abs=0.001)
    assert 2 * fit.gap[75:].sum() == pytest.approx(expected["incremental"], abs=0.5)
    assert fit.l2 == pytest.approx(expected["l2_imbalance"], abs=0.001)
    assert fit.scaled_l2 == pytest.approx(expected["scaled_l2_imbalance"], abs=5e-5)
    weights = dict(zip([name for name in before.markets if name not in TREATED], fit.weights, strict=True))
    for name, weight in expected["weights"].items():
        assert weights[name] == pytest.approx(weight, abs=1e-4), name


def test_geolift_market_selection_to_every_printed_digit(cases: dict[str, Case], before: History) -> None:
    case = cases["gl04_geolift_market_selection"]
    inputs = case["inputs"]
    search = Search(
        sizes=tuple(inputs["N"]),
        durations=tuple(inputs["treatment_periods"]),
        effects=tuple(inputs["effect_sizes"]),
        include=tuple(inputs["include"]),
        exclude=tuple(inputs["exclude"]),
        cost_per_unit=inputs["cpic"],
        budget=inputs["budget"],
    )
    designs = select_markets(before, search, rng=np.random.default_rng(0))
    for design, row in zip(designs, case["expected"]["rows"], strict=False):
        assert ", ".join(design.markets) == row["markets"]
        assert (design.duration, design.found.effect, design.found.power, design.rank) == (
            row["duration"],
            row["effect"],
            row["power"],
            row["rank"],
        )
        found = design.found
        assert_allclose(found.investment, row["investment"], atol=0.005)
        assert_allclose(found.att, row["att"], rtol=1e-6)
        assert_allclose(found.detected, row["mde"], rtol=1e-6)
        assert_allclose(found.scaled_l2, row["scaled_l2"], atol=6e-8)
        told = [row[key] for key in ("share", "abs_lift_in_zero", "holdout", "correlation")]
        assert_allclose([design.share, design.bias, design.holdout, design.correlation], told, rtol=1e-6)


def test_geolift_power_curve(cases: dict[str, Case], before: History) -> None:
    """At +1 % two of ten windows have p of 0.101 and 0.106: there R's own 1,000 draws decide."""
    expected = cases["gl06_geolift_power_curve"]["expected"]["power"]
    effects = tuple(float(effect) for effect in expected)
    search = Search(sizes=(2,), durations=(15,), effects=effects, lookback=10, one_sided=True)
    orders = placements(before, search, rng=np.random.default_rng(1), draws=4000)
    curve = power_curve(before, TREATED, duration=15, search=search, orders=orders)
    for trial, power in zip(curve, expected.values(), strict=True):
        if trial.effect != 0.01:
            assert trial.power == pytest.approx(power, abs=0.1)
    treated = before.index(TREATED)
    target, donors = before.outcomes[:, treated].mean(axis=1), np.delete(before.outcomes, treated, axis=1)
    p = []
    for back in range(10):
        end = 90 - back
        raised = target[:end].copy()
        raised[end - 15 :] *= 1.01
        gap = synthetic_control(raised, donors[:end], pre=end).gap
        p.append(residual_p(gap, orders[end, 15], alternative=Alternative.GREATER))
    noise = 2 * np.sqrt(0.1 * 0.9 / 1000)
    assert np.mean(np.array(p) < 0.1 - noise) <= expected["0.01"] <= np.mean(np.array(p) < 0.1 + noise)


@pytest.fixture(scope="module")
def geos(shared: Path) -> pd.DataFrame:
    data = shared / "data" / "experiments"
    rows = pd.read_csv(data / "google_matched_markets_salesandcost.csv")
    group = pd.read_csv(data / "google_matched_markets_geoassignment.csv").set_index("geo")["geo.group"]
    return rows.assign(group=rows.geo.map(group))


BOTH = Inference(level=0.95)
ABOVE = Inference(level=0.9, alternative=Alternative.GREATER)


def assert_return(two: Any, one: Any, expected: Case) -> None:
    bounds = expected["two_sided_95"]
    found = [two.estimate, two.low, two.high, two.high - two.estimate, one.low, one.estimate - one.low]
    told = [expected["iroas"], bounds["lower"], bounds["upper"], bounds["precision"]]
    told += [expected["one_sided_90"]["lower"], expected["one_sided_90"]["precision"]]
    assert_allclose(found, told, atol=1e-5)


def test_googles_time_based_regression(cases: dict[str, Case], geos: pd.DataFrame) -> None:
    expected = cases["gx01_tbr_iroas"]["expected"]
    rows = geos[geos.date <= "2015-03-15"]
    totals = rows.pivot_table(index="date", columns="group", values="sales", aggfunc="sum")
    pre, cost = int((totals.index < "2015-02-16").sum()), float(rows.cost.sum())
    fit = time_based_regression(totals[2].to_numpy(), totals[1].to_numpy(), pre=pre)
    assert_return(fit.total(BOTH, cost=cost), fit.total(ABOVE, cost=cost), expected)
    money = fit.total(ABOVE)
    assert (fit.df, cost) == (40, expected["incremental_cost"])
    assert money.estimate == pytest.approx(expected["incremental_response"], abs=0.01)
    assert money.se == pytest.approx(expected["incremental_se"], abs=0.01)
    assert money.low == pytest.approx(expected["incremental_lower90"], abs=0.05)
    assert fit.chance_above(3.0, cost=cost) == pytest.approx(expected["prob_iroas_gt_3"], abs=5e-4)
    assert_allclose(fit.lift(), [expected["relative_lift"], expected["relative_lift_lower90"]], atol=1e-4)
    assert fit.slope == pytest.approx(expected["pre_period_slope"], abs=1e-6)
    assert fit.counterfactual[0] == pytest.approx(expected["counterfactual_first_pre_day"], abs=1e-5)


def test_googles_first_test_day(cases: dict[str, Case], geos: pd.DataFrame) -> None:
    expected = cases["gx01_tbr_iroas"]["expected"]
    totals = geos.pivot_table(index="date", columns="group", values="sales", aggfunc="sum")
    fit = time_based_regression(totals[2].to_numpy(), totals[1].to_numpy(), pre=42)
    half = quantile(0.9, fit.df) * float(fit.scale[0])
    for centre, told in (
        (fit.counterfactual[42], expected["counterfactual_first_test_day"]),
        (fit.effect[0], expected["effect_first_test_day"]),
    ):
        found = [centre, centre - half, centre + half]
        assert_allclose(found, [told["estimate"], told["lower80"], told["upper80"]], atol=1e-5)


def test_googles_geo_based_regression(cases: dict[str, Case], geos: pd.DataFrame) -> None:
    expected = cases["gx02_gbr_iroas"]["expected"]
    before = geos[geos.date < "2015-02-16"].groupby("geo").sales.sum().to_numpy()
    test = geos[(geos.date >= "2015-02-16") & (geos.date <= "2015-03-15")].groupby("geo")
    during, cost = test.sales.sum().to_numpy(), test.cost.sum().to_numpy()
    two = geo_based_regression(before, during, cost=cost, inference=BOTH)
    assert_return(two, geo_based_regression(before, during, cost=cost, inference=ABOVE), expected)
    assert two.estimate * cost.sum() == pytest.approx(expected["incremental_response"], abs=0.05)
    assert ABOVE.p_value((3.0 - two.estimate) / two.se, two.df) == pytest.approx(
        expected["prob_iroas_gt_3"], abs=5e-4
    )


def test_googles_design_precision(cases: dict[str, Case], geos: pd.DataFrame) -> None:
    case = cases["gx03_design_precision"]
    expected, inputs = case["expected"], case["inputs"]
    outcomes = (
        geos.pivot_table(index="date", columns="geo", values="sales", aggfunc="sum").fillna(0.0).to_numpy()
    )
    length = inputs["test_days"] + inputs["cooldown_days"]
    rng = np.random.default_rng(0)
    found = design_precision(outcomes, pre=inputs["pretest_days"], length=length, rng=rng, draws=400)
    assert found.time_based == pytest.approx(expected["tbr1_cost_for_precision_1"], rel=0.1)
    assert found.geo_based == pytest.approx(expected["gbr1_cost_for_precision_1"], rel=0.1)
    assert found.cost(2.0) == (found.time_based / 2, found.geo_based / 2)


@pytest.mark.shared
def test_geolift_multi_cell_walkthrough_digit_by_digit(shared: Path) -> None:
    """Printed figures of GeoLift's multi-cell walkthrough: each cell read without the other's markets."""
    frame = pd.read_csv(shared / "data" / "experiments" / "geolift_test_multicell.csv")
    panel = frame.pivot_table(index="date", columns="location", values="Y").sort_index()
    cells = {("chicago", "cincinnati"): (673.819, 20215, 0.228, 956.678, 0.1694)}
    cells[("honolulu", "indianapolis")] = (216.423, 6493, 0.071, 1508.472, 0.326)
    everywhere = {market for cell in cells for market in cell}
    for cell, printed in cells.items():
        donors = panel.drop(columns=sorted(everywhere))
        own = panel[list(cell)].mean(axis=1).to_numpy(float)
        fit = synthetic_control(own, donors.to_numpy(float), pre=90, augmented=Ridge())
        found = (fit.att, fit.att * 15 * len(cell), fit.lift, fit.l2, fit.scaled_l2)
        digits = (3, 0, 3, 3, 4 if cell[0] == "chicago" else 3)
        assert tuple(round(of, to) for of, to in zip(found, digits, strict=True)) == printed, cell
