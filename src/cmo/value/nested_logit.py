"""The nested logit: alternatives that stand closer to one another than to the rest."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from cmo.value.choice import SINGULAR, Choices, Floats, UnidentifiedError, logit, sandwich

Whole = npt.NDArray[np.int64]
Scored = Callable[[Floats], tuple[float, Floats]]

MOST_STEPS = 500
FLAT = (
    1e-6  # gradient, in log-likelihood over a unit of a scaled parameter and a task, at which the climb ends
)
STEP = 1e-5  # of the differences that give the Hessian
FARTHEST = 6.0  # logarithm of a dissimilarity beyond which nothing can be said of it
HELD = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class NestedLogit:
    """A nested logit fitted to choices.

    The utility is that of the whole choice, its scale the one above the nests: a nest's dissimilarity
    divides it among the nest's alternatives.

    Attributes:
        coefficients: Worth of a unit of each attribute in utility, shape (attributes,).
        dissimilarity: Of each nest, > 0, shape (nests,); 1 where alternatives of the nest compete no harder
            with one another than with the rest, towards 0 the harder; above 1 less hard, which no one who
            takes what is best for him does everywhere. 1 for a nest of one alternative.
        log_likelihood: At the estimates.
        covariance: Inverse of the Hessian, over coefficients and then free dissimilarities.
        clustered: Covariance that allows a person's answers to hang together, same shape.
        by_scores: Inverse of the outer product of the scores, same shape: what R's mlogit prints.
        free: Place of each nest among the free dissimilarities, shape (nests,); -1 where it is held at 1.
    """

    coefficients: Floats
    dissimilarity: Floats
    log_likelihood: float
    covariance: Floats
    clustered: Floats
    by_scores: Floats
    free: Whole

    def errors(self) -> Floats:
        """Clustered standard error of each nest's dissimilarity, shape (nests,); 0 where it is held."""
        found = np.sqrt(np.diag(self.clustered))[self.coefficients.size :]
        return np.where(self.free == HELD, 0.0, np.append(found, 0.0)[self.free])

    def probabilities(self, choices: Choices, nest: Whole) -> Floats:
        """Probability that each alternative is chosen in its task, shape (alternatives,).

        Args:
            choices: Tasks with the same attributes.
            nest: Nest of each alternative, shape (alternatives,).
        """
        laid = _Laid.of(choices, nest)
        found = _chances(laid, self.coefficients, self.dissimilarity)
        out = np.empty(nest.size)
        out[laid.order] = found.within * found.nest[laid.group]
        return out


