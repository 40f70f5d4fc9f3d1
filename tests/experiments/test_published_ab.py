"""What other tools publish for the same inputs: growthbook, confidence, tea-tasting."""

from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from cmo.experiments import checks
from cmo.experiments.adjustment import Adjustment, Baseline, contrast, slopes
from cmo.experiments.bayes import Normal, posterior
from cmo.experiments.contrast import Alternative, Inference, absolute_effect
from cmo.experiments.metric import Mean, Ratio
from cmo.experiments.moments import Moments
from cmo.experiments.multiplicity import Correction, adjusted_p
from cmo.experiments.proportions import (
    Asymptotic,
    Exact,
    Shares,
    chi_squared_p,
    exact_p,
    share_contrast,
    share_effect,
)
from cmo.experiments.quantiles import OrderInterval, quantile_contrast
from cmo.experiments.ratio import Relative, relative_effect

pytestmark = pytest.mark.shared
Case = dict[str, Any]
GREATER = Inference(alternative=Alternative.GREATER)
LESS = Inference(alternative=Alternative.LESS)


def mean_arm(sums: Case) -> Moments:
    return Moments.of_sums(("y",), sums["n"], sums=[sums["sum"]], products=[[sums["sum_squares"]]])


def mean_arms(case: Case) -> dict[str, Moments]:
    return {name: mean_arm(case["inputs"][name]) for name in ("control", "treatment")}


def cuped_arm(sums: Case) -> Moments:
    cross = sums["post_pre"]
    products = [[sums["post"]["sum_squares"], cross], [cross, sums["pre"]["sum_squares"]]]
    return Moments.of_sums(
        ("y", "x"), sums["n"], sums=[sums["post"]["sum"], sums["pre"]["sum"]], products=products
    )


def ratio_arm(sums: Case) -> Moments:
    names = ("m_post", "d_post", "m_pre", "d_pre")

    def cross(left: str, right: str) -> float:
        if left == right:
            return float(sums[left]["sum_squares"])
        return float(sums.get(f"{left}_{right}", sums.get(f"{right}_{left}")))

    products = [[cross(left, right) for right in names] for left in names]
    return Moments.of_sums(names, sums["n"], sums=[sums[name]["sum"] for name in names], products=products)


def between(arms: dict[str, Moments], metric: Any = Mean("y"), **settings: Any) -> Any:  # noqa: B008 - frozen
    return contrast(arms, metric, control="control", treated="treatment", adjustment=Adjustment(**settings))


def test_welch_relative_and_absolute(cases: dict[str, Case]) -> None:
    case = cases["gb01_welch_relative"]
    effect = relative_effect(between(mean_arms(case)), by=Relative.DELTA)
    expected = case["expected"]
    assert_allclose(
        [effect.estimate, effect.se, effect.p], [expected[k] for k in ("lift", "se", "p")], atol=1e-5
    )
    assert_allclose([effect.low, effect.high], expected["ci"], atol=1e-5)
    expected = cases["gb02_welch_absolute"]["expected"]
    effect = absolute_effect(between(mean_arms(cases["gb02_welch_absolute"])))
    assert_allclose(
        [effect.estimate, effect.se, effect.p], [expected[k] for k in ("diff", "se", "p")], atol=1e-5
    )
    assert_allclose([effect.low, effect.high], expected["ci"], atol=1e-5)


def test_a_relative_interval_by_fiellers_method_agrees_with_the_absolute_test(cases: dict[str, Case]) -> None:
    of = between(mean_arms(cases["gb01_welch_relative"]))
    assert relative_effect(of, by=Relative.FIELLER).significant == absolute_effect(of).significant


