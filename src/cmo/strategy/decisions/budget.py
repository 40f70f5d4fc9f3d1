"""Money among channels: a better division of the plan's budget, less of it, or more."""

from typing import Final

import numpy as np
import numpy.typing as npt

from cmo.measures import Text, chances, listing
from cmo.strategy.confront import unlocking
from cmo.strategy.decisions.curves import Curves, best_division
from cmo.strategy.decisions.decision import (
    Decision,
    Execution,
    Kind,
    Move,
    Range,
    Reversibility,
    Withheld,
)
from cmo.strategy.decisions.ground import Ground

Floats = npt.NDArray[np.float64]

LIKELY: Final = 0.6
"""Probability of gain from which a change of the division is proposed: it costs little and can be undone."""
SURE: Final = 0.9
"""Probability of gain from which money is given up or asked for."""
_RAISE: Final = 0.2
_WORTH_MOVING: Final = 0.01
_SKILLS: Final = ("media_planning", "media", "sea", "marketing")


def reallocation(ground: Ground) -> Decision | Withheld:
    """The same budget, divided for the highest expected profit within the plan's bounds."""
    curves = ground.curves
    if curves is None:
        return _unmeasured(ground)
    current, total = ground.current, float(ground.current.sum())
    mean = curves.margin.mean(axis=0)
    proposed = best_division(curves.money, mean, bounds=ground.bounds, total=total, spend_all=True)
    proposed = _rounded(proposed, current, total=total)
    gain = curves.profit(proposed) - curves.profit(current)
    told = Range.of(gain)
    if told.mean <= 0 or told.positive < LIKELY:
        return _no_better(ground, told)
    moved = float(np.abs(proposed - current).sum() / 2)
    up, down = _named(curves, proposed - current, up=True), _named(curves, proposed - current, up=False)
    money = ground.amount(moved)
    return Decision(
        id=f"budget-{curves.horizon.start}",
        kind=Kind.BUDGET,
        says=Text(
            f"Move {money.en} of the plan's budget: less for {down.en}, more for {up.en}.",
            f"Déplacer {money.fr} du budget du plan : moins pour {down.fr}, plus pour {up.fr}.",
        ),
        why=_why(
            ground, told, Text("the same budget brings more there", "le même budget y rapporte davantage")
        ),
        moves=_moves(curves, current, proposed),
        money=moved,
        profit=gain,
        period=curves.horizon,
        basis=ground.basis("media.response", touching=_lowered(curves, current, proposed), against=False),
        execution=_execution(ground, curves, hours=8.0, reversibility=Reversibility.EASY),
        sets=_sets(curves, current, proposed),
        counts=frozenset(f"media:{name}" for name in _sets(curves, current, proposed)),
    )


def savings(ground: Ground) -> list[Decision]:
    """Channels whose last euros surely lose money: less for them, or none."""
    curves = ground.curves
    if curves is None:
        return []
    found = (_saving(ground, curves, c) for c in range(len(curves.channels)))
    return [one for one in found if one is not None]


def expansion(ground: Ground) -> Decision | None:
    """A fifth more money, where that surely pays; none where it does not."""
    curves = ground.curves
    if curves is None:
        return None
    total = float(ground.current.sum())
    mean = curves.margin.mean(axis=0)
    more = best_division(
        curves.money, mean, bounds=ground.bounds, total=(1 + _RAISE) * total, spend_all=False
    )
    same = best_division(curves.money, mean, bounds=ground.bounds, total=total, spend_all=True)
    added = float(more.sum() - total)
    gain = curves.profit(more) - curves.profit(same)
    told = Range.of(gain)
    if added < _WORTH_MOVING * total or told.mean <= 0 or told.positive < SURE:
        return None
    up, money = _named(curves, more - same, up=True), ground.amount(added)
    return Decision(
        id=f"raise-budget-{curves.horizon.start}",
        kind=Kind.BUDGET,
        says=Text(
            f"Raise the budget by {money.en}, for {up.en}.",
            f"Augmenter le budget de {money.fr}, pour {up.fr}.",
        ),
        why=_why(ground, told, Text("the next euros still pay", "les prochains euros rapportent encore")),
        moves=tuple(
            Move(source=None, target=name, money=float(more[c] - same[c]))
            for c, name in enumerate(curves.channels)
            if more[c] - same[c] > _WORTH_MOVING * total
        ),
        money=added,
        profit=gain,
        period=curves.horizon,
        basis=ground.basis("media.response", against=True),
        execution=_execution(ground, curves, hours=8.0, reversibility=Reversibility.EASY),
        sets={name: float(more[c]) for c, name in enumerate(curves.channels)},
        counts=frozenset({"media:more"}),
    )


def _saving(ground: Ground, curves: Curves, c: int) -> Decision | None:
    current, low = ground.current, float(ground.bounds.low[c])
    for least, against in ((0.0, low > 0), (low, False)):
        less = current.copy()
        less[c] = least
        told = Range.of(gain := curves.profit(less) - curves.profit(current))
        sure = told.mean > 0 and told.positive >= SURE
        if sure and current[c] - least > _WORTH_MOVING * current.sum():
            return _stopped(ground, c, least=least, gain=gain, against=against)
    return None


