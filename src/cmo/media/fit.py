"""From a marketing mix to its posterior draws."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types

from cmo.media.baseline import Baseline, Block
from cmo.media.curves import Change, ReducedCurve, reduce_curves
from cmo.media.design import Channel, LiftTest, Mix
from cmo.media.diagnostics import Smoothed, effective_size, r_hat, smooth_weights
from cmo.media.posterior import Lifts, Posterior, Returns
from cmo.media.regions import regional_witness
from cmo.media.sampler import Chains, Schedule, draw_chains, find_mode
from cmo.media.witness import Baselines, Witness

Floats = npt.NDArray[np.float64]

_STARTS = 6
_CHECKED = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Beliefs:
    """What is believed before the data.

    Attributes:
        baseline: Of what would have been sold without media.
        share: Median of the part of the outcome that media bring, in (0, 1); returns are told in these terms
            so that the prior means the same in every currency.
        common: How unsure that median is, as the standard deviation of its logarithm.
        scale: How far apart the channels' returns are, as the standard deviation of their logarithms.
        spread: How unsure that standard deviation is, in logarithms.
        noise: Scale of the half-normal prior of the noise, in standard deviations of the outcome.
    """

    baseline: Baseline = field(default_factory=Baseline)
    share: float = 0.18
    common: float = 0.75
    scale: float = 0.9
    spread: float = 0.3
    noise: float = 1.0

    def returns(self, mix: Mix) -> Returns:
        """Prior of the returns: the channel's own where its user stated one, the common one elsewhere."""
        n = len(mix.channels)
        seen = mix.seen
        typical = np.log(self.share * np.abs(mix.outcome[seen].sum()) / mix.spend[seen].sum())
        location, common = np.full(n, typical), np.full(n, self.common)
        scale, spread = np.full(n, self.scale), np.full(n, self.spread)
        for i, channel in enumerate(mix.channels):
            if channel.roi is not None:
                location[i], scale[i] = channel.roi.location, channel.roi.scale
                common[i] = spread[i] = 0.0
        return Returns.pooled(location, common=common, scale=scale, spread=spread)


@dataclass(frozen=True, slots=True, kw_only=True)
class Convergence:
    """Whether the draws can be trusted.

    Attributes:
        r_hat: Largest over all parameters and returns.
        effective: Smallest effective sample size of a return.
        divergences: Transitions that lost their energy.
        draws: Draws over all chains.
        pareto_k: Tail shape of the weights that turn the reduced curves' posterior into the exact one.
        efficiency: Effective share of the draws after that correction.
        gradients: Gradients spent, one per chain and step.
    """

    r_hat: float
    effective: float
    divergences: int
    draws: int
    pareto_k: float
    efficiency: float
    gradients: int


@dataclass(frozen=True, kw_only=True)
class Fit:
    """Posterior of a marketing mix.

    Attributes:
        mix: What was told.
        beliefs: What was believed.
        posterior: The density that was sampled.
        curves: Reduced curves, per channel.
        candidates: Blocks of each baseline.
        chains: All draws.
        points: Draws in use, thinned and reweighted to the exact curves, shape (draws, dimension).
        convergence: Whether they can be trusted.
        centre: Mean of the outcome.
        unit: Standard deviation of the outcome.
    """

    mix: Mix
    beliefs: Beliefs
    posterior: Posterior
    curves: tuple[ReducedCurve, ...]
    candidates: tuple[tuple[Block, ...], ...]
    chains: Chains
    points: Floats
    convergence: Convergence
    centre: float
    unit: float