def test_proportion_relative(cases: dict[str, Case]) -> None:
    case = cases["gb03_proportion_relative"]
    control, treated = case["inputs"]["control"], case["inputs"]["treatment"]
    shares = Shares(
        control=control["successes"],
        n_control=control["n"],
        treated=treated["successes"],
        n_treated=treated["n"],
    )
    effect = relative_effect(share_contrast(shares), by=Relative.DELTA)
    expected = case["expected"]
    assert_allclose(
        [effect.estimate, effect.se, effect.p], [expected[k] for k in ("lift", "se", "p")], atol=1e-5
    )
    assert_allclose([effect.low, effect.high], expected["ci"], atol=1e-5)


def test_ratio_with_cuped(cases: dict[str, Case]) -> None:
    case = cases["gb04_ratio_cuped"]
    arms = {name: ratio_arm(case["inputs"][name]) for name in ("control", "treatment")}
    effect = relative_effect(between(arms, Ratio("m_post", "d_post"), covariates=(Ratio("m_pre", "d_pre"),)))
    expected = case["expected"]
    assert_allclose(effect.estimate, expected["lift_9dp"], atol=1e-9)
    assert_allclose(effect.p, expected["p_9dp"], atol=1e-5)
    assert_allclose([effect.se, effect.low, effect.high], [expected["se"], *expected["ci"]], atol=1e-5)


def test_one_sided(cases: dict[str, Case]) -> None:
    case = cases["gb09_one_sided"]
    of = between(mean_arms(case))
    expected = case["expected"]
    for inference, side in ((GREATER, "greater"), (LESS, "less")):
        for kind, effect in (
            ("relative", relative_effect(of, inference, by=Relative.DELTA)),
            ("absolute", absolute_effect(of, inference)),
        ):
            want = expected[f"{side}_{kind}"]
            assert_allclose(effect.p, want["p"], atol=1e-5)
            bound = effect.low if side == "greater" else effect.high
            assert_allclose(bound, want["ci_lower" if side == "greater" else "ci_upper"], atol=1e-5)


def test_bayes_mean_with_prior(cases: dict[str, Case]) -> None:
    case = cases["gb13_bayes_mean_prior"]
    effect = relative_effect(between(mean_arms(case)), by=Relative.DELTA)
    belief = posterior(effect.estimate, effect.se, prior=Normal(mean=0.1, sd=0.1**0.5))
    expected = case["expected"]
    assert_allclose([belief.mean, belief.sd], [expected["mean"], expected["sd"]], atol=1e-5)
    assert_allclose(belief.interval(), expected["ci"], atol=1e-5)
    assert_allclose(belief.chance_positive, expected["chance_to_win"], atol=1e-5)
    assert_allclose([belief.loss_if_refused, belief.loss_if_chosen], expected["risk"], atol=1e-5)


@pytest.mark.parametrize(
    ("key", "relative", "prior"),
    [
        ("abs_improper", False, Normal()),
        ("abs_flat_1e6", False, Normal(sd=1e3)),
        ("abs_prior_var1", False, Normal(sd=7.157987489967789)),
        ("rel_flat_1e6", True, Normal(sd=1e3)),
        ("rel_prior_var1", True, Normal(sd=1.0)),
    ],
)
def test_bayes_quantile(cases: dict[str, Case], key: str, relative: bool, prior: Normal) -> None:  # noqa: FBT001
    case = cases["gb14_bayes_quantile"]
    arms = [
        OrderInterval(n=arm["n"], value=arm["q"], low=arm["q_lower"], high=arm["q_upper"])
        for arm in (case["inputs"]["control"], case["inputs"]["treatment"])
    ]
    of = quantile_contrast(*arms)
    effect = relative_effect(of) if relative else absolute_effect(of)
    belief = posterior(effect.estimate, effect.se, prior=prior)
    assert_allclose(belief.mean, case["expected"][key]["mean"], atol=1e-9)
    assert_allclose(belief.interval(), case["expected"][key]["ci"], atol=1e-9)


