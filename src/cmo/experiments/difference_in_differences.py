"""Change of treated markets less change of the others: the plain answer, with honest small-sample error.

References:
    Bertrand, Duflo & Mullainathan (2004), "How much should we trust differences-in-differences estimates?",
    Quarterly Journal of Economics 119: one number per market and period, before and during.
    Donald & Lang (2007), "Inference with difference-in-differences and other panel data", REStat 89.
"""

from collections.abc import Sequence
from math import sqrt

import numpy as np

from cmo.experiments.contrast import TWO_SIDED, Effect, Inference, tested
from cmo.experiments.moments import Floats


def difference_in_differences(
    outcomes: Floats, treated: Sequence[int], *, pre: int, inference: Inference = TWO_SIDED
) -> Effect:
    """Mean effect per market and period.

    Markets are the units: each is brought to one change, so that autocorrelation cannot deceive. The spread
    of changes between markets is taken as equal in both groups, since few markets are treated.

    Args:
        outcomes: Shape (times, markets).
        treated: Columns of the treated markets.
        pre: Periods before the test.
        inference: The test to invert.

    Raises:
        ValueError: Fewer than three markets in all, or one group is empty.
    """
    if not 0 < pre < len(outcomes):
        raise ValueError(
            f"{pre} periods before the test of {len(outcomes)}: need some before and some during"
        )
    change = outcomes[pre:].mean(axis=0) - outcomes[:pre].mean(axis=0)
    chosen = np.zeros(len(change), dtype=bool)
    chosen[list(treated)] = True
    own, others = change[chosen], change[~chosen]
    if len(own) < 1 or len(others) < 1 or len(change) < 3:
        raise ValueError(
            f"{len(own)} treated and {len(others)} other markets: need both, and at least 3 in all"
        )
    df = float(len(change) - 2)
    spread = float(np.sum((own - own.mean()) ** 2) + np.sum((others - others.mean()) ** 2)) / df
    se = sqrt(spread * (1.0 / len(own) + 1.0 / len(others)))
    return tested(float(own.mean() - others.mean()), se, df=df, n=float(len(change)), inference=inference)
