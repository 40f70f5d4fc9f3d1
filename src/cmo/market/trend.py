"""What a topic's past says of its future: the trend radar's view of a topic, month by month."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmo.market.signs import burst_of, change_of, growths, history_of, slope_of

Floats = npt.NDArray[np.float64]

RECENT = 3
FEWEST_MONTHS = 15
FEWEST_MENTIONS = 3.0
SLOPES = (12, 18, 36)
FIRST, LAST = 6, 17  # months ahead in which a rise must show
RISE = 1.5
AROUND = (1.35, RISE, 1.7)
"""Rises that the radar is taught: what separates a third more from two thirds more helps to tell a half."""
FARTHEST = 4.0  # standard deviations beyond which a sign says no more

_SIGNS = (
    "growth_3_on_12",
    "certainty_3_on_12",
    "growth_6_on_12",
    "certainty_6_on_12",
    "growth_12_on_12",
    "certainty_12_on_12",
    "growth_3_on_3",
    "certainty_3_on_3",
    "growth_1_on_6",
    "certainty_1_on_6",
    "acceleration",
    "certainty_of_acceleration",
    "slope_12",
    "slope_18",
    "slope_36",
    "dispersion",
    "months_since_first",
    "months_since_highest",
    "level_on_highest",
    "level_on_lifetime",
    "level_on_two_years",
    "mentions",
    "breadth",
    "burst",
    "running_level",
    "running_months",
    "jump",
    "chance_of_jump",
)
FEATURES = (*_SIGNS, "share")
"""What is known of a topic, in the order of the columns of `features`; the share only where all is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Radar:
    """Logistic models of whether a topic is on the rise, their mean taken.

    Attributes:
        centre: Mean of each feature where it was learned, shape (features,).
        scale: Its standard deviation, > 0, shape (features,).
        coefficients: Intercept, then one coefficient per standardised feature, shape (models, 1 + features).
        roots: Cholesky roots of their posterior covariances, shape (models, 1 + features, 1 + features).
    """

    centre: Floats
    scale: Floats
    coefficients: Floats
    roots: Floats

    def chances(self, known: Floats, *, rng: np.random.Generator, draws: int) -> Floats:
        """Draws of the probability that each topic is on the rise.

        Args:
            known: Features, shape (topics, features).
            rng: Source of randomness.
            draws: Number of draws, >= 1.

        Returns:
            Probabilities, shape (draws, topics), joint through the coefficients; the models err together,
            as they were taught on the same topics.
        """
        design = _design(known, self.centre, self.scale)
        noise = rng.standard_normal((draws, design.shape[1]))
        each = [
            _chance((mode + noise @ root.T) @ design.T)
            for mode, root in zip(self.coefficients, self.roots, strict=True)
        ]
        return np.asarray(np.mean(each, axis=0), dtype=np.float64)

    def chance(self, known: Floats) -> Floats:
        """Probability at the best coefficients, shape (topics,)."""
        design = _design(known, self.centre, self.scale)
        return np.asarray(_chance(self.coefficients @ design.T).mean(axis=0), dtype=np.float64)


def features(mentions: Floats, total: Floats | None, *, shared: bool = False) -> Floats:
    """What is known of each topic at the last month.

    Args:
        mentions: Mentions of each topic each month, >= 0, shape (topics, months), at least 15 months.
        total: What the mentions are held against each month (posts, the sum of topics), > 0, shape
            (months,); None where nothing is known.
        shared: Whether `total` is all that was counted, so that a share of it says how large a topic is.

    Returns:
        The features, shape (topics, features); see `FEATURES`. Without `shared` the last is not there.

    Raises:
        ValueError: There are fewer than 15 months.
    """
    n_months = mentions.shape[1]
    if n_months < FEWEST_MONTHS:
        raise ValueError(f"{n_months} months were given, at least {FEWEST_MONTHS} are needed")
    of = np.ones(n_months) if total is None else total
    slopes = {months: slope_of(mentions[:, -months:], of[-months:]) for months in SLOPES}
    found = {
        **growths(mentions, of),
        **{f"slope_{months}": score for months, (score, _) in slopes.items()},
        "dispersion": slopes[SLOPES[-1]][1],
        **history_of(mentions, of),
        "burst": burst_of(mentions, of),
        **change_of(mentions, of),
    }
    columns = [found[name] for name in _SIGNS]
    if shared:
        columns.append(np.log((mentions[:, -RECENT:].sum(axis=1) + 0.5) / of[-RECENT:].sum()))
    return np.column_stack(columns)


def growth_ahead(mentions: Floats, total: Floats, *, month: int) -> Floats:
    """Each topic's mean share 6 to 17 months after `month` over its share of the three months up to it.

    Args:
        mentions: As for `features`, with at least 17 months after `month`.
        total: As for `features`.
        month: Position of the month that is taken as the present.

    Returns:
        One ratio per topic; infinite for one that was not mentioned and then was, 0 for one that never was.

    Raises:
        ValueError: The months after `month` are not all there.
    """
    if month + LAST >= total.size:
        raise ValueError(f"month {month} needs {LAST} months after it, the series has {total.size}")
    past, ahead = slice(month - RECENT + 1, month + 1), slice(month + FIRST, month + LAST + 1)
    recent = mentions[:, past].sum(axis=1) / total[past].sum()
    later = mentions[:, ahead].sum(axis=1) / total[ahead].sum()
    never = np.where(later > 0, np.inf, 0.0)
    return np.asarray(np.divide(later, recent, out=never, where=recent > 0), dtype=np.float64)


def fit_radar(known: Floats, growth: Floats, *, ridge: float, rises: tuple[float, ...] = AROUND) -> Radar:
    """Learn a radar from topics whose future has come.

    Args:
        known: Features at the time, shape (cases, features).
        growth: What each grew by, from `growth_ahead`, shape (cases,).
        ridge: Prior precision of each standardised coefficient, > 0; the intercept has none.
        rises: Growths that count as a rise, one model each.

    Returns:
        The radar, each covariance the inverse of the exact Hessian at the mode.
    """
    centre, scale = known.mean(axis=0), np.maximum(known.std(axis=0), 1e-9)
    design = _design(known, centre, scale)
    fits = [_fitted(design, (growth >= rise).astype(np.float64), ridge=ridge) for rise in rises]
    return Radar(
        centre=centre,
        scale=scale,
        coefficients=np.stack([mode for mode, _ in fits]),
        roots=np.stack([np.linalg.cholesky(np.linalg.inv(hessian)) for _, hessian in fits]),
    )


def _fitted(design: Floats, outcome: Floats, *, ridge: float) -> tuple[Floats, Floats]:
    """Mode of a logistic regression and the Hessian there, by Newton's steps."""
    prior = np.full(design.shape[1], ridge)
    prior[0] = 1e-6
    coefficients = np.zeros(design.shape[1])
    for _ in range(50):
        chance = _chance(design @ coefficients)
        gradient = design.T @ (outcome - chance) - prior * coefficients
        hessian = (design * (chance * (1 - chance))[:, None]).T @ design + np.diag(prior)
        step = np.linalg.solve(hessian, gradient)
        coefficients = coefficients + step
        if np.abs(step).max() < 1e-9:
            break
    return coefficients, hessian


def _design(known: Floats, centre: Floats, scale: Floats) -> Floats:
    standard = np.clip((known - centre) / scale, -FARTHEST, FARTHEST)
    return np.hstack([np.ones((known.shape[0], 1)), standard])


def _chance(score: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-score)), dtype=np.float64)
