"""Signs that a topic is on the move: growth over several spans, slopes, bursts and changes of level.

Every function takes mentions, shape (topics, months), and the total they are a share of, shape (months,), and
knows nothing but those months: what it says of the last one could have been said then.
"""

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

Floats = npt.NDArray[np.float64]

YEAR = 12
ROLLING = 6
OLDEST = 120
SLOWLY = 0.5 ** (1 / 24)  # a month's weight in the usual rate, halved every two years
BURST = 2.0  # times the usual rate
CLIMB = 1.5  # what it costs to call it a burst, in log likelihood
UNLIKELY = 20.0  # most that a burst counts
CHANGE = 1 / 36  # chance that the level changes in a month
PRIOR_MENTIONS, PRIOR_MONTHS = 0.5, 0.06
LOOKING_BACK = 24
RECENT_RUN = 30
CLEAR_RISE = np.log(1.5)


def growths(mentions: Floats, total: Floats) -> dict[str, Floats]:
    """Log growth of the share over several pairs of spans, the same over its error, and its acceleration."""
    found: dict[str, Floats] = {}
    for late, early in ((3, 12), (6, 12), (12, 12), (3, 3), (1, 6)):
        growth, certainty = growth_of(mentions, total, late=late, early=early)
        found[f"growth_{late}_on_{early}"] = growth
        found[f"certainty_{late}_on_{early}"] = certainty
    now, sure_now = growth_of(mentions, total, late=ROLLING, early=ROLLING)
    before, sure_before = growth_of(mentions, total, late=ROLLING, early=ROLLING, ago=ROLLING)
    return found | {"acceleration": now - before, "certainty_of_acceleration": sure_now - sure_before}


def growth_of(
    mentions: Floats, total: Floats, *, late: int, early: int, ago: int = 0
) -> tuple[Floats, Floats]:
    """Log growth of the share from the `early` months to the `late` ones after them, and over its error.

    Args:
        mentions: Shape (topics, months).
        total: Shape (months,).
        late: Months of the later span.
        early: Months of the span before it; fewer where the past is shorter.
        ago: Months between the end of the later span and the last month.

    Returns:
        Growth and growth over its error, each of shape (topics,).
    """
    end = total.size - ago
    middle = max(end - late, 0)
    start = max(middle - early, 0)
    lately, earlier = mentions[:, middle:end].sum(axis=1) + 0.5, mentions[:, start:middle].sum(axis=1) + 0.5
    ratio = max(total[middle:end].sum(), 1e-9) / max(total[start:middle].sum(), 1e-9)
    growth = np.log(lately / earlier / ratio)
    return growth, growth / np.sqrt(1 / lately + 1 / earlier)


def slope_of(mentions: Floats, total: Floats) -> tuple[Floats, Floats]:
    """Score of a log-linear trend over its error, and how much noisier than counts the months are.

    Returns:
        Score and log dispersion, each of shape (topics,).
    """
    time = np.arange(total.size) - (total @ np.arange(total.size)) / total.sum()
    expected = mentions.sum(axis=1, keepdims=True) / total.sum() * total + 1e-9
    scatter = ((mentions - expected) ** 2 / (expected + 0.1)).sum(axis=1) / max(total.size - 1, 1)
    error = np.sqrt((expected * time**2).sum(axis=1) * np.maximum(scatter, 1.0))
    return (mentions * time).sum(axis=1) / np.maximum(error, 1e-9), np.log(np.maximum(scatter, 0.3))


def history_of(mentions: Floats, total: Floats) -> dict[str, Floats]:
    """Age, and where the topic stands in its own past."""
    n_months = total.size
    kernel = np.ones(ROLLING)
    shown = np.convolve(total, kernel, mode="valid")
    rolling = np.stack([np.convolve(row, kernel, mode="valid") for row in mentions]) + 0.25
    rolling = rolling / shown
    recent, recent_total = mentions[:, -3:].sum(axis=1), total[-3:].sum()
    level = np.log((recent + 0.5) / recent_total)
    seen = (mentions > 0).any(axis=1)
    first = np.where(seen, (mentions > 0).argmax(axis=1), n_months - 1)
    lifetime = np.log((mentions.sum(axis=1) + 1.0) / total.sum())
    two_years = np.log((mentions[:, -24:].sum(axis=1) + 1.0) / total[-24:].sum())
    return {
        "months_since_first": np.log1p(np.minimum(n_months - 1 - first, OLDEST)),
        "months_since_highest": np.log1p(rolling.shape[1] - 1.0 - rolling.argmax(axis=1)),
        "level_on_highest": level - np.log(rolling.max(axis=1)),
        "level_on_lifetime": level - lifetime,
        "level_on_two_years": level - two_years,
        "mentions": np.log(recent + 0.5),
        "breadth": (mentions[:, -YEAR:] > 0).mean(axis=1),
    }