def fit_mix(
    mix: Mix,
    *,
    beliefs: Beliefs | None = None,
    schedule: Schedule | None = None,
    draws: int = 2000,
    rng: np.random.Generator,
) -> Fit:
    """Draw from the posterior of a marketing mix.

    Args:
        mix: What is known.
        beliefs: What is believed.
        schedule: How long to sample.
        draws: Draws kept for use.
        rng: Source of randomness.

    Returns:
        Joint draws with their diagnostics.
    """
    beliefs, schedule = beliefs or Beliefs(), schedule or Schedule()
    seen = mix.seen
    centre, unit = float(mix.outcome[seen].mean()), float(mix.outcome[seen].std())
    curves = _curves(mix)
    candidates = beliefs.baseline.candidates(mix)
    baselines = Baselines.of_columns(
        tuple(np.concatenate([block.columns[seen] for block in blocks], axis=1) for blocks in candidates),
        weights=np.ones(len(candidates)),
    )
    returns = beliefs.returns(mix)
    nation = Witness(
        (mix.outcome[seen] - centre) / unit,
        _national(mix, curves)[seen],
        baselines=baselines,
        noise_scale=beliefs.noise,
    )
    posterior = Posterior(
        curves,
        (nation, *_regional(mix, curves, returns=returns, unit=unit)),
        spend=mix.spend.sum(axis=0) / unit,
        returns=returns,
        lifts=_lifts(mix, curves, unit=unit),
    )
    # The matrices are small: threads would cost more than they bring.
    with threadpool_limits(limits=1, user_api="blas"):
        chains = _sample(posterior, schedule=schedule, rng=rng)
    kept = rng.permutation(chains.points.reshape(-1, posterior.dimension))[:draws]
    checked = kept[: max(60, _CHECKED // len(mix.shares))]
    smoothed = smooth_weights(_exact(mix, posterior, checked, unit=unit, centre=centre))
    return Fit(
        mix=mix,
        beliefs=beliefs,
        posterior=posterior,
        curves=curves,
        candidates=candidates,
        chains=chains,
        points=kept,
        convergence=_convergence(posterior, chains, smoothed),
        centre=centre,
        unit=unit,
    )


def exact_media(mix: Mix, coordinates: list[Floats]) -> Floats:
    """Each channel's curve, scaled to sum to one, shape (n, channels, regions, weeks)."""
    curves = []
    for channel, at in zip(mix.channels, coordinates, strict=True):
        raw = channel.family.responses(mix.stimulus(channel), at)[..., -mix.n_weeks :]
        raw = mix.shares[:, None] * raw
        curves.append(raw / raw.sum(axis=(1, 2), keepdims=True))
    return np.stack(curves, axis=1)


def _curves(mix: Mix) -> tuple[ReducedCurve, ...]:
    return tuple(
        reduce_curves(
            channel.family,
            mix.stimulus(channel),
            shares=mix.shares,
            weeks=mix.n_weeks,
            changes=tuple(
                change_of(mix, channel, test) for test in mix.tests if test.channel == channel.name
            ),
        )
        for channel in mix.channels
    )


def change_of(mix: Mix, channel: Channel, test: LiftTest) -> Change:
    """A test as the exposure without it and where its effect was read."""
    without = mix.stimulus(channel).copy()
    names = ("",) if mix.regions is None else mix.regions.names
    treated = np.array([not test.regions or mix.regions is None or name in test.regions for name in names])
    during = np.zeros(without.shape[1], dtype=np.bool_)
    during[without.shape[1] - mix.n_weeks :] = mix.between(test.start, test.end)
    without[np.ix_(treated, during)] *= test.factor
    return Change(without=without, read=treated[:, None] & mix.between(test.start, test.read_until))


def _national(mix: Mix, curves: tuple[ReducedCurve, ...]) -> Floats:
    """Bases summed over regions, shape (weeks, channels * width)."""
    width = max(curve.table.shape[1] for curve in curves)
    media = np.zeros((mix.n_weeks, len(curves), width))
    for c, curve in enumerate(curves):
        rank = curve.basis.shape[1]
        media[:, c, :rank] = curve.basis.reshape(-1, mix.n_weeks, rank).sum(axis=0)
    return media.reshape(mix.n_weeks, -1)


def _regional(
    mix: Mix, curves: tuple[ReducedCurve, ...], *, returns: Returns, unit: float
) -> tuple[Witness, ...]:
    if mix.regions is None:
        return ()
    typical = exact_media(mix, [np.zeros((1, channel.family.n_free)) for channel in mix.channels])[0]
    size = np.exp(returns.location) * mix.spend.sum(axis=0) / unit
    return (
        regional_witness(
            mix.regions,
            bases=tuple(curve.basis for curve in curves),
            width=max(curve.table.shape[1] for curve in curves),
            typical=size[:, None, None] * typical,
            unit=unit,
        ),
    )


def _lifts(mix: Mix, curves: tuple[ReducedCurve, ...], *, unit: float) -> Lifts | None:
    if not mix.tests:
        return None
    width = max(curve.table.shape[1] for curve in curves)
    selector = np.zeros((len(mix.tests), len(curves), width))
    for c, channel in enumerate(mix.channels):
        mine = [t for t, test in enumerate(mix.tests) if test.channel == channel.name]
        for place, test in enumerate(mine):
            selector[test, c, width - len(mine) + place] = 1.0
    return Lifts(
        selector=selector,
        measured=np.array([test.lift for test in mix.tests]) / unit,
        error=np.array([test.error for test in mix.tests]) / unit,
    )


def _sample(posterior: Posterior, *, schedule: Schedule, rng: np.random.Generator) -> Chains:
    starts = 0.5 * rng.standard_normal((_STARTS, posterior.dimension))
    starts[:, posterior.dimension - len(posterior.witnesses) :] = -1.0
    mode = find_mode(posterior.density, starts)
    plausible = mode.points[mode.values > mode.values[0] - 6.0]
    origin = plausible[np.arange(schedule.chains) % len(plausible)]
    start = origin + rng.standard_normal(origin.shape) @ mode.factor.T
    return draw_chains(posterior.density, start, factor=mode.factor, schedule=schedule, rng=rng)


def _exact(mix: Mix, posterior: Posterior, points: Floats, *, unit: float, centre: float) -> Floats:
    """Log likelihood under the exact curves less that under the reduced ones, shape (n,)."""
    coordinates, roi, noise = posterior.split(points)
    size = roi * posterior.spend
    media = np.einsum("nc,ncrt->nrt", size, exact_media(mix, coordinates))
    residual = (mix.outcome[mix.seen] - centre) / unit - media.sum(axis=1)[:, mix.seen]
    exact = posterior.witnesses[0].of_residual(residual, noise)
    if mix.regions is not None:
        apart = mix.regions.outcome[:, :, None] / unit - np.moveaxis(media, 0, 2)
        rows = mix.regions.differences(apart).T
        exact = exact + posterior.witnesses[1].of_residual(rows, posterior.noises(points)[:, 1])
    return np.asarray(exact - posterior.log_likelihood(points), dtype=np.float64)


def _convergence(posterior: Posterior, chains: Chains, smoothed: Smoothed) -> Convergence:
    n_chains, n_draws, dimension = chains.points.shape
    _, roi, _ = posterior.split(chains.points.reshape(-1, dimension))
    returns = roi.reshape(n_chains, n_draws, -1)
    return Convergence(
        r_hat=float(max(r_hat(chains.points).max(), r_hat(returns).max())),
        effective=float(effective_size(returns).min()),
        divergences=chains.divergences,
        draws=n_chains * n_draws,
        pareto_k=smoothed.pareto_k,
        efficiency=smoothed.efficiency,
        gradients=chains.gradients,
    )
