"""What the posterior says of each channel, all as joint draws: row i is one possible truth of everything."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from cmo.media.adstock import carryover, half_life
from cmo.media.design import Channel
from cmo.media.fit import Fit

Floats = npt.NDArray[np.float64]

_NEXT = 1.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """Joint draws of what channels did over the window.

    Attributes:
        contribution: Outcome that would not be there without the channel, shape (draws, channels).
        spend: Money, shape (channels,).
        outcome: Sum of the outcome.
        roi: Contribution per money, shape (draws, channels).
        mroi: Contribution of the next hundredth of the spend per its money, shape (draws, channels).
        half_life: Weeks until half of an effect has shown, shape (draws, channels).
        saturation: Mean height on the response curve in the weeks with spend, in [0, 1], (draws, channels).
    """

    contribution: Floats
    spend: Floats
    outcome: float
    roi: Floats
    mroi: Floats
    half_life: Floats
    saturation: Floats

    @property
    def share(self) -> Floats:
        """Contribution as a part of the outcome, shape (draws, channels)."""
        return self.contribution / self.outcome

    @property
    def total(self) -> Floats:
        """Contribution of all media, shape (draws,)."""
        return np.asarray(self.contribution.sum(axis=1), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One channel's drawn response, ready to be asked what another path of spend would have brought.

    Attributes:
        channel: The channel.
        stimulus: What took place, in typical weeks per head, shape (regions, weeks with history).
        shares: Part of the people in each region, shape (regions,).
        weights: Lag weights, shape (draws, lags).
        saturating: Parameters of the saturation, shape (draws, p).
        size: Outcome per unit of response, shape (draws,).
        brought: Outcome by week that what took place brought, shape (draws, weeks).
    """

    channel: Channel
    stimulus: Floats
    shares: Floats
    weights: Floats
    saturating: Floats
    size: Floats
    brought: Floats

    def weekly(self, stimulus: Floats) -> Floats:
        """Outcome by week, shape (draws, weeks), of a path of exposure (regions, weeks) in typical weeks."""
        weekly = np.zeros((len(self.size), stimulus.shape[1]))
        for share, path in zip(self.shares, stimulus, strict=True):
            stock = carryover(path, self.weights)
            weekly += share * self.channel.family.saturation.response(stock, self.saturating)
        return np.asarray(self.size[:, None] * weekly, dtype=np.float64)


def responses(fit: Fit, *, draws: int | None = None) -> tuple[Response, ...]:
    """Each channel's drawn response, in the order of the mix.

    Args:
        fit: The posterior.
        draws: Use only the first so many draws.
    """
    coordinates, roi, _ = fit.posterior.split(fit.points[:draws])
    out = []
    for i, (channel, at) in enumerate(zip(fit.mix.channels, coordinates, strict=True)):
        lagging, saturating = channel.family.parameters(at)
        weights = channel.family.adstock.weights(lagging)
        unsized = Response(
            channel=channel,
            stimulus=fit.mix.stimulus(channel),
            shares=fit.mix.shares,
            weights=weights,
            saturating=saturating,
            size=np.ones(len(at)),
            brought=np.zeros((0, 0)),
        )
        height = unsized.weekly(unsized.stimulus)[:, -fit.mix.n_weeks :]
        size = roi[:, i] * channel.spend.sum() / height.sum(axis=1)
        out.append(replace(unsized, size=size, brought=size[:, None] * height))
    return tuple(out)


def measure_effects(fit: Fit, drawn: tuple[Response, ...] | None = None) -> Effects:
    """Contribution, returns, carry-over and saturation of every channel, over the whole window.

    Args:
        fit: The posterior.
        drawn: Its responses, where they are at hand.
    """
    _, roi, _ = fit.posterior.split(fit.points)
    spend = fit.mix.spend.sum(axis=0)
    mroi, lives, heights = np.empty_like(roi), np.empty_like(roi), np.empty_like(roi)
    for i, response in enumerate(responses(fit) if drawn is None else drawn):
        channel = response.channel
        weekly = response.brought
        more = response.weekly(_NEXT * response.stimulus)[:, -fit.mix.n_weeks :].sum(axis=1)
        mroi[:, i] = (more - weekly.sum(axis=1)) / ((_NEXT - 1) * spend[i])
        lives[:, i] = half_life(response.weights)
        heights[:, i] = weekly[:, channel.spend > 0].mean(axis=1) / response.size
    return Effects(
        contribution=roi * spend,
        spend=spend,
        outcome=float(fit.mix.outcome[fit.mix.seen].sum()),
        roi=roi,
        mroi=mroi,
        half_life=lives,
        saturation=heights,
    )