def burst_of(mentions: Floats, total: Floats) -> Floats:
    """By how much, in log likelihood, a burst explains the last months better than the usual rate.

    Kleinberg's automaton of two states, followed forwards; the usual rate is a mean that forgets slowly.

    Returns:
        Above zero where the topic bursts, shape (topics,).
    """
    usual, shown = mentions[:, :ROLLING].sum(axis=1) + 1.2, float(total[:ROLLING].mean() * ROLLING)
    calm, burst = np.zeros(mentions.shape[0]), np.zeros(mentions.shape[0])
    for month in range(ROLLING, total.size):
        expected = usual / shown * total[month]
        paid = (BURST - 1) * expected - mentions[:, month] * np.log(BURST)
        calm, burst = np.minimum(calm, burst), np.minimum(calm + CLIMB, burst) + paid
        least = np.minimum(calm, burst)
        calm, burst = calm - least, burst - least
        usual, shown = usual * SLOWLY + mentions[:, month], shown * SLOWLY + float(total[month])
    return np.asarray(np.clip(calm - burst, -5.0, UNLIKELY), dtype=np.float64)


def change_of(mentions: Floats, total: Floats) -> dict[str, Floats]:
    """What Bayesian online change point detection says of the level that runs now.

    Counts are Poisson at a rate that is drawn anew, from a Gamma law, whenever the level changes.

    Returns:
        The level on the recent one, how long it runs, its jump on the two years before it, and the chance
        that it began lately and half as high again.

    References:
        Adams and MacKay (2007), "Bayesian online changepoint detection", arXiv:0710.3742.
    """
    prior = PRIOR_MONTHS * float(total.mean())
    chance, counts, shown = _runs(mentions, total, prior=prior)
    level = np.log(counts / shown)
    n_months, runs = total.size, np.arange(chance.shape[1])
    sums = np.pad(np.cumsum(mentions, axis=1), ((0, 0), (1, 0)))
    all_shown = np.concatenate([[0.0], np.cumsum(total)])
    end = n_months - runs
    start = np.maximum(end - LOOKING_BACK, 0)
    before = np.log((sums[:, end] - sums[:, start] + 0.5) / (all_shown[end] - all_shown[start] + prior))
    recent = np.log((mentions[:, -3:].sum(axis=1) + 0.5) / total[-3:].sum())
    jump = level - before
    lately = runs < RECENT_RUN
    return {
        "running_level": (chance * level).sum(axis=1) - recent,
        "running_months": np.log1p((chance * runs).sum(axis=1)),
        "jump": (chance * np.clip(jump, -3.0, 3.0)).sum(axis=1),
        "chance_of_jump": (chance * (jump > CLEAR_RISE) * lately).sum(axis=1),
    }


def _runs(mentions: Floats, total: Floats, *, prior: float) -> tuple[Floats, Floats, Floats]:
    """Chance of each length of the current level, with its Gamma posterior, shape (topics, months + 1)."""
    n_topics = mentions.shape[0]
    counts, shown = np.full((n_topics, 1), PRIOR_MENTIONS), np.array([prior])
    chance = np.ones((n_topics, 1))
    for month, of in enumerate(total):
        seen = mentions[:, [month]]
        likely = gammaln(counts + seen) - gammaln(counts)
        likely += counts * np.log(shown / (shown + of)) + seen * np.log(of / (shown + of))
        grown = chance * np.exp(likely - likely.max(axis=1, keepdims=True))
        chance = np.concatenate([CHANGE * grown.sum(axis=1, keepdims=True), (1 - CHANGE) * grown], axis=1)
        chance = chance / chance.sum(axis=1, keepdims=True)
        counts = np.concatenate([np.full((n_topics, 1), PRIOR_MENTIONS), counts + seen], axis=1)
        shown = np.concatenate([[prior], shown + of])
    return chance, counts, shown
