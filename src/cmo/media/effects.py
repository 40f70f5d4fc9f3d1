"""What the posterior says of each channel, all as joint draws: row i is one possible truth of everything."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from cmo.media.adstock import carryover, half_life
from cmo.media.baseline import Block
from cmo.media.design import Channel, LiftTest, Mix
from cmo.media.fit import Fit, change_of, outcome_read
from cmo.media.link import Link

Floats = npt.NDArray[np.float64]

_NEXT = 1.01
_TINY = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """Joint draws of what channels did over the window.

    Attributes:
        contribution: Outcome that would not be there without the channel, shape (draws, channels).
        total: Outcome that would not be there without any channel, shape (draws,): less than the sum of the
            channels where they multiply, since each then works on what the others brought.
        spend: Money, shape (channels,).
        outcome: Sum of the outcome.
        roi: Contribution per money, shape (draws, channels).
        mroi: Contribution of the next hundredth of the spend per its money, shape (draws, channels).
        half_life: Weeks until half of an effect has shown, shape (draws, channels).
        saturation: Mean height on the response curve in the weeks with spend, in [0, 1], (draws, channels).
    """

    contribution: Floats
    total: Floats
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One channel's drawn response, ready to be asked what another path of spend would have brought.

    Attributes:
        channel: The channel.
        stimulus: What took place, in typical weeks per head, shape (regions, weeks with history).
        shares: Part of the people in each region, shape (regions,).
        weights: Lag weights, shape (draws, lags).
        saturating: Parameters of the saturation, shape (draws, p).
        size: Push per unit of response, shape (draws,).
        links: Each link between push and outcome, with the positions of the draws that hold it.
        mean: Mean of the outcome, at which a push is told.
        outcome: The outcome by week, shape (weeks,).
        pushed: Push by week of what took place, shape (draws, weeks).
        brought: Outcome by week that what took place brought, shape (draws, weeks).
    """

    channel: Channel
    stimulus: Floats
    shares: Floats
    weights: Floats
    saturating: Floats
    size: Floats
    links: tuple[tuple[Link, npt.NDArray[np.intp]], ...]
    mean: float
    outcome: Floats
    pushed: Floats
    brought: Floats

    def gained(self, push: Floats, outcome: Floats) -> Floats:
        """Part of the outcome, by week, that would not be there without a push (draws, weeks)."""
        return gained(push, outcome, links=self.links, mean=self.mean)

    def weekly(self, stimulus: Floats) -> Floats:
        """Push by week, shape (draws, weeks), of a path of exposure (regions, weeks) in typical weeks."""
        weekly = np.zeros((len(self.size), stimulus.shape[1]))
        for share, path in zip(self.shares, stimulus, strict=True):
            stock = carryover(path, self.weights)
            weekly += share * self.channel.family.saturation.response(stock, self.saturating)
        return np.asarray(self.size[:, None] * weekly, dtype=np.float64)


def gained(
    push: Floats, outcome: Floats, *, links: tuple[tuple[Link, npt.NDArray[np.intp]], ...], mean: float
) -> Floats:
    """Part of the outcome that would not be there without a push, each draw by its own link.

    Args:
        push: Shape (draws, weeks).
        outcome: Shape (weeks,) or (draws, weeks).
        links: Each link with the positions of its draws.
        mean: Mean of the outcome, at which a push is told.
    """
    if len(links) == 1:
        return links[0][0].brought(push, outcome, mean=mean)
    out = np.empty_like(push)
    by_draw = np.broadcast_to(outcome, push.shape)
    for link, rows in links:
        out[rows] = link.brought(push[rows], by_draw[rows], mean=mean)
    return out


def told_outcome(mix: Mix) -> Floats:
    """The outcome by week, its mean in weeks that are not to be seen, shape (weeks,)."""
    return np.where(mix.seen, mix.outcome, mix.outcome[mix.seen].mean())


