"""Segments of people who choose alike: a multinomial logit in each latent class."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp

from cmo.value.choice import Choices, Floats, UnidentifiedError, logit

STARTS = 5
MOST_ROUNDS = 300
CLOSE = 1e-6  # slope of a person's log-likelihood at which the climb ends
MOST = 30.0  # utility of a standard deviation of an attribute that no choices can show
SMALLEST = 1e-9  # weight below which a person's tasks do not count for a class
LEAST_SHARE = 0.02  # share of a class below which the classes are too many
UNEVEN = 0.5  # concentration of the random first memberships: below 1, most people start in one class


@dataclass(frozen=True, slots=True, kw_only=True)
class LatentClasses:
    """Classes of people, the largest first.

    Attributes:
        shares: Share of people in each class, shape (classes,), summing to 1.
        coefficients: Worth of a unit of each attribute in each class, shape (classes, attributes).
        memberships: Chance of each person to belong to each class, shape (persons, classes).
        log_likelihood: At the estimates.
        bic: Bayesian information criterion, the smaller the better; people count as observations.
    """

    shares: Floats
    coefficients: Floats
    memberships: Floats
    log_likelihood: float
    bic: float

    @property
    def certainty(self) -> float:
        """How clearly people belong to one class: 1 less the entropy of memberships over its maximum."""
        n_classes = self.shares.size
        if n_classes == 1:
            return 1.0
        logs = np.log(np.maximum(self.memberships, np.finfo(float).tiny))
        return float(1 + (self.memberships * logs).sum() / (len(self.memberships) * np.log(n_classes)))


def latent_classes(choices: Choices, n_classes: int, *, rng: np.random.Generator) -> LatentClasses:
    """Maximum likelihood from several starting points.

    Args:
        choices: The tasks with the person who answered each.
        n_classes: Number of classes, >= 1.
        rng: Source of randomness: the first memberships.

    Returns:
        The best of all starting points.

    Raises:
        UnidentifiedError: No starting point led to classes that the choices tell apart.

    References:
        Train (2008), "EM algorithms for nonparametric estimation of mixing distributions", section 4.
    """
    persons, who = np.unique(choices.person, return_inverse=True)
    best: LatentClasses | None = None
    for _ in range(STARTS if n_classes > 1 else 1):
        memberships = rng.dirichlet(np.full(n_classes, UNEVEN), size=persons.size)
        try:
            found = _climb(choices, who, memberships)
        except UnidentifiedError:
            continue
        if best is None or found.log_likelihood > best.log_likelihood:
            best = found
    if best is None:
        raise UnidentifiedError(
            f"the choices do not tell {n_classes} classes of people apart; try fewer, or ask more people"
        )
    return best


def segments(choices: Choices, *, most: int, rng: np.random.Generator) -> LatentClasses:
    """The number of classes with the smallest BIC, from one to `most`.

    Args:
        choices: The tasks with the person who answered each.
        most: Largest number of classes tried, >= 1.
        rng: Source of randomness.

    Raises:
        UnidentifiedError: Not even one class is identified.
    """
    best = latent_classes(choices, 1, rng=rng)
    for n_classes in range(2, most + 1):
        try:
            found = latent_classes(choices, n_classes, rng=rng)
        except UnidentifiedError:
            break
        if found.bic > best.bic or found.shares.min() < LEAST_SHARE:
            break
        best = found
    return best


def _climb(choices: Choices, who: np.ndarray, memberships: Floats) -> LatentClasses:
    """One round of expectation and maximisation, then quasi-Newton steps on the likelihood of all classes."""
    n_persons, n_classes = memberships.shape
    weight = np.bincount(who, weights=choices.weight) / np.bincount(who)
    first = np.stack([_fit(choices, memberships[who, one]) for one in range(n_classes)])
    shape = first.shape
    size = np.maximum(choices.spreads(), np.finfo(float).tiny)
    scaled = choices.with_attributes(choices.attributes / size)
    taken = scaled.attributes[scaled.chosen]
    total = float(weight.sum())

    def down(point: Floats) -> tuple[float, Floats]:
        logits = np.append(0.0, point[: n_classes - 1])
        shares = np.exp(logits - logsumexp(logits))
        worths = point[n_classes - 1 :].reshape(shape)
        each, posterior, chances = _posterior(scaled, who, worths, shares)
        counted = posterior * weight[:, None]
        slopes = []
        for one in range(n_classes):
            pull = counted[who, one]
            slopes.append(pull @ taken - (chances[one] * pull[scaled.task]) @ scaled.attributes)
        of_shares = counted.sum(axis=0) - total * shares
        slope = np.concatenate([of_shares[1:], np.concatenate(slopes)])
        return -float(weight @ each) / total, -slope / total

    start = np.concatenate([np.zeros(n_classes - 1), (first * size).ravel()])
    found = minimize(down, start, jac=True, method="BFGS", options={"gtol": CLOSE, "maxiter": MOST_ROUNDS})
    logits = np.append(0.0, found.x[: n_classes - 1])
    shares = np.exp(logits - logsumexp(logits))
    worths = found.x[n_classes - 1 :].reshape(shape)
    if np.any(np.abs(worths) > MOST):
        raise UnidentifiedError("an attribute decides every choice of a class; try fewer classes")
    each, memberships, _ = _posterior(scaled, who, worths, shares)
    height = float(weight @ each)
    order = np.argsort(-shares)
    free = n_classes * shape[1] + n_classes - 1
    return LatentClasses(
        shares=shares[order],
        coefficients=worths[order] / size,
        memberships=memberships[:, order],
        log_likelihood=height,
        bic=-2 * height + free * float(np.log(n_persons)),
    )


def _posterior(
    choices: Choices, who: np.ndarray, worths: Floats, shares: Floats
) -> tuple[Floats, Floats, list[Floats]]:
    """Log-likelihood of each person, memberships, and chances of the alternatives in each class."""
    chances = [choices.probabilities(one) for one in worths]
    joint = np.empty((int(who.max()) + 1, shares.size))
    for column, chance in enumerate(chances):
        logs = np.log(np.maximum(chance[choices.chosen], np.finfo(float).tiny))
        joint[:, column] = np.bincount(who, weights=logs) + np.log(shares[column] + np.finfo(float).tiny)
    each = np.asarray(logsumexp(joint, axis=1), dtype=np.float64)
    return each, np.exp(joint - each[:, None]), chances


def _fit(choices: Choices, membership: Floats) -> Floats:
    weight = np.where(membership > SMALLEST, membership, 0.0) * choices.weight
    return logit(replace(choices, weight=weight)).coefficients
