"""The multinomial logit of choices, by Newton's method with the exact Hessian."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

MOST_STEPS = 60
CLOSE = 1e-11  # Newton decrement, in log-likelihood, at which the climb ends
SINGULAR = 1e-12
MOST = 18.0  # utility between two alternatives, odds of 65 million to one, not to be said from doubtful data


class UnidentifiedError(ValueError):
    """The choices do not tell the coefficients apart, or one of them runs to infinity."""


@dataclass(frozen=True, kw_only=True)
class Choices:
    """Tasks in which one of several alternatives was chosen.

    Attributes:
        attributes: One row per alternative, rows of a task together, shape (alternatives, attributes).
        task: Number of each row's task, 0, 1, 2 … without gaps, not falling, shape (alternatives,).
        chosen: Whether the alternative was chosen, exactly one per task, shape (alternatives,).
        person: Number of the person who answered each task, shape (tasks,).
        weight: Weight of each task, >= 0, shape (tasks,); ones by default.
    """

    attributes: Floats
    task: Whole
    chosen: npt.NDArray[np.bool_]
    person: Whole
    weight: Floats

    def __post_init__(self) -> None:
        """Refuse tasks that are torn apart, and tasks without exactly one choice."""
        steps = np.diff(self.task)
        if not self.task.size or self.task[0] != 0 or np.any((steps != 0) & (steps != 1)):
            raise ValueError("task must count 0, 1, 2 … with the rows of a task together")
        if np.any(np.add.reduceat(self.chosen.astype(np.int64), self.starts) != 1):
            raise ValueError("each task needs exactly one chosen alternative; leave out the others")

    @classmethod
    def of(
        cls,
        attributes: Floats,
        *,
        task: Whole,
        chosen: npt.NDArray[np.bool_],
        person: Whole | None = None,
        weight: Floats | None = None,
    ) -> "Choices":
        """Choices where every task is of another person unless told, and counts alike."""
        n_tasks = int(task[-1]) + 1
        return cls(
            attributes=attributes,
            task=task,
            chosen=chosen,
            person=np.arange(n_tasks) if person is None else person,
            weight=np.ones(n_tasks) if weight is None else weight,
        )

    @cached_property
    def starts(self) -> npt.NDArray[np.intp]:
        """Position of the first row of each task, shape (tasks,)."""
        return np.concatenate([[0], np.flatnonzero(np.diff(self.task)) + 1])

    @cached_property
    def sizes(self) -> npt.NDArray[np.intp]:
        """Number of alternatives of each task, shape (tasks,)."""
        return np.diff(np.append(self.starts, self.task.size))

    def of_tasks(self, kept: npt.NDArray[np.bool_]) -> "Choices":
        """Some of the tasks, shape (tasks,), with the persons who answered them."""
        rows = kept[self.task]
        return Choices(
            attributes=self.attributes[rows],
            task=np.cumsum(np.diff(self.task[rows], prepend=-1) != 0) - 1,
            chosen=self.chosen[rows],
            person=self.person[kept],
            weight=self.weight[kept],
        )

    def with_attributes(self, attributes: Floats) -> "Choices":
        """The same tasks, described otherwise, shape (alternatives, attributes)."""
        return Choices(
            attributes=attributes,
            task=self.task,
            chosen=self.chosen,
            person=self.person,
            weight=self.weight,
        )

    def spreads(self) -> Floats:
        """Standard deviation of each attribute within its tasks, shape (attributes,)."""
        means = np.add.reduceat(self.attributes, self.starts, axis=0) / self.sizes[:, None]
        spread = np.sqrt(np.mean((self.attributes - means[self.task]) ** 2, axis=0))
        return np.asarray(spread, dtype=np.float64)

    def probabilities(self, coefficients: Floats) -> Floats:
        """Probability that each alternative is chosen in its task, shape (alternatives,)."""
        utility = self.attributes @ coefficients
        utility -= np.maximum.reduceat(utility, self.starts)[self.task]
        odds = np.exp(utility)
        return np.asarray(odds / np.add.reduceat(odds, self.starts)[self.task], dtype=np.float64)

    def log_likelihood(self, coefficients: Floats) -> float:
        """Weighted log-likelihood of the choices."""
        chances = self.probabilities(coefficients)[self.chosen]
        with np.errstate(divide="ignore"):
            return float(self.weight @ np.log(chances))


@dataclass(frozen=True, slots=True, kw_only=True)
class Logit:
    """A multinomial logit fitted to choices.

    Attributes:
        coefficients: Worth of a unit of each attribute in utility, shape (attributes,).
        log_likelihood: At the coefficients.
        covariance: Inverse of the exact Hessian, shape (attributes, attributes).
        clustered: Covariance that allows a person's answers to hang together, same shape.
    """

    coefficients: Floats
    log_likelihood: float
    covariance: Floats
    clustered: Floats


def logit(choices: Choices, *, near: Floats | None = None) -> Logit:
    """Maximum likelihood of the multinomial logit.

    Args:
        choices: The tasks.
        near: Coefficients near the best ones, from which to climb; zeros by default.

    Returns:
        The fit.

    Raises:
        UnidentifiedError: An attribute never differs within a task, two say the same, or one decides every
            choice, so that no finite coefficient is the best.

    References:
        McFadden (1974), "Conditional logit analysis of qualitative choice behavior"; Train (2009),
        "Discrete Choice Methods with Simulation", 2nd ed., chapters 3 and 8.
    """
    means = np.add.reduceat(choices.attributes, choices.starts, axis=0) / choices.sizes[:, None]
    apart = choices.attributes - means[choices.task]
    size = np.maximum(np.abs(apart).max(axis=0), np.finfo(float).tiny)
    scaled = choices.with_attributes(apart / size)
    coefficients = np.zeros(size.size) if near is None else near * size
    reached = scaled.log_likelihood(coefficients)
    for _ in range(MOST_STEPS):
        scores, information = _derivatives(scaled, coefficients)
        gradient = scores.sum(axis=0)
        step = _solve(information, gradient)
        if float(gradient @ step) < CLOSE * max(1.0, abs(reached)):
            break
        coefficients, reached = _climb(scaled, coefficients, step, reached=reached)
    else:
        raise UnidentifiedError(
            f"no finite best coefficients were found in {MOST_STEPS} steps; an attribute decides all"
        )
    scores, information = _derivatives(scaled, coefficients)
    inverse = np.asarray(_inverse(information), dtype=np.float64)
    far = np.abs(coefficients)
    if np.any((far > MOST) & (np.sqrt(np.diag(inverse)) > far)):
        raise UnidentifiedError("an attribute decides every choice in which it differs; leave it out")
    outer = np.outer(size, size)
    return Logit(
        coefficients=coefficients / size,
        log_likelihood=reached,
        covariance=inverse / outer,
        clustered=sandwich(inverse, scores, choices.person) / outer,
    )


def _derivatives(choices: Choices, coefficients: Floats) -> tuple[Floats, Floats]:
    """Score of each task, shape (tasks, attributes), and the information, shape (attributes, attributes)."""
    chances = choices.probabilities(coefficients)
    mean = np.add.reduceat(chances[:, None] * choices.attributes, choices.starts, axis=0)
    apart = choices.attributes - mean[choices.task]
    scores = choices.weight[:, None] * apart[choices.chosen]
    pull = choices.weight[choices.task] * chances
    return scores, np.asarray((apart * pull[:, None]).T @ apart, dtype=np.float64)


def _climb(choices: Choices, start: Floats, step: Floats, *, reached: float) -> tuple[Floats, float]:
    for halvings in range(40):
        there = start + step / 2**halvings
        height = choices.log_likelihood(there)
        if height > reached:
            return there, height
    return start, reached


def _inverse(information: Floats) -> Floats:
    values = np.linalg.eigvalsh(information)
    if values[0] <= SINGULAR * max(values[-1], np.finfo(float).tiny):
        raise UnidentifiedError(
            "the choices do not tell the attributes apart: one never differs within a task, two always go "
            "together, or one decides every choice; leave one out"
        )
    return np.asarray(np.linalg.inv(information), dtype=np.float64)


def _solve(information: Floats, gradient: Floats) -> Floats:
    return np.asarray(_inverse(information) @ gradient, dtype=np.float64)


def sandwich(inverse: Floats, scores: Floats, person: Whole) -> Floats:
    """Covariance clustered by person, with the small-sample factor for their number."""
    _, who = np.unique(person, return_inverse=True)
    n_people = int(who.max()) + 1
    sums = np.zeros((n_people, scores.shape[1]))
    np.add.at(sums, who, scores)
    factor = n_people / (n_people - 1) if n_people > 1 else 1.0
    return np.asarray(factor * inverse @ (sums.T @ sums) @ inverse, dtype=np.float64)