def test_ratio_of_sums(cases: dict[str, Case]) -> None:
    case = cases["gb15_ratio_frequentist"]
    arms = {}
    for name in ("control", "treatment"):
        arm = case["inputs"][name]
        products = [[arm["m"]["sum_squares"], arm["m_d"]], [arm["m_d"], arm["d"]["sum_squares"]]]
        sums = [arm["m"]["sum"], arm["d"]["sum"]]
        arms[name] = Moments.of_sums(("m", "d"), arm["n"], sums=sums, products=products)
    of = between(arms, Ratio("m", "d"))
    effect = relative_effect(of, by=Relative.DELTA)
    expected = case["expected"]
    assert_allclose(
        [of.control, of.treated], [expected["mean_control"], expected["mean_treatment"]], atol=1e-9
    )
    assert_allclose([effect.estimate, effect.p], [expected["lift"], expected["p"]], atol=1e-9)
    belief = posterior(effect.estimate, effect.se)
    assert_allclose(belief.chance_positive, expected["bayes_flat"]["chance_to_win"], atol=1e-9)
    assert_allclose(belief.loss_if_chosen, expected["bayes_flat"]["risk_treatment"], atol=1e-9)


def test_cuped_mean_by_the_exact_delta_method(cases: dict[str, Case]) -> None:
    case = cases["gb16_cuped"]
    arms = {name: cuped_arm(case["inputs"][name]) for name in ("control", "treatment")}
    effect = relative_effect(between(arms, covariates=(Mean("x"),)))
    assert_allclose(effect.estimate, case["expected"]["lift"], atol=1e-9)
    assert_allclose(effect.p, case["expected"]["p"], atol=5e-4)
    assert_allclose(effect.p, 0.003375, atol=1e-6)  # the note's exact delta method


def test_rows_fixed_and_bayes(cases: dict[str, Case]) -> None:
    case = cases["gb19_seq_from_rows"]
    effect = relative_effect(between(mean_arms(case)), by=Relative.DELTA)
    belief = posterior(effect.estimate, effect.se)
    expected = case["expected"]
    assert_allclose(effect.p, expected["fixed_p"], atol=1e-9)
    assert_allclose(belief.chance_positive, expected["bayes_chance_to_win"], atol=1e-9)
    assert_allclose(belief.loss_if_chosen, expected["bayes_risk_treatment"], atol=1e-9)


@pytest.mark.parametrize("way", ["improving", "declining"])
def test_ratio_with_cuped_and_negative_baseline(cases: dict[str, Case], way: str) -> None:
    rows = cases["gb21_ratio_cuped_raw_negative_baseline"]["inputs"]
    expected = cases["gb21_ratio_cuped_raw_negative_baseline"]["expected"][way]
    found = {}
    for sign in (1.0, -1.0):
        arms = {}
        for name, letter, post in (("control", "a", "m_post_a"), ("treatment", "b", f"m_post_b_{way}")):
            columns = [rows[post], rows[f"d_post_{letter}"], rows[f"m_pre_{letter}"], rows[f"d_pre_{letter}"]]
            values = np.array(columns, dtype=float).T * [sign, 1.0, sign, 1.0]
            arms[name] = Moments.of_rows(values, ("m_post", "d_post", "m_pre", "d_pre"))
        found[sign] = fixed_slope_effect(arms, theta=0.5)
    assert_allclose(found[1.0], [expected["lift"], expected["se"]], atol=1e-7)
    assert_allclose(found[-1.0], [-expected["lift"], expected["se"]], atol=1e-7)