def nested_logit(choices: Choices, nest: Whole, *, common: bool = False) -> NestedLogit:
    """Maximum likelihood of the nested logit with one level of nests.

    Args:
        choices: The tasks.
        nest: Nest of each alternative, 0, 1, 2 …, shape (alternatives,); an alternative beside all nests has
            one of its own.
        common: Whether all nests share one dissimilarity.

    Returns:
        The fit.

    Raises:
        UnidentifiedError: No nest ever shows two alternatives beside others, or the choices do not tell the
            parameters apart.

    References:
        McFadden (1978), "Modelling the choice of residential location"; Train (2009), "Discrete Choice
        Methods with Simulation", 2nd ed., chapter 4; Börsch-Supan (1990), "On the compatibility of nested
        logit models with utility maximization", for dissimilarities above 1.
    """
    start = logit(choices)
    laid = _Laid.of(choices, nest)
    free = _free(laid, int(nest.max()) + 1, common=common)
    size = 1 / np.maximum(np.sqrt(np.diag(np.linalg.inv(start.covariance))), np.finfo(float).tiny)
    size *= np.sqrt(choices.sizes.size)
    k = size.size

    def untied(point: Floats) -> tuple[Floats, Floats]:
        logs = np.append(point[k:], 0.0)[free]
        return point[:k] * size, np.exp(np.clip(logs, -FARTHEST, FARTHEST))

    def scored(point: Floats) -> tuple[float, Floats]:
        worth, apart = untied(point)
        heights, scores = _scores(laid, worth, apart)
        each = np.hstack([scores[:, :k] * size, _tied(scores[:, k:] * apart, free)])
        return float(laid.weight @ heights), each

    def down(point: Floats) -> tuple[float, Floats]:
        height, each = scored(point)
        tasks = laid.weight.sum()
        return -height / tasks, -(laid.weight @ each) / tasks

    first = np.concatenate([start.coefficients / size, np.zeros(int(free.max()) + 1)])
    found = minimize(down, first, jac=True, method="BFGS", options={"gtol": FLAT, "maxiter": MOST_STEPS})
    point = np.asarray(found.x, dtype=np.float64)
    if np.any(np.abs(point[k:]) >= FARTHEST):
        raise UnidentifiedError("a nest's alternatives cannot be told apart, or all choices fall in one nest")
    information = _information(scored, laid, point)
    step = np.linalg.solve(information, laid.weight @ scored(point)[1])
    if scored(point + step)[0] >= scored(point)[0]:
        point = point + step
    height, each = scored(point)
    worth, apart = untied(point)
    factor = np.concatenate([size, [apart[free == place][0] for place in range(int(free.max()) + 1)]])
    outer = np.outer(factor, factor)
    each *= laid.weight[:, None]
    inverse = np.asarray(np.linalg.inv(information), dtype=np.float64)
    return NestedLogit(
        coefficients=worth,
        dissimilarity=apart,
        log_likelihood=height,
        covariance=inverse * outer,
        clustered=sandwich(inverse, each, choices.person) * outer,
        by_scores=np.asarray(np.linalg.pinv(each.T @ each), dtype=np.float64) * outer,
        free=free,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Laid:
    """Rows with those of a task and nest together.

    Attributes:
        order: Position of each row among those given.
        attributes: Shape (alternatives, attributes).
        group: Number of each row's pair of task and nest, not falling.
        starts: First row of each pair.
        task: Task of each pair, not falling.
        task_starts: First pair of each task.
        nest: Nest of each pair.
        chosen: Row chosen in each task.
        weight: Weight of each task.
    """

    order: npt.NDArray[np.intp]
    attributes: Floats
    group: npt.NDArray[np.intp]
    starts: npt.NDArray[np.intp]
    task: Whole
    task_starts: npt.NDArray[np.intp]
    nest: Whole
    chosen: npt.NDArray[np.intp]
    weight: Floats

    @classmethod
    def of(cls, choices: Choices, nest: Whole) -> "_Laid":
        if nest.shape != choices.task.shape or nest.min() < 0:
            raise ValueError(f"nest has shape {nest.shape}, must number the nest of each alternative from 0")
        order = np.lexsort((nest, choices.task))
        task, inside = choices.task[order], nest[order]
        new = (np.diff(task, prepend=-1) != 0) | (np.diff(inside, prepend=-1) != 0)
        starts = np.flatnonzero(new)
        of_group = task[starts]
        return cls(
            order=order,
            attributes=choices.attributes[order],
            group=np.cumsum(new) - 1,
            starts=starts,
            task=of_group,
            task_starts=np.flatnonzero(np.diff(of_group, prepend=-1) != 0),
            nest=inside[starts],
            chosen=np.flatnonzero(choices.chosen[order]),
            weight=choices.weight,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chances:
    """Chance within its nest of each row, chance of each pair's nest, log-sum and utility of each."""

    within: Floats
    nest: Floats
    log_sum: Floats
    utility: Floats


def _chances(laid: _Laid, coefficients: Floats, dissimilarity: Floats) -> _Chances:
    utility = laid.attributes @ coefficients
    apart = dissimilarity[laid.nest]
    inner = utility / apart[laid.group]
    top = np.maximum.reduceat(inner, laid.starts)
    odds = np.exp(inner - top[laid.group])
    whole = np.add.reduceat(odds, laid.starts)
    log_sum = np.log(whole) + top
    outer = apart * log_sum
    best = np.maximum.reduceat(outer, laid.task_starts)
    of_nest = np.exp(outer - best[laid.task])
    return _Chances(
        within=odds / whole[laid.group],
        nest=of_nest / np.add.reduceat(of_nest, laid.task_starts)[laid.task],
        log_sum=log_sum,
        utility=utility,
    )


def _scores(laid: _Laid, coefficients: Floats, dissimilarity: Floats) -> tuple[Floats, Floats]:
    """Log-likelihood of each task, and its slope in the coefficients and in all dissimilarities."""
    found = _chances(laid, coefficients, dissimilarity)
    apart = dissimilarity[laid.nest]
    group = laid.group[laid.chosen]
    with np.errstate(divide="ignore"):
        heights = np.log(found.within[laid.chosen]) + np.log(found.nest[group])
    means = np.add.reduceat(found.within[:, None] * laid.attributes, laid.starts, axis=0)
    over_nests = np.add.reduceat(found.nest[:, None] * means, laid.task_starts, axis=0)
    own = (laid.attributes[laid.chosen] - means[group]) / apart[group][:, None]
    worth = own + means[group] - over_nests
    mean_utility = np.add.reduceat(found.within * found.utility, laid.starts)
    rise = found.log_sum - mean_utility / apart  # of a nest's utility with its dissimilarity
    each = np.zeros((laid.weight.size, dissimilarity.size))
    each[laid.task, laid.nest] = -found.nest * rise
    inside = (mean_utility[group] - found.utility[laid.chosen]) / apart[group] ** 2
    each[np.arange(group.size), laid.nest[group]] += inside + rise[group]
    return heights, np.hstack([worth, each])


def _free(laid: _Laid, n_nests: int, *, common: bool) -> Whole:
    """Place of each nest among the free dissimilarities: those that show two alternatives beside others."""
    rows = np.diff(np.append(laid.starts, laid.group.size))
    pairs = np.diff(np.append(laid.task_starts, laid.task.size))
    telling = np.zeros(n_nests, dtype=bool)
    telling[laid.nest[(rows > 1) & (pairs[laid.task] > 1)]] = True
    if not telling.any():
        raise UnidentifiedError(
            "no nest ever shows two alternatives beside others, so nothing tells the nests apart; "
            "give other nests"
        )
    places = np.zeros(n_nests, dtype=np.int64) if common else np.cumsum(telling) - 1
    return np.where(telling, places, HELD)


def _tied(slopes: Floats, free: Whole) -> Floats:
    """Slopes in the free dissimilarities, from those of all nests, shape (tasks, free)."""
    places = [slopes[:, free == place].sum(axis=1) for place in range(int(free.max()) + 1)]
    return np.column_stack(places)


def _information(scored: Scored, laid: _Laid, point: Floats) -> Floats:
    """Less the Hessian, by central differences of the exact gradient."""
    columns = []
    for k in range(point.size):
        move = np.zeros(point.size)
        move[k] = STEP * max(1.0, abs(point[k]))
        ahead, behind = (laid.weight @ scored(point + sign * move)[1] for sign in (1, -1))
        columns.append((behind - ahead) / (2 * move[k]))
    found = np.stack(columns)
    information = np.asarray((found + found.T) / 2, dtype=np.float64)
    values = np.linalg.eigvalsh(information)
    if values[0] <= SINGULAR * max(values[-1], np.finfo(float).tiny):
        raise UnidentifiedError("the choices do not tell the nests' parameters apart; take fewer nests")
    return information
