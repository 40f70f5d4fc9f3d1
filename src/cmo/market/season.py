"""Monthly volumes of topics with their season taken out, and in units that scatter like counts."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

YEAR = 12


def without_season(volumes: Floats) -> Floats:
    """Divide each topic by its own monthly factors, as far as the years agree on them.

    Factors are means of ratios to a centred year's average; they are drawn towards 1 by how little the
    years agree, so a topic without season is left as it is. With less than two years nothing is done.

    Args:
        volumes: Volume of each topic each month, >= 0, shape (topics, months).

    Returns:
        Volumes of the same shape and, topic by topic, the same sum.
    """
    n_topics, n_months = volumes.shape
    if n_months < 2 * YEAR:
        return volumes
    level = np.log(volumes + 0.5)
    kernel = np.concatenate([[0.5], np.ones(YEAR - 1), [0.5]]) / YEAR
    middle = np.stack([np.convolve(row, kernel, mode="valid") for row in level])
    half = YEAR // 2
    ratio = level[:, half : n_months - half] - middle
    calendar = np.arange(half, n_months - half) % YEAR
    factors = np.zeros((n_topics, YEAR))
    spread = np.zeros(n_topics)
    for month in range(YEAR):
        inside = ratio[:, calendar == month]
        factors[:, month] = inside.mean(axis=1)
        spread += inside.var(axis=1)
    per_month = ratio.shape[1] / YEAR
    factors -= factors.mean(axis=1, keepdims=True)
    noise = spread / YEAR / max(per_month - 1, 0.5)
    signal = np.maximum(factors.var(axis=1) - noise, 0.0)
    belief = np.divide(signal, signal + noise, out=np.zeros_like(signal), where=signal > 0)
    adjusted = volumes / np.exp(belief[:, None] * factors)[:, np.arange(n_months) % YEAR]
    total = adjusted.sum(axis=1, keepdims=True)
    kept = volumes.sum(axis=1, keepdims=True)
    return np.asarray(adjusted * np.divide(kept, total, out=np.ones_like(total), where=total > 0))


def as_counts(volumes: Floats) -> Floats:
    """Rescale topics whose months scatter more than counts would, so that their noise is a count's.

    An index of searches or a volume in thousands is no count of independent events; divided by its
    scatter over its mean it behaves like one.

    Args:
        volumes: Volume of each topic each month, >= 0, shape (topics, months), at least three months.

    Returns:
        Volumes of the same shape, never larger.
    """
    middle = (volumes[:, 2:] + volumes[:, :-2]) / 2
    bend = volumes[:, 1:-1] - middle
    mean = np.maximum(volumes.mean(axis=1), 1e-12)
    scatter = (bend**2).mean(axis=1) / 1.5 / mean
    return np.asarray(volumes / np.maximum(scatter, 1.0)[:, None])
