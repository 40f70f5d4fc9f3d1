"""One list of decisions, best first, in which no money is counted twice."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cmo.strategy.decisions.curves import Curves
from cmo.strategy.decisions.decision import Decision, Range

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ranked:
    """A decision in its place.

    Attributes:
        decision: What is to be done.
        adds: What it brings on top of all that stand above it; nothing where they count the same money.
        per_money: What it adds per unit of money at stake, hours counted at their cost.
        instead_of: Id of the decision above that counts the same money; none where it stands by itself.
    """

    decision: Decision
    adds: Range
    per_money: float
    instead_of: str | None = None


def ranked(
    decisions: Iterable[Decision], *, curves: Curves | None, current: Floats, hour: float
) -> tuple[Ranked, ...]:
    """Put decisions in order of the profit they add per money and hour, each on top of those before it.

    Decisions that move the money of channels are weighed together on the curves: a stop after a new division
    brings what it still saves then. Others that count the same money as one above add nothing to it.

    Args:
        decisions: All that the rules propose.
        curves: What money brings, where that is known.
        current: Money of the plan in force, shape (channels,).
        hour: What an hour of the team costs.
    """
    waiting = list(decisions)
    order: list[Ranked] = []
    counted: dict[str, str] = {}
    money = current.copy()
    while waiting:
        weighed = [_weighed(one, counted, curves=curves, money=money, hour=hour) for one in waiting]
        best = max(range(len(weighed)), key=lambda i: (weighed[i].per_money, -i))
        chosen = weighed[best]
        order.append(chosen)
        del waiting[best]
        if chosen.adds.mean > 0:
            if curves is not None:
                money = curves.amounts(chosen.decision.sets, otherwise=money)
            counted |= {name: chosen.decision.id for name in chosen.decision.counts if name not in counted}
    return tuple(order)


def _weighed(
    decision: Decision, counted: dict[str, str], *, curves: Curves | None, money: Floats, hour: float
) -> Ranked:
    same = next((counted[name] for name in sorted(decision.counts) if name in counted), None)
    if decision.sets and curves is not None:
        draws = curves.profit(curves.amounts(decision.sets, otherwise=money)) - curves.profit(money)
    else:
        draws = np.zeros(1) if same is not None else decision.profit
    adds = Range.of(draws)
    stake = decision.money + decision.execution.hours * hour
    return Ranked(
        decision=decision,
        adds=adds if adds.mean > 0 else Range(mean=0.0, q05=0.0, q95=0.0, positive=0.0),
        per_money=max(adds.mean, 0.0) / max(stake, 1.0),
        instead_of=same if adds.mean <= 0 else None,
    )
