"""Boundaries against published tables, finer quadrature and simulation."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, special

from cmo.experiments import group_sequential
from cmo.experiments.group_sequential import (
    Sides,
    boundaries,
    constant_boundaries,
    obrien_fleming_spending,
    pocock_spending,
    power_spending,
)
from cmo.experiments.stopping import PRUDENCE, more_extreme, prudent_estimate, sized_for, stopped_effect

FIVE = np.arange(1, 6) / 5


@pytest.mark.parametrize(
    ("found", "published"),
    [  # Jennison & Turnbull (2000), tables 2.1, 2.3 and 7.1; Lan & DeMets (1983)
        (constant_boundaries(FIVE, shape=0.5).z[-1:], [2.413]),
        (constant_boundaries(FIVE, shape=0.0).z[-1:], [2.040]),
        (boundaries(FIVE, obrien_fleming_spending(0.05)).z, [4.877, 3.357, 2.680, 2.290, 2.031]),
        (boundaries(FIVE, pocock_spending()).z, [2.438, 2.427, 2.410, 2.397, 2.386]),
    ],
)
def test_published_boundaries(found: np.ndarray, published: list[float]) -> None:
    np.testing.assert_allclose(found, published, atol=6e-4)


def test_second_look_agrees_with_adaptive_quadrature() -> None:
    plan = boundaries([0.3, 0.7, 1.0], power_spending(2))
    first, second = plan.z[0] * np.sqrt(0.3), plan.z[1] * np.sqrt(0.7)

    def joint(x: float) -> float:
        density = np.exp(-0.5 * x * x / 0.3) / np.sqrt(2 * np.pi * 0.3)
        return float(density * special.ndtr(-(second - x) / np.sqrt(0.4)))

    mass = integrate.quad(joint, -first, first, epsabs=1e-13, epsrel=1e-13)[0]
    assert 2 * mass == pytest.approx(0.05 * (0.49 - 0.09), rel=1e-10)


def test_many_looks_do_not_depend_on_the_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = np.sort(np.random.default_rng(1).uniform(0.02, 1.0, 181))
    usual = boundaries(looks, power_spending(2)).z
    monkeypatch.setattr(group_sequential, "_PANEL", 1.7)
    np.testing.assert_allclose(usual, boundaries(looks, power_spending(2)).z, atol=1e-9)


@pytest.mark.shared
def test_confidences_many_looks_within_their_grid_error(cases: dict[str, dict[str, Any]]) -> None:
    """Their grid drifts by up to 0.027 at late looks; a plain fine grid agrees with ours there."""
    case = cases["sp08_group_sequential_bounds_early"]
    plan = boundaries(
        case["inputs"]["information_fraction"], power_spending(2), alpha=case["settings"]["alpha"]
    )
    away = np.abs(plan.z - np.array(case["expected"]["z_bounds"]))
    assert plan.z[1] == pytest.approx(4.8333, abs=5e-5)  # the note's adaptive quadrature
    assert away[:120].max() < 0.02
    assert away.max() < 0.0275


@settings(max_examples=15)
@given(st.lists(st.floats(0.02, 1.0), min_size=1, max_size=8, unique=True), st.sampled_from(list(Sides)))
def test_exactly_the_planned_error_is_spent(looks: list[float], sides: Sides) -> None:
    fractions = sorted(looks)
    if min(np.diff([0.0, *fractions])) < 1e-3:
        return
    plan = boundaries(fractions, power_spending(1), alpha=0.05, sides=sides)
    up, down = plan.crossing()
    np.testing.assert_allclose((up + down).cumsum(), 0.05 * np.array(fractions), rtol=1e-8)


def test_daily_looks_keep_five_percent_and_most_of_the_power() -> None:
    days = np.arange(1, 29) / 28
    plan = boundaries(days, power_spending(3))
    drift = special.ndtri(0.975) + special.ndtri(0.8)
    assert sum(part.sum() for part in plan.crossing()) == pytest.approx(0.05, abs=1e-10)
    assert plan.power(drift) >= 0.77
    assert plan.expected_fraction(drift) <= 0.74
    steps = np.random.default_rng(3).normal(size=(20_000, 28)) / np.sqrt(28)
    z = steps.cumsum(axis=1) / np.sqrt(days)
    assert (np.abs(z) >= plan.z).any(axis=1).mean() == pytest.approx(0.05, abs=0.006)


def test_stage_wise_intervals_cover_and_halve_the_optimism() -> None:
    days = np.arange(1, 6) / 5
    plan = boundaries(days, pocock_spending())
    rng = np.random.default_rng(5)
    drift, hits, medians, means, plain = 2.8, [], [], [], []
    for _ in range(160):
        path = (drift * 0.2 + rng.normal(size=5) * np.sqrt(0.2)).cumsum()
        crossed = np.flatnonzero(np.abs(path / np.sqrt(days)) >= plan.z)
        look = int(crossed[0]) if len(crossed) else 4
        effect = stopped_effect(plan, look, estimate=path[look] / days[look], se=1 / np.sqrt(days[look]))
        hits.append(effect.low <= drift <= effect.high)
        medians.append(effect.estimate > drift)
        means.append(effect.mean_unbiased)
        plain.append(effect.naive)
    assert np.mean(hits) == pytest.approx(0.95, abs=0.045)
    assert np.mean(medians) == pytest.approx(0.5, abs=0.1)
    assert np.mean(plain) / drift > 1.08
    assert np.mean(means) / drift == pytest.approx(1.0, abs=0.08)


def test_one_look_is_the_fixed_test() -> None:
    plan = boundaries([1.0], power_spending(1))
    effect = stopped_effect(plan, 0, estimate=2.5, se=1.0)
    assert plan.z[0] == pytest.approx(1.959964, abs=1e-6)
    assert (effect.low, effect.estimate, effect.high) == pytest.approx(
        (2.5 - 1.959964, 2.5, 2.5 + 1.959964), abs=1e-5
    )
    assert effect.p == pytest.approx(0.0124193, abs=1e-6)


def test_later_stops_are_less_extreme() -> None:
    plan = boundaries(FIVE, pocock_spending())
    at_bound = [more_extreme(plan, look, z=float(plan.z[look])) for look in range(5)]
    assert all(first < then for first, then in pairwise(at_bound))


@pytest.mark.parametrize("looks", [[], [0.5, 0.4], [0.0, 1.0], [0.5, 1.2]])
def test_looks_must_rise(looks: list[float]) -> None:
    with pytest.raises(ValueError, match="must rise"):
        boundaries(looks, power_spending(1))


def test_a_prudent_estimate_is_hardly_inflated_among_tests_that_stop() -> None:
    fractions = np.arange(1, 29) / 28
    plan = boundaries(fractions, obrien_fleming_spending(0.05))
    drift, n = sized_for(plan), 20_000
    steps = np.random.default_rng(1).normal(drift / 28, np.sqrt(1 / 28), (n, 28))
    score = steps.cumsum(axis=1)
    crossed = score / np.sqrt(fractions) >= plan.z
    stopped = np.flatnonzero(crossed.any(axis=1))
    look = crossed.argmax(axis=1)[stopped]
    plain = score[stopped, look] / fractions[look]
    width = PRUDENCE * drift
    prudent = plain * width**2 / (width**2 + 1.0 / fractions[look])
    first = prudent_estimate(
        plan, int(look[0]), estimate=float(plain[0]), se=float(fractions[look[0]] ** -0.5)
    )
    assert first == pytest.approx(prudent[0])
    assert plan.power(drift) == pytest.approx(0.8, abs=1e-6)
    assert plain.mean() / drift > 1.2
    assert 1.0 < prudent.mean() / drift < 1.05
    assert np.mean((prudent - drift) ** 2) < 0.5 * np.mean((plain - drift) ** 2)
