"""How sales answer to the price, from weeks in which prices moved, and the price that earns most."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FEWEST_WEEKS = 26  # with sales, below which nothing is said of a product
LEAST_MOVE = 0.02  # standard deviation of log prices within a product, below which nothing is said
FEWEST_MOVES = 6  # weeks whose price lies at least LEAST_MOVE from the product's usual one
YEAR = 365.25 / 7  # weeks
WAVES = 3  # of the year, in each product's season
TOGETHER = 0.7  # correlation of a product's price with the others' mean above which it does not move alone
STOCKED = 1  # weeks before, whose price moves today's sales: what was bought ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """Sales of one product, week by week.

    Attributes:
        product: Its name.
        quantity: Units sold, > 0, shape (weeks,).
        price: Mean price paid, > 0, shape (weeks,).
        week: Number of each week, rising, shape (weeks,).
        cost: Cost of one unit, or None where it is not known.
    """

    product: str
    quantity: Floats
    price: Floats
    week: npt.NDArray[np.int64]
    cost: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Elasticity:
    """How a product's sales answer to its price.

    Attributes:
        product: Its name.
        draws: Relative change of sales over relative change of a lasting price, shape (draws,).
        lowest: Lowest price seen, below which nothing is known.
        highest: Highest price seen.
        usual: Median price.
        quantity: Mean units a week.
        cost: Cost of one unit, or None.
    """

    product: str
    draws: Floats
    lowest: float
    highest: float
    usual: float
    quantity: float
    cost: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BestPrice:
    """The price of a product that earns most, within those seen.

    Attributes:
        product: Its name.
        price: Price of the highest expected profit.
        today: Usual price.
        gain: Profit a week at that price less today's, shape (draws,).
        of_draw: Best price in each draw, shape (draws,).
        at_edge: Whether it is the lowest or the highest price seen, so that the best may lie beyond.
    """

    product: str
    price: float
    today: float
    gain: Floats
    of_draw: Floats
    at_edge: bool


def tells(weekly: Weekly) -> str | None:
    """Why a product's weeks cannot tell its elasticity, or None where they can: a word of `REASON`."""
    if weekly.price.size < FEWEST_WEEKS:
        return "few_weeks"
    apart = np.log(weekly.price) - np.median(np.log(weekly.price))
    if apart.std() < LEAST_MOVE or np.count_nonzero(np.abs(apart) >= LEAST_MOVE) < FEWEST_MOVES:
        return "price_stands_still"
    return None


def elasticities(
    weeks: tuple[Weekly, ...], *, rng: np.random.Generator, draws: int
) -> tuple[Elasticity, ...]:
    """Elasticity of each product, drawn towards the others by how little its own weeks say.

    In each product the logarithm of sales is explained by that of the price, of last week's price (what was
    bought ahead comes off), the time of the year, and a trend. Errors may hang together for some weeks and
    differ from week to week; the larger of the robust and the plain error counts.

    Args:
        weeks: Products whose weeks `tells` lets through.
        rng: Source of randomness.
        draws: Number of draws.

    Returns:
        The elasticities, joint.

    References:
        van Heerde, Leeflang and Wittink (2000), "The estimation of pre- and postpromotion dips with
        store-level scanner data"; Newey and West (1987), "A simple, positive semi-definite,
        heteroskedasticity and autocorrelation consistent covariance matrix"; Morris (1983), "Parametric
        empirical Bayes inference".
    """
    own = np.array([_own(one) for one in weeks])
    values, errors = own[:, 0], own[:, 1]
    mean, spread, error_of_mean = _pooled(values, errors)
    if moves_with_others(weeks):  # what moved them all in a week is one accident, not many
        error_of_mean = max(error_of_mean, float(errors.min()))
    pull = errors**2 / (errors**2 + spread**2)
    # a draw of the common mean moves all products together; what remains is each product's own
    common = mean + error_of_mean * rng.standard_normal((draws, 1))
    width = np.sqrt((1 - pull) * errors**2)
    drawn = pull * common + (1 - pull) * values + width * rng.standard_normal((draws, len(weeks)))
    return tuple(
        Elasticity(
            product=one.product,
            draws=drawn[:, at],
            lowest=float(one.price.min()),
            highest=float(one.price.max()),
            usual=float(np.median(one.price)),
            quantity=float(one.quantity.mean()),
            cost=one.cost,
        )
        for at, one in enumerate(weeks)
    )


