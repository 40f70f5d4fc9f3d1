"""What a topic's past says of its future: the trend radar's view of a topic, month by month."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

RECENT = 3
BEFORE = 12
FEWEST_MONTHS = RECENT + BEFORE
FEWEST_MENTIONS = 3.0
SLOPE = 18
ROLLING = 6
OLDEST = 120
FIRST, LAST = 6, 17  # months ahead in which a rise must show
RISE = 1.5

FEATURES = (
    "growth_3_on_12",
    "certainty_of_growth_3_on_12",
    "certainty_of_growth_6_on_12",
    "certainty_of_slope",
    "months_since_first",
    "months_since_highest",
    "level_on_highest",
    "level_on_lifetime",
    "mentions",
)
"""What is known of a topic, in the order of the columns of `features`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Radar:
    """A logistic model of whether a topic is on the rise.

    Attributes:
        centre: Mean of each feature where it was learned, shape (features,).
        scale: Its standard deviation, > 0, shape (features,).
        coefficients: Intercept, then one coefficient per standardised feature, shape (1 + features,).
        covariance: Posterior covariance of the coefficients.
    """

    centre: Floats
    scale: Floats
    coefficients: Floats
    covariance: Floats

    def chances(self, known: Floats, *, rng: np.random.Generator, draws: int) -> Floats:
        """Draws of the probability that each topic is on the rise.

        Args:
            known: Features, shape (topics, features).
            rng: Source of randomness.
            draws: Number of draws, >= 1.

        Returns:
            Probabilities, shape (draws, topics), joint through the coefficients.
        """
        design = self._design(known)
        drawn = rng.multivariate_normal(self.coefficients, self.covariance, size=draws, method="eigh")
        return np.asarray(1 / (1 + np.exp(-drawn @ design.T)), dtype=np.float64)

    def chance(self, known: Floats) -> Floats:
        """Probability at the best coefficients, shape (topics,)."""
        return np.asarray(1 / (1 + np.exp(-self._design(known) @ self.coefficients)), dtype=np.float64)

    def _design(self, known: Floats) -> Floats:
        standard = np.clip((known - self.centre) / self.scale, -4.0, 4.0)
        return np.hstack([np.ones((known.shape[0], 1)), standard])


def features(mentions: Floats, total: Floats) -> Floats:
    """What is known of each topic at the last month.

    Args:
        mentions: Mentions of each topic each month, >= 0, shape (topics, months), at least 15 months.
        total: What the mentions are a share of each month (posts, all searches), > 0, shape (months,).

    Returns:
        The features, shape (topics, features); see `FEATURES`.

    Raises:
        ValueError: There are fewer than 15 months.
    """
    n_months = total.size
    if n_months < FEWEST_MONTHS:
        raise ValueError(f"{n_months} months were given, at least {FEWEST_MONTHS} are needed")
    recent, before = mentions[:, -RECENT:].sum(axis=1), mentions[:, -RECENT - BEFORE : -RECENT].sum(axis=1)
    on_12, sure_12 = _growth(recent, before, total[-RECENT:].sum() / total[-RECENT - BEFORE : -RECENT].sum())
    half = min(ROLLING, n_months - BEFORE)
    lately, earlier = mentions[:, -half:].sum(axis=1), mentions[:, -half - BEFORE : -half].sum(axis=1)
    _, sure_6 = _growth(lately, earlier, total[-half:].sum() / total[-half - BEFORE : -half].sum())
    level = np.log((recent + 0.5) / total[-RECENT:].sum())
    lifetime = np.log((mentions.sum(axis=1) + 1.0) / total.sum())
    rolling = _rolling(mentions, total)
    highest = rolling.argmax(axis=1)
    seen = np.where((mentions > 0).any(axis=1), (mentions > 0).argmax(axis=1), n_months - 1)
    return np.column_stack(
        [
            on_12,
            sure_12,
            sure_6,
            _slope(mentions[:, -SLOPE:], total[-SLOPE:]),
            np.log1p(np.minimum(n_months - 1 - seen, OLDEST)),
            np.log1p(rolling.shape[1] - 1 - highest),
            level - np.log(rolling.max(axis=1)),
            level - lifetime,
            np.log(recent + 0.5),
        ]
    )


