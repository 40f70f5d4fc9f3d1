"""The money that rests on a belief: what it costs if it is wrong."""

from cmo.strategy.bet import Bet
from cmo.strategy.document import Belief, Strategy


def stakes(strategy: Strategy) -> dict[str, float]:
    """Money that rests on each belief, by id, for those on which some is known to.

    What the holder says it costs if it is wrong; else the money of the bets that assume it; else, for a
    belief about a channel's return, what the plan spends there.
    """
    found = {belief.id: _stake(belief, strategy) for belief in strategy.beliefs}
    return {belief: money for belief, money in found.items() if money}


def money_of(bet: Bet, strategy: Strategy) -> float:
    """Money of a bet: that of its channels in the plan, and its own."""
    planned = {} if strategy.plan is None else strategy.plan.channels
    return (bet.money or 0.0) + sum(planned[name].spend for name in bet.channels if name in planned)


def _stake(belief: Belief, strategy: Strategy) -> float:
    if belief.cost_if_wrong is not None:
        return belief.cost_if_wrong
    bets = [bet for bet in strategy.bets if belief.id in bet.assumes]
    if bets:
        return sum(money_of(bet, strategy) for bet in bets)
    planned = {} if strategy.plan is None else strategy.plan.channels
    claim = belief.claim
    if claim is None or claim.of not in planned or not claim.measure.startswith("media."):
        return 0.0
    return planned[claim.of].spend
