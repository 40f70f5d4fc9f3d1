"""How people keep and lose what they noticed: a fresh trace that fades fast, a deep one that fades slowly.

Two traces forget as people do, steeply at first and then hardly at all (Wickelgren's and Rubin's curves),
which no single geometric carry-over reproduces. Both are shares of people, so repeating oneself to those
who remember changes nothing.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

DEEPENING = 0.16  # share of a week's impressions that reach the deep trace
DEEP_SPAN = 7.0  # half-life of the deep trace, in half-lives of the fresh one


def retention(half_life: Floats, memory: Floats) -> Floats:
    """Weekly retention of the fresh trace by channel and cell, from half-lives (C,) and multipliers (J,)."""
    return np.asarray(0.5 ** (1.0 / (half_life[:, None] * memory)), dtype=np.float64)


def remember(trace: Floats, impressed: Floats, *, kept: Floats) -> Floats:
    """Share who remember after a week: those who had not forgotten, or were impressed anew."""
    return np.asarray(1 - (1 - trace * kept) * (1 - impressed), dtype=np.float64)


def in_mind(fresh: Floats, deep: Floats) -> Floats:
    """Share of people in whom either trace is alive."""
    return np.asarray(1 - (1 - fresh) * (1 - deep), dtype=np.float64)
