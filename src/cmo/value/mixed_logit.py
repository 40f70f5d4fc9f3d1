"""The mixed logit of a panel: tastes that differ from person to person, by simulated maximum likelihood."""

from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp, ndtri
from scipy.stats import qmc

from cmo.value.choice import Choices, Floats, Logit, UnidentifiedError, logit
from cmo.value.panels import Panel, panels
from cmo.value.tastes import BENT, SMALLEST, Tastes, unbent

DRAWS_PER_PERSON = 512
ROUGH = 64  # draws per person on the way to the neighbourhood of the maximum
STARTS = 10
SAMPLED = 400  # persons on whom starting points are compared
FIRST_STEPS = 25
MOST_STEPS = 100
FRESH = 6  # first steps, each with the outer product of its own scores
LONGEST = 2.0  # step in any parameter, in utility over the attribute's own spread
ENOUGH = 1e-4  # of the gain that a step promises, to take it
FLAT = 1e-10  # of the largest eigenvalue of the information, below which a direction is not identified
CLOSE = 1e-7  # gain that a step promises, as a share of the log-likelihood, at which the climb ends
STEEPEST = 500.0  # utility beyond which a choice is certain; keeps exp finite
START_SPREAD = 0.3  # of a coefficient over persons, in utility over the attribute's own spread
NODES = 401  # of the trapezoid rule where a single taste differs; exact to rounding for a normal one
REACH = 8.5  # standard deviations that the nodes span on either side


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedLogit:
    """A mixed logit fitted to choices.

    Attributes:
        tastes: What the parameters mean.
        parameters: Locations of the coefficients, then the spread, as `Tastes` orders them.
        covariance: Robust to a wrong distribution of tastes, shape (parameters, parameters).
        log_likelihood: At the parameters, with the draws of the fit.
        elsewhere: The same at two other sets of draws: how far the simulation itself moves it.
        starts: Log-likelihoods that the starting points reached on the sample they were compared on, best
            first: where few agree with the best, the likelihood has several tops.
    """

    tastes: Tastes
    parameters: Floats
    covariance: Floats
    log_likelihood: float
    elsewhere: tuple[float, ...]
    starts: tuple[float, ...]

    def population(self, rng: np.random.Generator, *, draws: int, persons: int) -> Floats:
        """Coefficients of persons drawn from the population, with the doubt of the estimate in each draw.

        Args:
            rng: Source of randomness.
            draws: Number of draws of the parameters.
            persons: Number of persons in each.

        Returns:
            Shape (draws, persons, coefficients).
        """
        parameters = rng.multivariate_normal(self.parameters, self.covariance, size=draws, method="eigh")
        normals = rng.standard_normal((draws, len(self.tastes.random), persons))
        made = [
            self.tastes.coefficients(self.tastes.latent(one, normals[[i]]))[0].T
            for i, one in enumerate(parameters)
        ]
        return np.stack(made)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draws:
    """Standard normal draws, shape (persons or 1, random coefficients, draws), and their log-weights."""

    normals: Floats
    log_weight: Floats

    def of(self, panel: Panel) -> Floats:
        if self.normals.shape[0] == 1:
            return np.broadcast_to(self.normals, (panel.persons.size, *self.normals.shape[1:]))
        return self.normals[panel.persons]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Height:
    """Log-likelihood, each person's score (in the order of the panels), and the information when asked."""

    log_likelihood: float
    scores: Floats
    weight: Floats
    information: Floats


