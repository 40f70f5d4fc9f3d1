"""The expected value of sample information: what the best decision gains, on average, from a signal to come.

References:
    Raiffa & Schlaifer (1961), "Applied Statistical Decision Theory", chapter 4.
    Strong et al. (2015), see `smoothing`.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cmo.strategy.information.smoothing import expected_given

Floats = npt.NDArray[np.float64]

REPEATS: Final = 2
"""Noises drawn for each joint draw: more of them steady the value at the cost of a longer regression."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Worth:
    """What a signal is worth to somebody who must choose.

    Attributes:
        gains: Gain of the choice after the signal over the choice without it, expected at each draw of the
            signal, shape (draws,).
        changes: Probability that the signal changes the choice, in [0, 1].
        perfect: Value of knowing everything: no signal can be worth more.
    """

    gains: Floats
    changes: float
    perfect: float

    @property
    def value(self) -> float:
        """Expected value of the signal, >= 0 up to the error of the regression."""
        return float(self.gains.mean())


def sample_information(profits: Floats, signals: Floats) -> Worth:
    """The value of a signal for the choice among decisions.

    Args:
        profits: Draws of the profit of each decision, shape (draws, decisions).
        signals: What would be seen in each draw, its noise included, shape (draws,) or (draws, signals).

    Returns:
        Its worth.

    Raises:
        ValueError: Draws do not pair, or there is nothing to choose among.
    """
    if len(profits) != len(signals) or profits.ndim != 2 or not profits.shape[1]:
        raise ValueError(
            f"profits {profits.shape} and signals {signals.shape} must share their draws, with one column "
            f"per decision"
        )
    without = int(profits.mean(axis=0).argmax())
    # What does not depend on the decision is noise to the regression.
    over = profits - profits[:, [without]]
    after = expected_given(signals, over)
    return Worth(
        gains=after.max(axis=1),
        changes=float((after.argmax(axis=1) != without).mean()),
        perfect=float(over.max(axis=1).mean()),
    )


def with_noise(truth: Floats, error: float, *, rng: np.random.Generator, repeats: int = REPEATS) -> Floats:
    """What would be seen of a quantity: its draws, repeated, each with its own error of measurement.

    Args:
        truth: Draws of the quantity, shape (draws,).
        error: Standard error of the measurement, >= 0.
        rng: Source of randomness.
        repeats: How often each draw is measured.

    Returns:
        Shape (repeats * draws,), in the order of `np.tile`.
    """
    return np.asarray(np.tile(truth, repeats) + error * rng.standard_normal(repeats * len(truth)))


def chance_worth(profits: Floats, signals: Floats, *, rng: np.random.Generator) -> float:
    """What a signal that tells nothing seems worth, by the error of the regression: a floor for real ones."""
    return sample_information(profits, rng.permutation(signals)).value