def responses(fit: Fit, *, draws: int | None = None) -> tuple[Response, ...]:
    """Each channel's drawn response, in the order of the mix.

    Args:
        fit: The posterior.
        draws: Use only the first so many draws.
    """
    coordinates, roi, _ = fit.posterior.split(fit.points[:draws])
    links, outcome = fit.by_link(draws), told_outcome(fit.mix)
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
            links=links,
            mean=fit.centre,
            outcome=outcome,
            pushed=np.zeros((0, 0)),
            brought=np.zeros((0, 0)),
        )
        height = unsized.weekly(unsized.stimulus)[:, -fit.mix.n_weeks :]
        size = roi[:, i] * channel.spend.sum() / height.sum(axis=1)
        pushed = size[:, None] * height
        brought = unsized.gained(pushed, outcome)
        out.append(replace(unsized, size=size, pushed=pushed, brought=brought))
    return tuple(out)


def measure_effects(fit: Fit, drawn: tuple[Response, ...] | None = None) -> Effects:
    """Contribution, returns, carry-over and saturation of every channel, over the whole window.

    Args:
        fit: The posterior.
        drawn: Its responses, where they are at hand.
    """
    drawn = responses(fit) if drawn is None else drawn
    spend, outcome = fit.mix.spend.sum(axis=0), told_outcome(fit.mix)
    shape = (len(fit.points), len(spend))
    contribution, mroi, lives, heights = (np.empty(shape) for _ in range(4))
    for i, response in enumerate(drawn):
        more = response.weekly(_NEXT * response.stimulus)[:, -fit.mix.n_weeks :] - response.pushed
        contribution[:, i] = response.brought.sum(axis=1)
        mroi[:, i] = -response.gained(-more, outcome).sum(axis=1) / ((_NEXT - 1) * spend[i])
        lives[:, i] = half_life(response.weights)
        heights[:, i] = response.pushed[:, response.channel.spend > 0].mean(axis=1) / response.size
    together = np.sum([response.pushed for response in drawn], axis=0)
    return Effects(
        contribution=contribution,
        total=drawn[0].gained(together, outcome).sum(axis=1),
        spend=spend,
        outcome=float(fit.mix.outcome[fit.mix.seen].sum()),
        roi=contribution / spend,
        mroi=mroi,
        half_life=lives,
        saturation=heights,
    )


def weekly_contribution(fit: Fit, *, draws: int | None = None) -> Floats:
    """Outcome by channel and week that would not be there without the channel, (draws, channels, weeks)."""
    return np.stack([response.brought for response in responses(fit, draws=draws)], axis=1)


def lift_draws(fit: Fit, test: LiftTest, response: Response) -> Floats:
    """Draws of the lift that the model expects of a test on a channel, shape (draws,)."""
    n = fit.mix.n_weeks
    out = np.empty(len(response.size))
    for k, (link, rows) in enumerate(response.links):
        change = change_of(fit.mix, response.channel, test, links=fit.links)
        push = np.zeros(len(rows))
        mine = replace(
            response,
            weights=response.weights[rows],
            saturating=response.saturating[rows],
            size=response.size[rows],
        )
        for r in np.flatnonzero(change.read[k].any(axis=1)):
            here = replace(mine, shares=response.shares[r : r + 1])
            apart = here.weekly(response.stimulus[r : r + 1]) - here.weekly(change.without[r : r + 1])
            push += apart[:, -n:] @ change.read[k, r]
        read = outcome_read(fit.mix, test)
        out[rows] = link.brought(push, np.full(len(rows), read), mean=read)
    return out


@dataclass(frozen=True, slots=True, kw_only=True)
class Decomposition:
    """The outcome taken apart, week by week.

    Attributes:
        parts: Names: the channels, then `base`, then each cause of the baseline.
        weekly: Draws of each part, shape (draws, parts, weeks); with the residual they add up to the outcome.
        residual: What no part explains, shape (draws, weeks).
        noise: Standard deviation of the noise of the level, shape (draws,).
        links: Each link with the positions of the draws that hold it.
        mean: Mean of the outcome.
    """

    parts: tuple[str, ...]
    weekly: Floats
    residual: Floats
    noise: Floats
    links: tuple[tuple[Link, npt.NDArray[np.intp]], ...]
    mean: float

    def replicate(self, *, rng: np.random.Generator) -> Floats:
        """Outcomes that the model thinks could have come (or will), shape (draws, weeks)."""
        expected = self.weekly.sum(axis=1)
        shocks = self.noise[:, None] * rng.standard_normal(expected.shape)
        return np.asarray(expected - gained(-shocks, expected, links=self.links, mean=self.mean))