def mixed_logit(
    choices: Choices,
    tastes: Tastes,
    *,
    rng: np.random.Generator,
    draws: int = DRAWS_PER_PERSON,
    starts: int = STARTS,
) -> MixedLogit:
    """Simulated maximum likelihood from several starting points.

    The starting points are compared on a sample of persons with few draws; the best climbs on with all.
    Where a single taste differs, the mean over persons is not simulated but integrated by the trapezoid rule.

    Args:
        choices: The tasks, with the person who answered each.
        tastes: How the coefficients differ; one kind for each attribute.
        rng: Source of randomness: scrambled Sobol draws, and the starting points.
        draws: Draws per person, a power of two: a Sobol sequence is even only in such runs.
        starts: Number of starting points, >= 1; the first is the multinomial logit.

    Returns:
        The fit.

    Raises:
        UnidentifiedError: The choices do not tell the coefficients apart.

    References:
        Train (2009), "Discrete Choice Methods with Simulation", 2nd ed., chapters 6, 8 and 9; Train and Weeks
        (2005), "Discrete choice models in preference space and willingness-to-pay space".
    """
    if draws < 1 or draws & (draws - 1):
        raise ValueError(f"draws == {draws}, must be a power of two")
    if len(tastes.kinds) != choices.attributes.shape[1]:
        raise ValueError(
            f"{len(tastes.kinds)} tastes for {choices.attributes.shape[1]} attributes, must be one for each"
        )
    size = _sizes(choices)
    scaled = choices.with_attributes(choices.attributes / size)
    tops, point = _from_starts(scaled, tastes, rng=rng, starts=starts)
    for count in sorted({min(ROUGH, draws), draws}):
        used = _drawn(scaled, tastes, rng=rng, draws=count)
        laid = panels(scaled, draws=used.normals.shape[2])
        if count <= ROUGH:
            near = laid, used
        point, full = _climb(laid, tastes, point, draws=used, steps=MOST_STEPS)
    information = _height(near[0], tastes, point, draws=near[1], bend=True).information
    others = [_drawn(scaled, tastes, rng=rng, draws=draws) for _ in range(2)]
    elsewhere = [_log_likelihood(laid, tastes, point, draws=one) for one in others]
    factor, shift = _unscale(tastes, size)
    return MixedLogit(
        tastes=tastes,
        parameters=_upright(tastes, point * factor + shift),
        covariance=_sandwich(information, full) * np.outer(factor, factor),
        log_likelihood=full.log_likelihood,
        elsewhere=tuple(elsewhere),
        starts=tops,
    )


def _sizes(choices: Choices) -> Floats:
    """Spread of each attribute within its tasks, by which it is divided while climbing."""
    spread = choices.spreads()
    if np.any(spread == 0):
        raise UnidentifiedError("an attribute never differs within a task; leave it out")
    return spread


def _unscale(tastes: Tastes, size: Floats) -> tuple[Floats, Floats]:
    """What parameters of the scaled attributes are multiplied by, and what is added, to undo the scaling."""
    worth = 1 / size
    if tastes.price is not None:
        worth = size[tastes.price] / size
        worth[tastes.price] = 1 / size[tastes.price]
    bent = np.array([kind in BENT for kind in tastes.kinds])
    factor = np.where(bent, 1.0, worth)[tastes.moved]
    shift = np.zeros(tastes.n_parameters)
    shift[: size.size] = np.where(bent, np.log(worth), 0.0)
    return factor, shift


def _upright(tastes: Tastes, parameters: Floats) -> Floats:
    """The same distribution with a spread whose diagonal is not negative."""
    out = parameters.copy()
    first = len(tastes.kinds)
    flipped = {
        column for i, (row, column) in enumerate(tastes.spread) if row == column and parameters[first + i] < 0
    }
    for i, (_, column) in enumerate(tastes.spread):
        if column in flipped:
            out[first + i] *= -1
    return out


def _drawn(choices: Choices, tastes: Tastes, *, rng: np.random.Generator, draws: int) -> _Draws:
    """Sobol draws, a run of one sequence for each person; nodes where a single taste differs."""
    n_random = len(tastes.random)
    if n_random == 1:
        nodes = np.linspace(-REACH, REACH, NODES)
        weight = -0.5 * nodes**2
        return _Draws(normals=nodes[None, None, :], log_weight=weight - np.log(np.exp(weight).sum()))
    n_persons = np.unique(choices.person).size
    sobol = qmc.Sobol(max(n_random, 1), scramble=True, rng=rng)
    whole = 2 ** int(n_persons - 1).bit_length()
    even = sobol.random(whole * draws)[: n_persons * draws].reshape(n_persons, draws, -1)
    tiny = np.finfo(float).eps
    normals = ndtri(np.clip(even, tiny, 1 - tiny)).transpose(0, 2, 1)[:, :n_random, :]
    return _Draws(normals=np.ascontiguousarray(normals), log_weight=np.full(draws, -np.log(draws)))


def _from_starts(
    choices: Choices, tastes: Tastes, *, rng: np.random.Generator, starts: int
) -> tuple[tuple[float, ...], Floats]:
    """Log-likelihoods reached from the starting points on a sample, best first, and the best point."""
    fit = logit(choices)
    sample = _some(choices, rng)
    used = _drawn(sample, tastes, rng=rng, draws=ROUGH)
    laid = panels(sample, draws=used.normals.shape[2])
    tops: list[tuple[float, Floats]] = []
    for i in range(starts):
        start = _start(fit, tastes, rng=rng, apart=min(i, 1) * START_SPREAD)
        top, height = _climb(laid, tastes, start, draws=used, steps=FIRST_STEPS)
        tops.append((height.log_likelihood, top))
    tops.sort(key=lambda one: -one[0])
    return tuple(height for height, _ in tops), tops[0][1]