def rose(mentions: Floats, total: Floats, *, month: int) -> npt.NDArray[np.bool_]:
    """Whether each topic's mean share 6 to 17 months after `month` reached 1.5 times its recent share.

    Args:
        mentions: As for `features`, with at least 17 months after `month`.
        total: As for `features`.
        month: Position of the month that is taken as the present.

    Returns:
        One flag per topic.

    Raises:
        ValueError: The months after `month` are not all there.
    """
    if month + LAST >= total.size:
        raise ValueError(f"month {month} needs {LAST} months after it, the series has {total.size}")
    past, ahead = slice(month - RECENT + 1, month + 1), slice(month + FIRST, month + LAST + 1)
    recent = mentions[:, past].sum(axis=1) / total[past].sum()
    later = mentions[:, ahead].sum(axis=1) / total[ahead].sum()
    return np.asarray(later >= RISE * recent)


def fit_radar(known: Floats, outcome: npt.NDArray[np.bool_], *, ridge: float) -> Radar:
    """Learn a radar from topics whose future has come.

    Args:
        known: Features at the time, shape (cases, features).
        outcome: Whether each rose, shape (cases,).
        ridge: Prior precision of each standardised coefficient, > 0; the intercept has none.

    Returns:
        The radar, its covariance the inverse of the exact Hessian at the mode.
    """
    centre, scale = known.mean(axis=0), np.maximum(known.std(axis=0), 1e-9)
    blank = Radar(
        centre=centre, scale=scale, coefficients=np.zeros(known.shape[1] + 1), covariance=np.zeros((0, 0))
    )
    design = blank._design(known)  # noqa: SLF001 - the same design must be learned and used
    prior = np.full(design.shape[1], ridge)
    prior[0] = 1e-6
    coefficients = np.zeros(design.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-design @ coefficients))
        gradient = design.T @ (outcome - chance) - prior * coefficients
        hessian = (design * (chance * (1 - chance))[:, None]).T @ design + np.diag(prior)
        step = np.linalg.solve(hessian, gradient)
        coefficients = coefficients + step
        if np.abs(step).max() < 1e-9:
            break
    covariance = np.asarray(np.linalg.inv(hessian), dtype=np.float64)
    return Radar(centre=centre, scale=scale, coefficients=coefficients, covariance=covariance)


def _growth(late: Floats, early: Floats, ratio: float) -> tuple[Floats, Floats]:
    """Log growth of a rate, and the same over its error."""
    growth = np.log((late + 0.5) / (early + 0.5) / ratio)
    return growth, growth / np.sqrt(1 / (late + 0.5) + 1 / (early + 0.5))


def _slope(mentions: Floats, total: Floats) -> Floats:
    """Score of a log-linear trend over its error, allowing for more noise than counts have."""
    time = np.arange(total.size) - (total @ np.arange(total.size)) / total.sum()
    expected = (mentions.sum(axis=1, keepdims=True) + 0.5) / total.sum() * total
    residual = mentions - expected
    noise = np.maximum((residual**2 / expected).mean(axis=1), 1.0)
    return np.asarray((residual @ time) / np.sqrt(noise * (expected @ time**2)), dtype=np.float64)


def _rolling(mentions: Floats, total: Floats) -> Floats:
    """Share over six months, ending at each month from the sixth, shape (topics, months - 5)."""
    sums = np.cumsum(np.pad(mentions, ((0, 0), (1, 0))), axis=1)
    totals = np.cumsum(np.pad(total, (1, 0)))
    return np.asarray((sums[:, ROLLING:] - sums[:, :-ROLLING] + 0.5) / (totals[ROLLING:] - totals[:-ROLLING]))
