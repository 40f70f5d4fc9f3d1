import numpy as np
import pytest

from cmo.media.curves import Family, reduce_curves
from cmo.media.posterior import Posterior, Returns
from cmo.media.prior import Fixed
from cmo.media.sampler import Schedule, draw_chains, find_mode
from cmo.media.saturation import Hill
from cmo.media.witness import Baselines, Witness

WEEKS, CHANNELS, REPLICATES = 60, 2, 40
FAMILY = Family(saturation=Hill(slope=Fixed(value=1.0)))
NOISE = 0.3
SCHEDULE = Schedule(chains=16, warmup=12, draws=30, rounds=0)


@pytest.mark.slow
def test_ranks_of_the_truth_among_draws_are_uniform() -> None:
    """Talts et al. (2018), "Validating Bayesian inference algorithms with simulation-based calibration"."""
    rng = np.random.default_rng(5)
    exposure = np.exp(0.5 * rng.standard_normal((CHANNELS, WEEKS))) * (rng.random((CHANNELS, WEEKS)) < 0.7)
    curves = tuple(reduce_curves(FAMILY, x[None], shares=np.ones(1), weeks=WEEKS) for x in exposure)
    media = np.zeros((WEEKS, CHANNELS, max(curve.basis.shape[1] for curve in curves)))
    for c, curve in enumerate(curves):
        media[:, c, : curve.basis.shape[1]] = curve.basis
    Z = np.stack([np.ones(WEEKS), np.linspace(-1, 1, WEEKS), np.sin(np.arange(WEEKS) / 8.3)], axis=1)
    returns = Returns.pooled(
        np.zeros(CHANNELS),
        common=np.full(CHANNELS, 0.5),
        scale=np.full(CHANNELS, 0.6),
        spread=np.full(CHANNELS, 0.3),
    )
    spend = np.full(CHANNELS, 30.0)
    ranks = np.empty((REPLICATES, 3 * CHANNELS + 2))
    for i in range(REPLICATES):
        truth = rng.standard_normal(3 * CHANNELS + 1)
        truth[2 * CHANNELS : -1] = np.log(returns.draw(1, rng=rng)[0])
        truth[-1] = np.log(np.abs(NOISE * rng.standard_normal()))
        shapes = [
            FAMILY.responses(x[None], truth[None, 2 * c : 2 * c + 2])[0, 0] for c, x in enumerate(exposure)
        ]
        size = np.exp(truth[2 * CHANNELS : -1]) * spend
        outcome = sum(s * shape / shape.sum() for s, shape in zip(size, shapes, strict=True))
        outcome = outcome + Z @ rng.standard_normal(3) + np.exp(truth[-1]) * rng.standard_normal(WEEKS)
        baselines = Baselines.of_columns((Z,), weights=np.ones(1))
        witness = Witness(outcome[None], media.reshape(WEEKS, -1), baselines=baselines, noise_scale=NOISE)
        posterior = Posterior(curves, (witness,), spend=spend, returns=returns)
        starts = 0.5 * rng.standard_normal((4, posterior.dimension)) - np.eye(posterior.dimension)[-1]
        mode = find_mode(posterior.density, starts)
        start = mode.points[0] + rng.standard_normal((16, posterior.dimension)) @ mode.factor.T
        chains = draw_chains(posterior.density, start, factor=mode.factor, schedule=SCHEDULE, rng=rng)
        thinned = chains.points[:, 2::4].reshape(-1, posterior.dimension)
        total = (np.exp(thinned[:, 2 * CHANNELS : -1]) * spend).sum(axis=1)
        drawn = np.concatenate([thinned, total[:, None]], axis=1)
        ranks[i] = (drawn < np.append(truth, size.sum())).mean(axis=0)
    # Kolmogorov distance of each quantity's ranks from the uniform law; 1 % point, shared by all quantities.
    ordered = np.sort(ranks, axis=0)
    steps = np.arange(REPLICATES)[:, None]
    distance = np.maximum((steps + 1) / REPLICATES - ordered, ordered - steps / REPLICATES).max(axis=0)
    assert distance.max() < 2.0 / np.sqrt(REPLICATES)
    assert abs(ranks.mean() - 0.5) < 0.06
