"""A budget switched on and off over time, compared block by block.

Blocks follow a drawn or planned order; the first periods of each block are set aside, since what was
switched before still works on. Graded B: one market and one calendar, with no other to compare with.

References:
    Bojinov, Simchi-Levi & Zhao (2023), "Design and analysis of switchback experiments", Management
    Science 69.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmo.experiments.contrast import TWO_SIDED, Effect, Inference, tested
from cmo.experiments.moments import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchbackEffect:
    """The effect of a budget while it is on.

    Attributes:
        effect: Per period, by the t-test over blocks.
        p_randomised: Share of orders of the blocks at least as extreme.
        n_on: Blocks with the budget on.
        n_off: Blocks without.
    """

    effect: Effect
    p_randomised: float
    n_on: int
    n_off: int


def switchback_order(blocks: int, *, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """An order of on and off: each two neighbours hold one of both, so that trends cancel.

    Args:
        blocks: Number of blocks, even and at least 4.
        rng: Draws which comes first.
    """
    if blocks < 4 or blocks % 2:
        raise ValueError(f"{blocks} blocks: need an even number, at least 4")
    first = rng.integers(0, 2, blocks // 2).astype(bool)
    return np.column_stack([first, ~first]).ravel()


def switchback_effect(
    outcome: Floats,
    on: npt.NDArray[np.bool_],
    *,
    block: npt.NDArray[np.intp],
    burn_in: int,
    rng: np.random.Generator,
    inference: Inference = TWO_SIDED,
) -> SwitchbackEffect:
    """Difference of blocks with and without the budget.

    Args:
        outcome: Outcome less what season would give, shape (times,).
        on: Whether the budget was on, constant within a block, shape (times,).
        block: Block of each period, rising, shape (times,).
        burn_in: Periods set aside at the head of each block.
        rng: Draws orders for the randomisation test.
        inference: The test to invert.

    Raises:
        ValueError: Fewer than two blocks of either kind are left.
    """
    labels = np.unique(block)
    means, states = [], []
    for label in labels:
        members = np.flatnonzero(block == label)[burn_in:]
        if len(members):
            means.append(float(outcome[members].mean()))
            states.append(bool(on[members[0]]))
    value, state = np.array(means), np.array(states, dtype=bool)
    n_on, n_off = int(state.sum()), int((~state).sum())
    if min(n_on, n_off) < 2:
        raise ValueError(f"{n_on} blocks on and {n_off} off after the burn-in: need at least 2 of each")
    left, right = value[state], value[~state]
    df = float(len(value) - 2)
    spread = float(np.sum((left - left.mean()) ** 2) + np.sum((right - right.mean()) ** 2)) / df
    estimate = float(left.mean() - right.mean())
    se = float(np.sqrt(spread * (1.0 / n_on + 1.0 / n_off)))
    orders = np.argsort(rng.random((2000, len(value))), axis=1)[:, :n_on]
    total = value.sum()
    sums = value[orders].sum(axis=1)
    placed = np.abs(sums / n_on - (total - sums) / n_off)
    p = (1.0 + float(np.sum(placed >= abs(estimate) - 1e-12))) / (len(placed) + 1.0)
    return SwitchbackEffect(
        effect=tested(estimate, se, df=df, n=float(len(value)), inference=inference),
        p_randomised=p,
        n_on=n_on,
        n_off=n_off,
    )
