"""Brands whose truth is known and whose mechanism is not the model's: for coverage, error and plans.

Carry-over is Weibull or geometric over 26 weeks, saturation a power, an exponential or a Hill curve, noise is
autocorrelated and heavy-tailed, seasons drift, peaks fall in weeks that nobody announced, and some budgets
follow demand that the analyst never sees.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from cmo.media.adstock import carryover
from cmo.media.design import Channel, Control, LiftTest, Mix

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A simulated brand.

    Attributes:
        mix: What its analyst sees.
        contribution: What each channel truly brought, shape (channels,).
        curves: How each channel works.
    """

    mix: Mix
    contribution: Floats
    curves: tuple["TrueCurve", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueCurve:
    """How one channel truly works."""

    spend: Floats
    weights: Floats
    kind: str
    half: float
    shape: float
    size: float

    def weekly(self, spend: Floats) -> Floats:
        """Outcome by week that a path of spend brings."""
        x = carryover(spend, self.weights) / self.half
        if self.kind == "power":
            shape = x**self.shape
        elif self.kind == "exponential":
            shape = -np.expm1(-x * self.shape)
        else:
            shape = x**self.shape / (1 + x**self.shape)
        return self.size * shape


def brand(seed: int, *, chasing: bool = False, tested: bool = False, n_weeks: int = 156) -> World:
    """One brand; `chasing` budgets follow hidden demand, `tested` adds hold-outs with 20 % error."""
    rng = np.random.default_rng([seed, int(chasing)])
    t = np.arange(n_weeks)
    weeks = tuple(date(2022, 1, 3) + timedelta(days=7 * int(i)) for i in t)
    angle = 2 * np.pi * (t + rng.uniform(0, 52)) / 52.18
    season = rng.uniform(0.03, 0.12) * np.sin(angle) + rng.uniform(0, 0.05) * np.sin(
        2 * angle + rng.uniform(0, 6)
    )
    for centre in rng.choice(52, size=rng.integers(1, 4), replace=False):
        season += rng.uniform(0.03, 0.15) * np.exp(
            -0.5 * (((t - centre + 26) % 52 - 26) / rng.uniform(0.6, 1.6)) ** 2
        )
    level = np.cumsum(rng.normal(0, rng.uniform(0.001, 0.006), n_weeks))
    demand = _autoregressive(rng, n_weeks, persistence=rng.uniform(0.6, 0.9))
    control = _autoregressive(rng, n_weeks, persistence=0.7)
    base = 1e6
    baseline = base * np.exp(rng.uniform(-0.1, 0.25) * t / n_weeks + season + level - 0.02 * control)
    if chasing:
        baseline *= 1 + rng.uniform(0.01, 0.03) * demand
    curves = _channels(rng, season=season, demand=demand * chasing, base=base)
    noise = rng.uniform(0.015, 0.035) * _heavy(rng, n_weeks, persistence=rng.uniform(0, 0.5))
    media = [curve.weekly(curve.spend) for curve in curves]
    outcome = baseline * (1 + noise) + sum(media)
    tests = _tests(rng, curves, weeks=weeks) if tested else ()
    names = [f"c{i}" for i in range(len(curves))]
    mix = Mix(
        weeks=weeks,
        outcome=outcome,
        channels=tuple(Channel(name=n, spend=c.spend) for n, c in zip(names, curves, strict=True)),
        controls=(Control(name="control", values=control),),
        tests=tests,
    )
    return World(mix=mix, contribution=np.array([m.sum() for m in media]), curves=curves)


def _channels(
    rng: np.random.Generator, *, season: Floats, demand: Floats, base: float
) -> tuple[TrueCurve, ...]:
    n_weeks = len(season)
    shared = _autoregressive(rng, n_weeks, persistence=0.8)
    curves = []
    for _ in range(int(rng.integers(3, 9))):
        always_on = rng.random() < 0.5
        spend = (
            base
            * np.exp(rng.normal(-3.9, 0.6))
            * np.exp(
                rng.uniform(0, 2) * season
                + 0.2 * shared
                + rng.uniform(0.15, 0.4) * rng.standard_normal(n_weeks)
            )
        )
        if always_on:
            spend *= np.exp(rng.uniform(0, 0.3) * demand)
        else:
            spend *= _flights(rng, n_weeks)
        lags = np.arange(26)
        weights = (
            rng.uniform(0, 0.8) ** lags
            if rng.random() < 0.5
            else np.exp(-((lags / rng.uniform(1, 4)) ** rng.uniform(0.8, 1.8)))
        )
        weights = weights / weights.sum()
        kind = str(rng.choice(["power", "exponential", "hill"]))
        shape = {"power": rng.uniform(0.3, 0.9), "exponential": 1.0, "hill": rng.uniform(0.8, 1.8)}[kind]
        half = spend[spend > 0].mean() * np.exp(rng.normal(0.3, 0.6))
        unit = TrueCurve(spend=spend, weights=weights, kind=kind, half=half, shape=shape, size=1.0)
        roi = np.exp(rng.normal(0.3, 0.7))
        size = roi * spend.sum() / unit.weekly(spend).sum()
        curves.append(TrueCurve(spend=spend, weights=weights, kind=kind, half=half, shape=shape, size=size))
    return tuple(curves)


def _tests(
    rng: np.random.Generator, curves: tuple[TrueCurve, ...], *, weeks: tuple[date, ...]
) -> tuple[LiftTest, ...]:
    tests = []
    for i in rng.permutation(len(curves))[: max(1, len(curves) // 2)]:
        curve = curves[i]
        start = int(rng.integers(40, len(weeks) - 24))
        dark = curve.spend.copy()
        dark[start : start + 8] = 0
        lift = float((curve.weekly(curve.spend) - curve.weekly(dark))[start : start + 16].sum())
        if lift <= 0:
            continue
        error = 0.2 * lift
        tests.append(
            LiftTest(
                id=f"test-{i}",
                channel=f"c{i}",
                start=weeks[start],
                end=weeks[start + 7] + timedelta(days=6),
                read_until=weeks[start + 15] + timedelta(days=6),
                factor=0.0,
                lift=float(rng.normal(lift, error)),
                error=error,
            )
        )
    return tuple(tests)


def _autoregressive(rng: np.random.Generator, n: int, *, persistence: float) -> Floats:
    out = np.zeros(n + 30)
    for i, shock in enumerate(rng.standard_normal(n + 29), start=1):
        out[i] = persistence * out[i - 1] + shock
    out = out[30:]
    return (out - out.mean()) / out.std()


def _heavy(rng: np.random.Generator, n: int, *, persistence: float) -> Floats:
    shocks = rng.standard_t(6, size=n) / np.sqrt(1.5)
    for i in range(1, n):
        shocks[i] = persistence * shocks[i - 1] + np.sqrt(1 - persistence**2) * shocks[i]
    return shocks


def _flights(rng: np.random.Generator, n: int) -> Floats:
    on = np.zeros(n)
    at = int(rng.integers(0, 8))
    while at < n:
        length = int(rng.integers(2, 8))
        on[at : at + length] = 1
        at += length + int(rng.integers(2, 10))
    return on
