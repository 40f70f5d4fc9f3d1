"""Customers under contract: who renews, at which renewal, and how many of today's will be there in a year.

Who pays by contract says so when leaving, so that nothing need be inferred from silence. The shifted
beta-geometric is fitted to each channel and length of contract, partially pooled.

References:
    Fader & Hardie (2007), "How to project customer retention", Journal of Interactive Marketing 21(1).
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc

from cmo.customers.lifetimes.pooling import learned_prior
from cmo.customers.lifetimes.posterior import FEWEST_PROPOSALS, N_PROPOSALS, drawn_from
from cmo.customers.purchases import sbg
from cmo.customers.purchases.cells import Floats, Integers
from cmo.customers.purchases.fitting import Unsupported
from cmo.customers.purchases.newton import Surface, maximised
from cmo.customers.purchases.prior import LogNormal
from cmo.measures import DRAWS, Text

AHEAD = 12  # months
SHOWN = 12  # renewals
FEWEST_CONTRACTS = 20
FEWEST_LOST = 10
FEWEST_SEEN = 10.0  # at a renewal, for it to be held against the model
UNLIKELY = 1e-3  # chance of renewals as far from the model, below which it is doubted


@dataclass(frozen=True, slots=True, kw_only=True)
class Contracts:
    """Contracts alike; shapes (cell,).

    Attributes:
        channels: Names of the acquisition channels.
        channel: Position of each cell's channel.
        length: Months of a contract, >= 1.
        months: Whole months it ran: until it ended, rounded up, or until now, rounded down.
        ended: Whether it was ended.
        weight: Contracts.
    """

    channels: tuple[str, ...]
    channel: Integers
    length: Integers
    months: Integers
    ended: npt.NDArray[np.bool_]
    weight: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewals:
    """Who renews.

    Attributes:
        length: Months of the commonest contract.
        renewing: Draws of the share of those there who renew, at the 1st, 2nd, ... renewal of the commonest
            contract, shape (draw, renewal).
        holders: Contracts that run now, by channel, shape (channel,).
        staying: Draws of those of them that will still run in twelve months, shape (draw, channel).
        as_modelled: Chance of renewals as far from the model as those seen.
    """

    length: int
    renewing: Floats
    holders: Floats
    staying: Floats
    as_modelled: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    at: Integers
    channel: int
    length: int
    lost: Floats
    kept: Floats


def renewals(contracts: Contracts, *, rng: np.random.Generator) -> Renewals:
    """Fits the contracts of each channel and length, and looks twelve months ahead.

    Args:
        contracts: Contracts, running and ended.
        rng: Source of randomness.

    Raises:
        Unsupported: Too few contracts, or too few that came to an end at a renewal.
    """
    groups = _groups(contracts)
    _refuse_thin(groups)
    surfaces = [partial(_surface, lost=one.lost, kept=one.kept) for one in groups]
    prior = learned_prior(surfaces, sbg.prior())
    draws = [_drawn(one, prior, rng=rng, n_groups=len(groups)) for one in groups]
    staying = np.zeros((DRAWS, len(contracts.channels)))
    holders = np.zeros(len(contracts.channels))
    for one, theta in zip(groups, draws, strict=True):
        running = one.at[~contracts.ended[one.at]]
        there, unlike = _ahead(contracts, running, theta=theta, length=one.length)
        staying[:, one.channel] += there + np.sqrt(unlike) * rng.standard_normal(DRAWS)
        holders[one.channel] += contracts.weight[running].sum()
    sizes: dict[int, float] = {}
    for one in groups:
        sizes[one.length] = sizes.get(one.length, 0.0) + float(one.lost.sum() + one.kept.sum())
    length = max(sizes, key=lambda months: (sizes[months], -months))
    return Renewals(
        length=length,
        renewing=_renewing(groups, draws, length=length),
        holders=holders,
        staying=np.clip(staying, 0.0, holders),
        as_modelled=_as_modelled(groups, draws),
    )


def _groups(contracts: Contracts) -> list[_Group]:
    found = []
    for channel in range(len(contracts.channels)):
        for length in np.unique(contracts.length):
            at = np.flatnonzero((contracts.channel == channel) & (contracts.length == length))
            if not at.size:
                continue
            ended, weight = contracts.ended[at], contracts.weight[at]
            number = np.where(
                ended, -(-contracts.months[at] // length), contracts.months[at] // length
            ).astype(np.int64)
            number = np.where(ended, np.maximum(number, 1), number)
            size = max(int(number.max()), 1) + 1
            lost, kept = (
                np.bincount(number[of], weights=weight[of], minlength=size)[1:].astype(np.float64)
                for of in (ended, ~ended)
            )
            if lost.sum() + kept.sum() > 0:
                found.append(_Group(at=at, channel=channel, length=int(length), lost=lost, kept=kept))
    return found


def _refuse_thin(groups: list[_Group]) -> None:
    seen = sum(float(one.lost.sum() + one.kept.sum()) for one in groups)
    lost = sum(float(one.lost.sum()) for one in groups)
    if seen < FEWEST_CONTRACTS:
        raise Unsupported(
            Text(
                f"{seen:.0f} contracts came to a renewal: too few for a model ({FEWEST_CONTRACTS} at least).",
                f"{seen:.0f} contrats sont arrivés à une échéance : trop peu pour un modèle "
                f"({FEWEST_CONTRACTS} au moins).",
            )
        )
    if lost < FEWEST_LOST:
        raise Unsupported(
            Text(
                f"Only {lost:.0f} contracts were ended: how long customers stay cannot be told yet "
                f"({FEWEST_LOST} at least).",
                f"Seuls {lost:.0f} contrats ont pris fin : on ne peut pas encore dire combien de temps les "
                f"clients restent ({FEWEST_LOST} au moins).",
            )
        )


def _surface(theta: Floats, *, lost: Floats, kept: Floats) -> Surface:
    return sbg.log_likelihood(theta, lost, kept=kept)


def _drawn(group: _Group, prior: LogNormal, *, rng: np.random.Generator, n_groups: int) -> Floats:
    """Draws of log (alpha, beta), shape (draw, 2)."""

    def surface(theta: Floats) -> Surface:
        return _surface(theta, lost=group.lost, kept=group.kept) + prior.surface(theta)

    top = maximised(surface, prior.location)
    spread = np.linalg.cholesky(np.linalg.inv(-top.surface.hessian))

    def whitened(z: Floats) -> float:
        return surface(top.at + spread @ z).value

    proposals = max(N_PROPOSALS // n_groups, FEWEST_PROPOSALS)
    drawn = drawn_from(whitened, size=2, rng=rng, n_draws=DRAWS, n_proposals=proposals)
    out: Floats = top.at + drawn.draws @ spread.T
    return out


def _ahead(contracts: Contracts, running: Integers, *, theta: Floats, length: int) -> tuple[Floats, Floats]:
    """Contracts that will still run in twelve months: expected, and their variance, shape (draw,) each."""
    alpha, beta = np.exp(theta).T
    months, weight = contracts.months[running], contracts.weight[running]
    passed, then = months // length, (months + AHEAD) // length
    there, unlike = np.zeros(theta.shape[0]), np.zeros(theta.shape[0])
    for now, later in {*zip(passed.tolist(), then.tolist(), strict=True)}:
        many = float(weight[(passed == now) & (then == later)].sum())
        decided = np.arange(now, later)[:, None]
        stay = np.prod((beta + decided) / (alpha + beta + decided), axis=0)
        there += many * stay
        unlike += many * stay * (1.0 - stay)
    return there, unlike


def _renewing(groups: list[_Group], draws: list[Floats], *, length: int) -> Floats:
    """Share of those there who renew, over the channels as they are, shape (draw, renewal)."""
    began, left = np.zeros((DRAWS, SHOWN)), np.zeros((DRAWS, SHOWN))
    for one, theta in zip(groups, draws, strict=True):
        if one.length != length:
            continue
        alpha, beta = (part[:, None] for part in np.exp(theta).T)
        t = np.arange(SHOWN)
        renews = (beta + t) / (alpha + beta + t)
        there = np.cumprod(np.column_stack([np.ones(DRAWS), renews[:, :-1]]), axis=1)
        many = float(one.lost.sum() + one.kept.sum())
        began += many * there
        left += many * there * renews
    out: Floats = left / began
    return out


def _as_modelled(groups: list[_Group], draws: list[Floats]) -> float:
    """Chance of losses at renewals as far from those expected (Pearson), where enough were seen."""
    apart, n = 0.0, -2 * len(groups)
    for one, theta in zip(groups, draws, strict=True):
        alpha, beta = np.exp(theta.mean(axis=0))
        t = np.arange(one.lost.size)
        leaves = alpha / (alpha + beta + t)
        faced = np.cumsum((one.lost + one.kept)[::-1])[::-1]
        enough = (faced * leaves >= FEWEST_SEEN) & (faced * (1.0 - leaves) >= FEWEST_SEEN)
        variance = np.maximum(faced * leaves * (1.0 - leaves), 1e-12)
        apart += float(((one.lost - faced * leaves) ** 2 / variance)[enough].sum())
        n += int(enough.sum())
    return float(chdtrc(n, apart)) if n > 0 else 1.0
