"""What the answer of a test is worth before it is known."""

from math import exp, inf, pi, sqrt

from cmo.experiments.contrast import tail_above


def value_of_answer(gain: float, spread: float, error: float) -> float:
    """What a test's answer is worth to a choice of two: act, or leave it.

    Args:
        gain: Expected gain of acting, in money.
        spread: Standard deviation of the true gain, >= 0.
        error: Standard error with which the test would measure it, >= 0.

    Returns:
        Expected value of sample information, in money: normal prior, linear loss.

    References:
        Raiffa & Schlaifer (1961), "Applied Statistical Decision Theory", chapter 5.
    """
    if spread <= 0.0:
        return 0.0
    moved = spread**2 / sqrt(spread**2 + error**2)
    away = abs(gain) / moved
    return moved * (exp(-0.5 * away**2) / sqrt(2.0 * pi) - away * tail_above(away, inf))