def decompose(fit: Fit, *, draws: int = 300, rng: np.random.Generator) -> Decomposition:
    """Draw every part of the outcome over time, the baseline's coefficients from their exact conditional law.

    Args:
        fit: The posterior.
        draws: Number of draws, at most those kept.
        rng: Source of randomness.
    """
    push = np.stack([response.pushed for response in responses(fit, draws=draws)], axis=1)
    seen, links = fit.mix.seen, fit.by_link(draws)
    _, _, noise = fit.posterior.split(fit.points[:draws])
    causes = tuple(sorted({block.name for blocks in fit.candidates for block in blocks}))
    parts = np.zeros((len(push), len(causes), fit.mix.n_weeks))
    for link, held in links:
        level = link.level(fit.mix.outcome, mean=fit.centre)
        residual = ((level - fit.centre - push[held].sum(axis=1)) / fit.unit)[:, seen]
        chance = fit.posterior.witnesses[0].of_residual(residual, noise[held])
        chance = np.exp(chance - np.logaddexp.reduce(chance, axis=1, keepdims=True))
        picked = (chance.cumsum(axis=1)[:, :-1] < rng.random((len(chance), 1))).sum(axis=1)
        for k, blocks in enumerate(fit.candidates):
            rows = np.flatnonzero(picked == k)
            if len(rows):
                found = _parts(blocks, residual[rows], seen=seen, noise=noise[held[rows]], rng=rng)
                for name, part in found.items():
                    parts[held[rows], causes.index(name)] = fit.unit * part
    weekly = _in_outcome(push, parts, links=links, mean=fit.centre)
    return Decomposition(
        parts=(*fit.mix.names, "base", *causes),
        weekly=weekly,
        residual=fit.mix.outcome - weekly.sum(axis=1),
        noise=fit.unit * noise,
        links=links,
        mean=fit.centre,
    )


def _parts(
    blocks: tuple[Block, ...],
    residual: Floats,
    *,
    seen: npt.NDArray[np.bool_],
    noise: Floats,
    rng: np.random.Generator,
) -> dict[str, Floats]:
    """Each cause of the baseline by week, in standard deviations of the outcome."""
    Z = np.concatenate([block.columns for block in blocks], axis=1)
    coefficients = _conditional(Z[seen], residual, noise=noise, rng=rng)
    ends = np.cumsum([block.columns.shape[1] for block in blocks])
    return {
        block.name: coefficients[:, end - block.columns.shape[1] : end] @ block.columns.T
        for block, end in zip(blocks, ends, strict=True)
    }


def _in_outcome(
    push: Floats,
    parts: Floats,
    *,
    links: tuple[tuple[Link, npt.NDArray[np.intp]], ...],
    mean: float,
) -> Floats:
    """Levels' parts as parts of the outcome: media share what they bring together by their push."""
    level = mean + push.sum(axis=1) + parts.sum(axis=1)
    out = np.empty((len(push), push.shape[1] + 1 + parts.shape[1], push.shape[2]))
    for link, rows in links:
        expected = link.outcome(level[rows], mean=mean)
        together = push[rows].sum(axis=1)
        brought = link.brought(together, expected, mean=mean)
        media = push[rows] * (brought / np.maximum(together, _TINY))[:, None]
        causes = parts[rows].sum(axis=1)
        raised = expected - brought - mean
        flat = np.abs(causes) < _TINY
        per_level = np.where(flat, 1.0, raised / np.where(flat, 1.0, causes))
        base = np.full((len(rows), 1, push.shape[2]), mean)
        out[rows] = np.concatenate([media, base, parts[rows] * per_level[:, None]], axis=1)
    return out


def _conditional(Z: Floats, residual: Floats, *, noise: Floats, rng: np.random.Generator) -> Floats:
    """Coefficients given the residual, drawn from `N(A^-1 Z'r, s^2 A^-1)` with `A = Z'Z + s^2 I`."""
    values, vectors = np.linalg.eigh(Z.T @ Z)
    variance = noise[:, None] ** 2
    total = np.maximum(values, 0.0) + variance
    mean = (residual @ Z @ vectors) / total
    spread = np.sqrt(variance / total) * rng.standard_normal(mean.shape)
    return np.asarray((mean + spread) @ vectors.T, dtype=np.float64)