def _some(choices: Choices, rng: np.random.Generator) -> Choices:
    persons = np.unique(choices.person)
    if persons.size <= SAMPLED:
        return choices
    return choices.of_tasks(np.isin(choices.person, rng.choice(persons, SAMPLED, replace=False)))


def _start(fit: Logit, tastes: Tastes, *, rng: np.random.Generator, apart: float) -> Floats:
    """The multinomial logit with some spread, or a point around it."""
    worth = fit.coefficients + apart * rng.standard_normal(fit.coefficients.size)
    if tastes.price is not None:
        scale = max(-worth[tastes.price], SMALLEST)
        worth = worth / scale
        worth[tastes.price] = scale
    worth = unbent(worth, tastes.kinds)
    spread = np.array([1.0 if row == column else 0.0 for row, column in tastes.spread])
    wide = START_SPREAD * np.exp(apart * rng.standard_normal(spread.size))
    return np.concatenate([worth, spread * wide])


def _climb(
    laid: tuple[Panel, ...], tastes: Tastes, start: Floats, *, draws: _Draws, steps: int
) -> tuple[Floats, _Height]:
    """Steps by the outer product of the scores (Berndt et al. 1974), then by quasi-Newton updates of it."""
    point, at = start, _height(laid, tastes, start, draws=draws)
    gradient = at.weight @ at.scores
    inverse = _inverse(at)
    for turn in range(steps):
        step = inverse @ gradient
        step /= max(1.0, np.abs(step).max() / LONGEST)
        gain = float(gradient @ step)
        if gain < CLOSE * abs(at.log_likelihood):
            break
        for halving in range(25):
            there = point + step / 2**halving
            ahead = _height(laid, tastes, there, draws=draws)
            if ahead.log_likelihood > at.log_likelihood + ENOUGH * gain / 2**halving:
                break
        else:
            break
        slope = ahead.weight @ ahead.scores
        inverse = _inverse(ahead) if turn < FRESH else _updated(inverse, there - point, gradient - slope)
        point, at, gradient = there, ahead, slope
    return point, at


def _inverse(at: _Height) -> Floats:
    """Inverse of the outer product of the scores; directions that nobody's answers tell apart stay still."""
    outer = (at.scores * at.weight[:, None]).T @ at.scores
    values, vectors = np.linalg.eigh(outer)
    kept = values > FLAT * values[-1]
    inverse = np.divide(1.0, values, out=np.zeros(values.size), where=kept)
    return np.asarray((vectors * inverse) @ vectors.T, dtype=np.float64)


def _updated(inverse: Floats, moved: Floats, turned: Floats) -> Floats:
    """The BFGS update of an inverse by a step and the change of slope along it."""
    along = float(moved @ turned)
    if along <= 0:
        return inverse
    apart = np.eye(moved.size) - np.outer(moved, turned) / along
    return np.asarray(apart @ inverse @ apart.T + np.outer(moved, moved) / along, dtype=np.float64)


def _sandwich(information: Floats, at: _Height) -> Floats:
    """Robust covariance; the information, a mean over persons, is settled with the few draws near by."""
    values = np.linalg.eigvalsh(information)
    if values[0] <= FLAT * values[-1]:
        raise UnidentifiedError("the spread of a taste cannot be told from none; hold it fixed")
    inverse = np.linalg.inv(information)
    weighted = at.scores * at.weight[:, None]
    n = at.weight.size
    return np.asarray(n / max(n - 1, 1) * inverse @ (weighted.T @ weighted) @ inverse, dtype=np.float64)


def _log_likelihood(laid: tuple[Panel, ...], tastes: Tastes, parameters: Floats, *, draws: _Draws) -> float:
    total = 0.0
    for panel in laid:
        latent = tastes.latent(parameters, draws.of(panel))
        _, log_person = _chances(panel, tastes.coefficients(latent))
        total += float(panel.weight @ logsumexp(log_person + draws.log_weight, axis=1))
    return total


