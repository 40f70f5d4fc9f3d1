"""From a marketing mix to its posterior draws."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types

from cmo.media.baseline import Baseline, Block
from cmo.media.curves import Change, ReducedCurve, reduce_curves
from cmo.media.design import Channel, LiftTest, Mix
from cmo.media.diagnostics import Smoothed, effective_size, r_hat, smooth_weights
from cmo.media.link import LINKS, Link, as_push, possible
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
        evenness: How the part of a channel grows with its money: with 1 all returns have one median, with 0
            all channels bring as much whatever they cost. Elasticities vary less than budgets do (Sethuraman,
            Tellis & Briesch 2011, Journal of Marketing Research 48(3)).
        common: How unsure that median is, as the standard deviation of its logarithm.
        scale: How far apart the channels' returns are, as the standard deviation of their logarithms.
        spread: How unsure that standard deviation is, in logarithms.
        noise: Scale of the half-normal prior of the noise, in standard deviations of the outcome.
        links: How media may act, each as likely as the others; those that the outcome allows are used.
    """

    baseline: Baseline = field(default_factory=Baseline)
    share: float = 0.2
    evenness: float = 0.6
    common: float = 0.75
    scale: float = 1.1
    spread: float = 0.3
    noise: float = 1.0
    links: tuple[Link, ...] = LINKS

    def links_of(self, mix: Mix) -> tuple[Link, ...]:
        """The links that are both believed and possible."""
        panel = mix.outcome[mix.seen] if mix.regions is None else mix.regions.outcome[:, mix.seen]
        allowed = possible(panel)
        return tuple(link for link in self.links if link in allowed) or allowed[:1]

    def returns(self, mix: Mix) -> Returns:
        """Prior of the returns: the channel's own where its user stated one, the common one elsewhere."""
        n = len(mix.channels)
        seen = mix.seen
        spend = mix.spend.sum(axis=0)
        parts = spend**self.evenness / (spend**self.evenness).sum()
        location = np.log(self.share * parts * np.abs(mix.outcome[seen].sum()) / (spend * seen.mean()))
        common = np.full(n, self.common)
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
        links: How media may act.
        acting: Which link each of the draws in use holds, shape (draws,).
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
    links: tuple[Link, ...]
    acting: npt.NDArray[np.intp]
    centre: float
    unit: float

    def by_link(self, draws: int | None = None) -> tuple[tuple[Link, npt.NDArray[np.intp]], ...]:
        """Each link with the positions of the draws that hold it, among the first so many."""
        held = self.acting[:draws]
        return tuple((link, np.flatnonzero(held == k)) for k, link in enumerate(self.links))


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
    # The matrices are small: threads would cost more than they bring.
    with threadpool_limits(limits=1, user_api="blas"):
        return _fitted(mix, beliefs or Beliefs(), schedule=schedule or Schedule(), draws=draws, rng=rng)