def moves_with_others(weeks: tuple[Weekly, ...]) -> bool:
    """Whether products change their price in the same weeks: no sales tell what one alone would do."""
    if len(weeks) < 2:
        return False
    every = np.unique(np.concatenate([one.week for one in weeks]))
    moves = np.full((len(weeks), every.size), np.nan)
    for row, one in zip(moves, weeks, strict=True):
        log_price = np.log(one.price)
        row[np.searchsorted(every, one.week)] = log_price - np.median(log_price)
    together = []
    for at, row in enumerate(moves):
        rest = np.delete(moves, at, axis=0)
        known = np.isfinite(row) & np.isfinite(rest).any(axis=0)
        others = np.nanmean(rest[:, known], axis=0)
        together.append(float(np.corrcoef(row[known], others)[0, 1]) if others.std() > 0 else 0.0)
    return float(np.median(together)) > TOGETHER


def best_price(found: Elasticity, *, steps: int = 60) -> BestPrice | None:
    """The price that earns most within those seen; None where the cost is not known."""
    if found.cost is None:
        return None
    tried = np.linspace(found.lowest, found.highest, steps)
    sold = found.quantity * (tried / found.usual) ** found.draws[:, None]
    profit = sold * (tried - found.cost)
    today = found.quantity * (found.usual - found.cost)
    top = int(profit.mean(axis=0).argmax())
    return BestPrice(
        product=found.product,
        price=float(tried[top]),
        today=found.usual,
        gain=profit[:, top] - today,
        of_draw=tried[profit.argmax(axis=1)],
        at_edge=top in (0, steps - 1),
    )


def _own(weekly: Weekly) -> tuple[float, float]:
    """Elasticity to a lasting price by the product's own weeks, and its standard error."""
    log_price = np.log(weekly.price)
    n = log_price.size - STOCKED
    week = weekly.week[STOCKED:].astype(np.float64)
    waves = WAVES if week[-1] - week[0] >= YEAR else 0
    angles = 2 * np.pi * np.outer(week, np.arange(1, waves + 1)) / YEAR
    trend = (week - week.mean()) / max(np.ptp(week), 1.0)
    seasons = [np.ones(n), trend, *np.sin(angles).T, *np.cos(angles).T]
    design = np.column_stack([log_price[STOCKED:], log_price[:-STOCKED], *seasons])
    target = np.log(weekly.quantity[STOCKED:])
    inverse = np.linalg.pinv(design.T @ design)
    fitted = inverse @ design.T @ target
    leverage = np.einsum("nk,kl,nl->n", design, inverse, design)
    left = target - design @ fitted
    scores = design * (left / (1 - np.minimum(leverage, 0.9)))[:, None]
    lags = int(4 * (n / 100) ** (2 / 9)) + 1
    meat = scores.T @ scores
    for lag in range(1, lags + 1):
        product = scores[lag:].T @ scores[:-lag]
        meat += (1 - lag / (lags + 1)) * (product + product.T)
    both = np.zeros(design.shape[1])
    both[:2] = 1.0
    robust = both @ inverse @ meat @ inverse @ both
    plain = left @ left / max(n - design.shape[1], 1) * (both @ inverse @ both)
    return float(both @ fitted), float(np.sqrt(max(robust, plain, 1e-8)))


def _pooled(values: Floats, errors: Floats) -> tuple[float, float, float]:
    """Common mean, spread between products beyond their errors (DerSimonian-Laird), error of the mean."""
    weight = errors**-2
    mean = float(weight @ values / weight.sum())
    excess = float(weight @ (values - mean) ** 2) - (values.size - 1)
    scale = float(weight.sum() - (weight**2).sum() / weight.sum())
    spread = float(np.sqrt(max(excess / scale, 0.0))) if scale > 0 else float(errors.mean())
    weight = 1 / (errors**2 + spread**2)
    return float(weight @ values / weight.sum()), spread, float(weight.sum() ** -0.5)