def weekly_contribution(fit: Fit, *, draws: int | None = None) -> Floats:
    """Outcome by channel and week that would not be there without the channel, (draws, channels, weeks)."""
    return np.stack([response.brought for response in responses(fit, draws=draws)], axis=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decomposition:
    """The outcome taken apart, week by week.

    Attributes:
        parts: Names: the channels, then `base`, then each cause of the baseline.
        weekly: Draws of each part, shape (draws, parts, weeks); with the residual they add up to the outcome.
        residual: What no part explains, shape (draws, weeks).
        noise: Standard deviation of the noise, shape (draws,).
    """

    parts: tuple[str, ...]
    weekly: Floats
    residual: Floats
    noise: Floats

    def replicate(self, *, rng: np.random.Generator) -> Floats:
        """Outcomes that the model thinks could have come (or will), shape (draws, weeks)."""
        expected = self.weekly.sum(axis=1)
        return np.asarray(expected + self.noise[:, None] * rng.standard_normal(expected.shape))


def decompose(fit: Fit, *, draws: int = 300, rng: np.random.Generator) -> Decomposition:
    """Draw every part of the outcome over time, the baseline's coefficients from their exact conditional law.

    Args:
        fit: The posterior.
        draws: Number of draws, at most those kept.
        rng: Source of randomness.
    """
    media = weekly_contribution(fit, draws=draws)
    seen = fit.mix.seen
    residual = ((fit.mix.outcome - fit.centre - media.sum(axis=1)) / fit.unit)[:, seen]
    _, _, noise = fit.posterior.split(fit.points[:draws])
    chance = fit.posterior.witnesses[0].chances(residual, noise)
    causes = tuple(sorted({block.name for blocks in fit.candidates for block in blocks}))
    parts = np.zeros((len(residual), len(causes), fit.mix.n_weeks))
    picked = (chance.cumsum(axis=1) < rng.random((len(chance), 1))).sum(axis=1)
    for k, blocks in enumerate(fit.candidates):
        rows = np.flatnonzero(picked == k)
        if not len(rows):
            continue
        Z = np.concatenate([block.columns for block in blocks], axis=1)
        coefficients = _conditional(Z[seen], residual[rows], noise=noise[rows], rng=rng)
        start = 0
        for block in blocks:
            width = block.columns.shape[1]
            part = coefficients[:, start : start + width] @ block.columns.T
            parts[rows, causes.index(block.name)] = fit.unit * part
            start += width
    base = np.full((len(residual), 1, fit.mix.n_weeks), fit.centre)
    weekly = np.concatenate([media, base, parts], axis=1)
    return Decomposition(
        parts=(*fit.mix.names, "base", *causes),
        weekly=weekly,
        residual=fit.mix.outcome - weekly.sum(axis=1),
        noise=fit.unit * noise,
    )


def _conditional(Z: Floats, residual: Floats, *, noise: Floats, rng: np.random.Generator) -> Floats:
    """Coefficients given the residual, drawn from `N(A^-1 Z'r, s^2 A^-1)` with `A = Z'Z + s^2 I`."""
    values, vectors = np.linalg.eigh(Z.T @ Z)
    variance = noise[:, None] ** 2
    total = np.maximum(values, 0.0) + variance
    mean = (residual @ Z @ vectors) / total
    spread = np.sqrt(variance / total) * rng.standard_normal(mean.shape)
    return np.asarray((mean + spread) @ vectors.T, dtype=np.float64)