def fixed_slope_effect(arms: dict[str, Moments], *, theta: float) -> list[float]:
    """The case fixes the slope: the ratio less theta times the earlier ratio, as one smooth metric."""

    class Fixed:
        columns = ("m_post", "d_post", "m_pre", "d_pre")

        def value(self, moments: Moments) -> float:
            return Ratio("m_post", "d_post").value(moments) - theta * Ratio("m_pre", "d_pre").value(moments)

        def gradient(self, moments: Moments) -> Any:
            return Ratio("m_post", "d_post").gradient(moments) - theta * Ratio("m_pre", "d_pre").gradient(
                moments
            )

    adjusted = between(arms, Fixed())
    plain = between(arms, Ratio("m_post", "d_post"))
    control = arms["control"]
    covariance = control.covariance / control.n
    cross = Fixed().gradient(control) @ covariance @ Ratio("m_post", "d_post").gradient(control)
    effect = relative_effect(
        type(plain)(
            control=plain.control,
            treated=plain.treated,
            difference=adjusted.difference,
            variance=adjusted.variance,
            baseline=plain.baseline,
            baseline_variance=plain.baseline_variance,
            covariance=-float(cross),
            df=inf,
            n=plain.n,
        ),
        by=Relative.DELTA,
    )
    return [effect.estimate, effect.se]


def test_theta_is_pooled_over_arms(cases: dict[str, Case]) -> None:
    rows = cases["gb22_theta"]["inputs"]
    arm = Moments.of_rows(np.array([rows["post"], rows["pre"]], dtype=float).T, ("y", "x"))
    theta = slopes([arm, arm], Mean("y"), covariates=[Mean("x")])
    assert_allclose(theta, [cases["gb22_theta"]["expected"]["theta"]], atol=5e-6)


@pytest.mark.parametrize(("level", "key"), [(0.95, "ci95"), (0.99, "ci99"), (0.999, "ci999")])
def test_confidence_welch(cases: dict[str, Case], level: float, key: str) -> None:
    inputs = cases["sp01_ttest_difference"]["inputs"]
    expected = cases["sp01_ttest_difference"]["expected"]["us_control_vs_test"]
    arms = {"control": mean_arm(inputs["us_control"]), "treatment": mean_arm(inputs["us_test"])}
    effect = absolute_effect(between(arms), Inference(level=level))
    assert_allclose([effect.estimate, effect.low, effect.high], [expected["diff"], *expected[key]], rtol=1e-3)


def test_confidence_welch_small_arm(cases: dict[str, Case]) -> None:
    inputs = cases["sp01_ttest_difference"]["inputs"]
    expected = cases["sp01_ttest_difference"]["expected"]["gb_control_vs_test2"]
    arms = {"control": mean_arm(inputs["gb_control"]), "treatment": mean_arm(inputs["gb_test2"])}
    effect = absolute_effect(between(arms))
    assert_allclose([effect.low, effect.high, effect.p], [*expected["ci95"], expected["p"]], rtol=1e-3)


def test_two_by_two_tests(cases: dict[str, Case], shared: Path) -> None:
    case = cases["tt05_proportion_tests"]
    users = pd.read_csv(shared / "cases" / "experiments" / case["inputs"]["file"])
    counts = users.groupby("variant").has_order.agg(["sum", "size"])
    shares = Shares(
        control=int(counts["sum"][0]),
        n_control=int(counts["size"][0]),
        treated=int(counts["sum"][1]),
        n_treated=int(counts["size"][1]),
    )
    found = {
        "barnard_two_sided_unpooled": exact_p(shares, Exact.BARNARD, pooled=False),
        "barnard_less_pooled": exact_p(shares, Exact.BARNARD, alternative=Alternative.LESS),
        "boschloo_two_sided": exact_p(shares, Exact.BOSCHLOO),
        "boschloo_greater": exact_p(shares, Exact.BOSCHLOO, alternative=Alternative.GREATER),
        "fisher_two_sided": exact_p(shares, Exact.FISHER),
        "fisher_less": exact_p(shares, Exact.FISHER, alternative=Alternative.LESS),
        "g_test_corrected": chi_squared_p(shares, Asymptotic.LIKELIHOOD_RATIO),
        "g_test_uncorrected": chi_squared_p(shares, Asymptotic.LIKELIHOOD_RATIO, corrected=False),
        "pearson_corrected": chi_squared_p(shares, Asymptotic.PEARSON),
        "norm_pooled_corrected": share_effect(shares).absolute.p,
        "norm_unpooled_corrected": share_effect(shares, pooled=False).absolute.p,
        "norm_pooled_uncorrected": share_effect(shares, corrected=False).absolute.p,
        "norm_less_corrected": share_effect(shares, LESS).absolute.p,
    }
    expected = case["expected"]
    assert set(found) == set(expected["p"])
    for name, p in found.items():
        assert_allclose(p, expected["p"][name], rtol=1e-6, err_msg=name)
    for key, settings in (
        ("norm_pooled_corrected", {}),
        ("norm_unpooled_corrected", {"pooled": False}),
        ("norm_pooled_uncorrected", {"corrected": False}),
    ):
        effect = share_effect(shares, **settings)
        assert_allclose([effect.absolute.low, effect.absolute.high], expected["diff_ci"][key], rtol=1e-6)
        assert_allclose([effect.relative.low, effect.relative.high], expected["lift_ci"][key], rtol=1e-6)