def _height(
    laid: tuple[Panel, ...], tastes: Tastes, parameters: Floats, *, draws: _Draws, bend: bool = False
) -> _Height:
    """Simulated log-likelihood with its derivatives, the scores in the order of the panels."""
    total, scores, information = 0.0, [], np.zeros((tastes.n_parameters,) * 2)
    for panel in laid:
        normals = draws.of(panel)
        latent = tastes.latent(parameters, normals)
        chances, log_person = _chances(panel, tastes.coefficients(latent))
        log_weighted = log_person + draws.log_weight
        top = log_weighted.max(axis=1, keepdims=True)
        odds = np.exp(log_weighted - top)
        mean = odds.sum(axis=1, keepdims=True)
        total += float(panel.weight @ (np.log(mean) + top)[:, 0])
        likely = odds / mean
        slope = _slope(panel, chances)
        inner = tastes.gradient(latent, slope)
        factors = np.broadcast_to(
            tastes.factors(normals), (inner.shape[0], len(tastes.spread), likely.shape[1])
        )
        each = inner[:, tastes.moved, :]
        each[:, len(tastes.kinds) :, :] *= factors
        score = np.einsum("npr,nr->np", each, likely)
        scores.append(score)
        if bend:
            counted = likely * panel.weight[:, None]
            information -= _second(each, counted) - (score * panel.weight[:, None]).T @ score
            information += _spread(panel, tastes, latent, chances, factors=factors, likely=counted)
            if not tastes.straight:
                information -= _curved(
                    tastes, tastes.curvature(latent, slope), factors=factors, likely=counted
                )
    return _Height(
        log_likelihood=total,
        scores=np.vstack(scores),
        weight=np.concatenate([panel.weight for panel in laid]),
        information=information,
    )


def _chances(panel: Panel, coefficients: Floats) -> tuple[Floats, Floats]:
    """Chance of each other alternative, shape (persons, tasks, others, draws), and log-chance of all."""
    n, tasks, others, n_attributes = panel.apart.shape
    utility = panel.apart.reshape(n, tasks * others, n_attributes) @ coefficients
    odds = np.exp(np.minimum(utility, STEEPEST, out=utility), out=utility).reshape(n, tasks, others, -1)
    if panel.real is not None:
        odds *= panel.real[..., None]
    whole = 1.0 + odds.sum(axis=2)
    odds /= whole[:, :, None, :]
    return odds, -np.log(whole).sum(axis=1)


def _slope(panel: Panel, chances: Floats) -> Floats:
    n, tasks, others, n_draws = chances.shape
    rows = panel.apart.reshape(n, tasks * others, -1).transpose(0, 2, 1)
    return np.asarray(-rows @ chances.reshape(n, tasks * others, n_draws), dtype=np.float64)


def _second(each: Floats, weight: Floats) -> Floats:
    """Weighted sum of products of gradients, over persons and draws, shape (parameters, parameters)."""
    root = (each * np.sqrt(weight)[:, None, :]).transpose(1, 0, 2).reshape(each.shape[1], -1)
    return np.asarray(root @ root.T, dtype=np.float64)


def _spread(
    panel: Panel, tastes: Tastes, latent: Floats, chances: Floats, *, factors: Floats, likely: Floats
) -> Floats:
    """How much the utilities of a task's alternatives vary with each parameter, summed over tasks."""
    n, tasks, others, n_draws = chances.shape
    means = (panel.apart.transpose(0, 1, 3, 2) @ chances).reshape(n, tasks, -1, n_draws)
    rows = panel.apart.reshape(n, tasks * others, -1, 1)
    out = np.zeros((tastes.n_parameters,) * 2)
    for sign, slope, weight in ((1.0, rows, chances.reshape(n, -1, n_draws)), (-1.0, means, None)):
        inner = tastes.gradient(latent[:, None], slope)
        each = np.broadcast_to(inner, (*inner.shape[:3], n_draws))[:, :, tastes.moved, :]
        each[:, :, len(tastes.kinds) :, :] *= factors[:, None]
        counted = likely[:, None, :] * (1.0 if weight is None else weight)
        flat = counted.shape[0] * slope.shape[1]
        broad = np.broadcast_to(counted, (n, slope.shape[1], n_draws)).reshape(flat, n_draws)
        out += sign * _second(each.reshape(flat, tastes.n_parameters, n_draws), broad)
    return out


def _curved(tastes: Tastes, curved: Floats, *, factors: Floats, likely: Floats) -> Floats:
    """Likely mean of what bent coefficients add to the second derivatives, by parameter."""
    first = len(tastes.kinds)
    ones = np.ones((likely.shape[0], first, likely.shape[1]))
    each = np.concatenate([ones, factors], axis=1)
    mean = np.einsum(
        "npr,nqr,nr,npqr->pq", each, each, likely, curved[:, tastes.moved][:, :, tastes.moved], optimize=True
    )
    return np.asarray(mean, dtype=np.float64)