def _stopped(ground: Ground, c: int, *, least: float, gain: Floats, against: bool) -> Decision:
    curves, told = ground.curves, Range.of(gain)
    if curves is None:
        raise ValueError("curves == None, must be known where a channel is stopped")
    name, spent = curves.channels[c], float(ground.current[c] - least)
    money, left = ground.amount(spent), ground.amount(least)
    says = (
        Text(f"Stop {name}: keep its {money.en}.", f"Arrêter {name} : garder ses {money.fr}.")
        if least == 0
        else Text(
            f"Cut {name} to its minimum of {left.en}: keep {money.en}.",
            f"Ramener {name} à son minimum de {left.fr} : garder {money.fr}.",
        )
    )
    reason = Text(
        f"what {name} brings does not pay for it", f"ce que rapporte {name} ne couvre pas sa dépense"
    )
    return Decision(
        id=f"{'stop' if least == 0 else 'cut'}-{name}-{curves.horizon.start}",
        kind=Kind.STOP if least == 0 else Kind.BUDGET,
        says=says,
        why=_why(ground, told, reason),
        moves=(Move(source=name, target=None, money=spent),),
        money=spent,
        profit=gain,
        period=curves.horizon,
        basis=ground.basis("media.response", touching=(name,), against=against or least == 0),
        execution=_execution(
            ground,
            curves,
            hours=4.0,
            reversibility=Reversibility.COSTLY if least == 0 else Reversibility.EASY,
        ),
        sets={name: least},
        counts=frozenset({f"media:{name}"}),
    )


def _execution(ground: Ground, curves: Curves, *, hours: float, reversibility: Reversibility) -> Execution:
    return Execution(
        owner=ground.owner(*_SKILLS),
        hours=hours,
        reversibility=reversibility,
        stop_rule=Text(
            "Go back to the plan if a later review gives the change less than one chance in two of paying.",
            "Revenir au plan si une revue ultérieure donne au changement moins d'une chance sur deux de "
            "rapporter.",
        ),
        review_on=curves.horizon.end,
    )


def _why(ground: Ground, told: Range, reason: Text) -> Text:
    spread, odds = ground.spread(told), chances(told.positive)
    return Text(
        f"By the model, {reason.en}: expected gain {spread.en}; that it pays: {odds.en}.",
        f"Selon le modèle, {reason.fr} : gain attendu {spread.fr} ; que cela rapporte : {odds.fr}.",
    )


def _unmeasured(ground: Ground) -> Withheld:
    gap = ground.evidence.gap("media.response")
    why = Text("What money brings by channel is not measured.", "Ce que rapporte l'argent n'est pas mesuré.")
    return Withheld(kind=Kind.BUDGET, why=why if gap is None else unlocking(gap))


def _no_better(ground: Ground, told: Range) -> Withheld:
    spread, odds = ground.spread(told), chances(told.positive)
    return Withheld(
        kind=Kind.BUDGET,
        why=Text(
            f"No other division of the budget is better with enough certainty: the best one gains "
            f"{spread.en}; "
            f"that it pays: {odds.en}.",
            f"Aucune autre répartition n'est assez sûrement meilleure : la meilleure gagne {spread.fr} ; que "
            f"cela rapporte : {odds.fr}.",
        ),
    )


def _rounded(proposed: Floats, current: Floats, *, total: float) -> Floats:
    """As one writes a plan: to a thousandth of the total, what hardly changes left alone, the total kept."""
    step = 10.0 ** np.floor(np.log10(max(total, 10.0) / 1000))
    rounded = np.round(proposed / step) * step
    rounded = np.where(np.abs(rounded - current) < _WORTH_MOVING * total, current, rounded)
    changed = np.flatnonzero(rounded != current)
    if len(changed):
        largest = changed[np.argmax(rounded[changed])]
        rounded[largest] += total - rounded.sum()
    return np.asarray(rounded, dtype=np.float64)


def _sets(curves: Curves, current: Floats, proposed: Floats) -> dict[str, float]:
    return {name: float(proposed[c]) for c, name in enumerate(curves.channels) if proposed[c] != current[c]}


def _lowered(curves: Curves, current: Floats, proposed: Floats) -> list[str]:
    return [name for c, name in enumerate(curves.channels) if proposed[c] < current[c]]


def _named(curves: Curves, change: Floats, *, up: bool) -> Text:
    """The channels that gain (or give) most, largest first."""
    signed = change if up else -change
    order = [int(c) for c in np.argsort(-signed) if signed[c] > 0]
    return listing([curves.channels[c] for c in order])


def _moves(curves: Curves, current: Floats, proposed: Floats) -> tuple[Move, ...]:
    """Who gives to whom: the largest giver to the largest taker, and so on."""
    left = proposed - current
    moves: list[Move] = []
    while (left > 1e-6).any() and (left < -1e-6).any():
        taker, giver = int(left.argmax()), int(left.argmin())
        money = float(min(left[taker], -left[giver]))
        moves.append(Move(source=curves.channels[giver], target=curves.channels[taker], money=money))
        left[taker] -= money
        left[giver] += money
    return tuple(moves)