def test_sample_ratio(cases: dict[str, Case]) -> None:
    expected = cases["tt06_srm"]["expected"]
    assert_allclose(checks.sample_ratio_p([53, 47], [1, 1]), expected["p_binomial_exact"], rtol=1e-6)
    assert_allclose(checks.normal_sample_ratio_p((53, 47)), expected["p_normal_corrected"], rtol=1e-6)
    p = checks.normal_sample_ratio_p((53, 47), corrected=False)
    assert_allclose(p, expected["p_normal_uncorrected"], rtol=1e-6)


@pytest.mark.parametrize(
    "by",
    [
        Correction.BENJAMINI_HOCHBERG,
        Correction.BENJAMINI_YEKUTIELI,
        Correction.HOCHBERG_SIDAK,
        Correction.HOLM_SIDAK,
        Correction.HOCHBERG,
        Correction.HOLM,
    ],
)
def test_multiplicity(cases: dict[str, Case], by: Correction) -> None:
    case = cases["tt07_multiplicity"]
    assert_allclose(adjusted_p(case["inputs"]["p"], by), case["expected"][by.value], rtol=1e-6)


@pytest.mark.parametrize("adjusted", [False, True])
def test_documented_run_of_4000_users(cases: dict[str, Case], shared: Path, adjusted: bool) -> None:  # noqa: FBT001
    case = cases["tt08_docs_4000_users"]
    file = case["inputs"]["file_cuped" if adjusted else "file_no_covariates"]
    users = pd.read_csv(shared / "cases" / "experiments" / file)
    names = ["sessions", "orders", "revenue"]
    names += [f"{name}_covariate" for name in names] if adjusted else []
    arms = {
        name: Moments.of_rows(users.loc[users.variant == code, names], names)
        for code, name in ((0, "control"), (1, "treatment"))
    }
    for column, expected in case["expected"]["cuped" if adjusted else "no_cuped"].items():
        covariates = (Mean(f"{column}_covariate"),) if adjusted else ()
        of = between(arms, Mean(column), covariates=covariates, baseline=Baseline.ADJUSTED)
        effect = relative_effect(of, by=Relative.LOG)
        assert float(f"{of.baseline:.3g}") == expected["control"]
        assert float(f"{of.baseline + of.difference:.3g}") == expected["treatment"]
        digits = len(str(expected["lift"]).lstrip("0.").rstrip("0"))
        assert float(f"{effect.estimate:.2g}") == pytest.approx(expected["lift"], abs=10.0**-digits / 100)
        assert float(f"{effect.low:.2g}") == expected["lift_ci"][0]
        assert float(f"{effect.high:.2g}") == expected["lift_ci"][1]
        assert float(f"{absolute_effect(of).p:.3g}") == pytest.approx(expected["p"], abs=1e-9)