def _fitted(mix: Mix, beliefs: Beliefs, *, schedule: Schedule, draws: int, rng: np.random.Generator) -> Fit:
    seen = mix.seen
    centre, unit = float(mix.outcome[seen].mean()), float(mix.outcome[seen].std())
    links = beliefs.links_of(mix)
    curves = _curves(mix, links=links)
    candidates = beliefs.baseline.candidates(mix)
    returns = beliefs.returns(mix)
    levels = np.stack([link.level(mix.outcome[seen], mean=centre) for link in links])
    nation = Witness(
        (levels - centre) / unit,
        _national(mix, curves)[seen],
        baselines=Baselines.of_columns(
            tuple(np.concatenate([block.columns[seen] for block in blocks], axis=1) for blocks in candidates),
            weights=np.ones(len(candidates)),
        ),
        noise_scale=beliefs.noise,
    )
    posterior = Posterior(
        curves,
        (nation, *_regional(mix, curves, returns=returns, unit=unit, links=links)),
        spend=mix.spend.sum(axis=0) / unit,
        returns=returns,
        link_weights=_link_weights(mix, links),
        lifts=_lifts(mix, curves, unit=unit, links=links),
    )
    chains = _sample(posterior, schedule=schedule, rng=rng)
    kept = rng.permutation(chains.points.reshape(-1, posterior.dimension))[:draws]
    checked = kept[: max(60, _CHECKED // len(mix.shares))]
    smoothed = smooth_weights(_exact(mix, posterior, checked, levels=(levels - centre) / unit, links=links))
    return Fit(
        mix=mix,
        beliefs=beliefs,
        posterior=posterior,
        curves=curves,
        candidates=candidates,
        chains=chains,
        points=kept,
        convergence=_convergence(posterior, chains, smoothed),
        links=links,
        acting=_picked(posterior.by_link(kept), rng=rng),
        centre=centre,
        unit=unit,
    )


def _picked(log_weights: Floats, *, rng: np.random.Generator) -> npt.NDArray[np.intp]:
    """One column per row, drawn by its log weight."""
    chance = np.exp(log_weights - np.logaddexp.reduce(log_weights, axis=1, keepdims=True))
    return np.asarray((chance.cumsum(axis=1)[:, :-1] < rng.random((len(chance), 1))).sum(axis=1))


def _link_weights(mix: Mix, links: tuple[Link, ...]) -> Floats:
    """Log weight of each link: densities of levels become densities of the outcome."""
    if mix.regions is None:
        seen = mix.outcome[mix.seen]
        return np.array([link.log_slope(seen, mean=seen.mean()) for link in links])
    panel = mix.regions.outcome[:, mix.seen]
    mean = mix.shares[:, None] * mix.outcome[mix.seen].mean()
    return np.array([link.log_slope(panel, mean=mean) for link in links])


def exact_media(mix: Mix, coordinates: list[Floats]) -> Floats:
    """Each channel's curve, scaled to sum to one, shape (n, channels, regions, weeks)."""
    curves = []
    for channel, at in zip(mix.channels, coordinates, strict=True):
        raw = channel.family.responses(mix.stimulus(channel), at)[..., -mix.n_weeks :]
        raw = mix.shares[:, None] * raw
        curves.append(raw / raw.sum(axis=(1, 2), keepdims=True))
    return np.stack(curves, axis=1)


def _curves(mix: Mix, *, links: tuple[Link, ...]) -> tuple[ReducedCurve, ...]:
    return tuple(
        reduce_curves(
            channel.family,
            mix.stimulus(channel),
            shares=mix.shares,
            weeks=mix.n_weeks,
            changes=tuple(
                change_of(mix, channel, test, links=links)
                for test in mix.tests
                if test.channel == channel.name
            ),
        )
        for channel in mix.channels
    )


def change_of(mix: Mix, channel: Channel, test: LiftTest, *, links: tuple[Link, ...]) -> Change:
    """A test as the exposure without it and what a push was worth where its effect was read."""
    without = mix.stimulus(channel).copy()
    names = ("",) if mix.regions is None else mix.regions.names
    treated = np.array([not test.regions or mix.regions is None or name in test.regions for name in names])
    during = np.zeros(without.shape[1], dtype=np.bool_)
    during[without.shape[1] - mix.n_weeks :] = mix.between(test.start, test.end)
    without[np.ix_(treated, during)] *= test.factor
    read = treated[:, None] & mix.between(test.start, test.read_until)
    worth = np.stack(
        [link.worth(_per_share(mix), mean=float(mix.outcome[mix.seen].mean())) for link in links]
    )
    return Change(without=without, read=np.where(read, worth, 0.0))


def _per_share(mix: Mix) -> Floats:
    """The outcome by region and week as if everybody lived there, shape (regions, weeks)."""
    if mix.regions is None:
        return mix.outcome[None]
    return np.asarray(mix.regions.outcome / mix.shares[:, None], dtype=np.float64)


def outcome_read(mix: Mix, test: LiftTest) -> float:
    """The outcome in the weeks and regions in which a test was read."""
    read = mix.between(test.start, test.read_until)
    if mix.regions is None or not test.regions:
        return float(mix.outcome[read].sum())
    there = np.array([name in test.regions for name in mix.regions.names])
    return float(mix.regions.outcome[np.ix_(there, read)].sum())


def _national(mix: Mix, curves: tuple[ReducedCurve, ...]) -> Floats:
    """Bases summed over regions, shape (weeks, channels * width)."""
    width = max(curve.table.shape[1] for curve in curves)
    media = np.zeros((mix.n_weeks, len(curves), width))
    for c, curve in enumerate(curves):
        rank = curve.basis.shape[1]
        media[:, c, :rank] = curve.basis.reshape(-1, mix.n_weeks, rank).sum(axis=0)
    return media.reshape(mix.n_weeks, -1)


def _regional(
    mix: Mix,
    curves: tuple[ReducedCurve, ...],
    *,
    returns: Returns,
    unit: float,
    links: tuple[Link, ...],
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
            levels=_regional_levels(mix, links) / unit,
            seen=mix.seen,
        ),
    )


def _regional_levels(mix: Mix, links: tuple[Link, ...]) -> Floats:
    """Level of each region in its share of the nation's, shape (links, regions, weeks)."""
    mean = float(mix.outcome[mix.seen].mean())
    return mix.shares[:, None] * np.stack([link.level(_per_share(mix), mean=mean) for link in links])


def _lifts(
    mix: Mix, curves: tuple[ReducedCurve, ...], *, unit: float, links: tuple[Link, ...]
) -> Lifts | None:
    if not mix.tests:
        return None
    width = max(curve.table.shape[1] for curve in curves)
    selector = np.zeros((len(links), len(mix.tests), len(curves), width))
    for c, channel in enumerate(mix.channels):
        mine = [t for t, test in enumerate(mix.tests) if test.channel == channel.name]
        for place, test in enumerate(mine):
            for k in range(len(links)):
                selector[k, test, c, width - len(links) * (len(mine) - place) + k] = 1.0
    pushes = np.array(
        [
            [as_push(t.lift, t.error, outcome=outcome_read(mix, t), link=link) for t in mix.tests]
            for link in links
        ]
    )
    return Lifts(
        selector=selector.reshape(len(links), len(mix.tests), -1),
        measured=pushes[:, :, 0] / unit,
        error=pushes[:, :, 1] / unit,
    )


def _sample(posterior: Posterior, *, schedule: Schedule, rng: np.random.Generator) -> Chains:
    starts = 0.5 * rng.standard_normal((_STARTS, posterior.dimension))
    starts[:, posterior.dimension - len(posterior.witnesses) :] = -1.0
    mode = find_mode(posterior.density, starts)
    plausible = mode.points[mode.values > mode.values[0] - 6.0]
    origin = plausible[np.arange(schedule.chains) % len(plausible)]
    start = origin + rng.standard_normal(origin.shape) @ mode.factor.T
    return draw_chains(posterior.density, start, factor=mode.factor, schedule=schedule, rng=rng)


def _exact(
    mix: Mix, posterior: Posterior, points: Floats, *, levels: Floats, links: tuple[Link, ...]
) -> Floats:
    """Log likelihood under the exact curves less that under the reduced ones, shape (n,)."""
    coordinates, roi, noise = posterior.split(points)
    size = roi * posterior.spend
    media = np.einsum("nc,ncrt->nrt", size, exact_media(mix, coordinates))
    nation, total = media.sum(axis=1)[:, mix.seen], posterior.of_tests(points)
    for k, level in enumerate(levels):
        found = posterior.witnesses[0].of_residual(level - nation, noise)
        total[:, k] += np.logaddexp.reduce(found, axis=1)
    if mix.regions is not None:
        unit = float(mix.outcome[mix.seen].std())
        noises = posterior.noises(points)[:, 1]
        for k, level in enumerate(_regional_levels(mix, links) / unit):
            apart = (level[:, :, None] - np.moveaxis(media, 0, 2))[:, mix.seen]
            rows = mix.regions.differences(apart).T
            total[:, k] += np.logaddexp.reduce(posterior.witnesses[1].of_residual(rows, noises), axis=1)
    reduced = np.logaddexp.reduce(posterior.by_link(points), axis=1)
    return np.asarray(np.logaddexp.reduce(total, axis=1) - reduced, dtype=np.float64)


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
