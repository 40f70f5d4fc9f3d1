"""Segments of people who choose alike: a multinomial logit in each latent class."""

from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from cmo.value.choice import Choices, Floats, UnidentifiedError, logit

STARTS = 5
MOST_ROUNDS = 300
CLOSE = 1e-6  # gain of a round, as a share of the log-likelihood, at which it ends
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
    """Maximum likelihood by expectation and maximisation from several starting points.

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
    n_persons, n_classes = memberships.shape
    weight = np.bincount(who, weights=choices.weight) / np.bincount(who)
    near: list[Floats | None] = [None] * n_classes
    reached = -np.inf
    for _ in range(MOST_ROUNDS):
        shares = weight @ memberships / weight.sum()
        near = [_fit(choices, memberships[who, one], near[one]) for one in range(n_classes)]
        coefficients = np.stack([fit for fit in near if fit is not None])
        joint = np.empty((n_persons, n_classes))
        for column in range(n_classes):
            chances = np.log(choices.probabilities(coefficients[column])[choices.chosen])
            joint[:, column] = np.bincount(who, weights=chances) + np.log(shares[column])
        each = logsumexp(joint, axis=1)
        memberships = np.exp(joint - each[:, None])
        height = float(weight @ each)
        if height - reached < CLOSE * abs(height):
            break
        reached = height
    order = np.argsort(-shares)
    free = n_classes * coefficients.shape[1] + n_classes - 1
    return LatentClasses(
        shares=shares[order],
        coefficients=coefficients[order],
        memberships=memberships[:, order],
        log_likelihood=height,
        bic=-2 * height + free * float(np.log(n_persons)),
    )


def _fit(choices: Choices, membership: Floats, near: Floats | None) -> Floats:
    weight = np.where(membership > SMALLEST, membership, 0.0) * choices.weight
    return logit(
        Choices(
            attributes=choices.attributes,
            task=choices.task,
            chosen=choices.chosen,
            person=choices.person,
            weight=weight,
        ),
        near=near,
    ).coefficients
