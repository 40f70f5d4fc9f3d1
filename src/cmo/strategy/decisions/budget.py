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


def savings(ground: Ground) -> list[Decision | Withheld]:
    """Channels whose last euros surely lose money: less for them, or none.

    A channel without a minimum in the plan is stopped, each by a decision of its own; those that the plan
    keeps come down to their minima together. Where the model has learnt little of a channel, its prior is no
    ground to take money from it: it is to be tested.
    """
    curves = ground.curves
    if curves is None:
        return []
    losing = [c for c in range(len(curves.channels)) if _loses(ground, curves, c)]
    sure = curves.known(ground.current)
    known = [c for c in losing if sure[c]]
    doubtful = [curves.channels[c] for c in losing if c not in known]
    stopped = [_stop(ground, curves, c) for c in known if ground.bounds.low[c] == 0]
    cut = [c for c in known if ground.bounds.low[c] > 0]
    return [
        *stopped,
        *([_cut(ground, curves, cut)] if cut else []),
        *([_too_little_known(doubtful)] if doubtful else []),
    ]


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


def _loses(ground: Ground, curves: Curves, c: int) -> bool:
    """Down to the plan's minimum: a model alone does not end what a plan wants kept."""
    current = ground.current
    told = Range.of(curves.profit(_at_least(ground, [c])) - curves.profit(current))
    spared = current[c] - ground.bounds.low[c]
    return told.mean > 0 and told.positive >= SURE and spared > _WORTH_MOVING * current.sum()


def _too_little_known(names: list[str]) -> Withheld:
    listed = listing(names)
    plural = len(names) > 1
    return Withheld(
        kind=Kind.STOP,
        why=Text(
            f"{listed.en} probably {'do' if plural else 'does'} not pay for the last euros, but too little "
            f"is "
            "known of their return to take money away: test it.",
            f"{listed.fr} ne couvre{'nt' if plural else ''} sans doute pas les derniers euros, mais on en "
            f"sait "
            "trop peu pour retirer de l'argent : à tester.",
        ),
    )


def _at_least(ground: Ground, channels: list[int]) -> Floats:
    money = ground.current.copy()
    money[channels] = ground.bounds.low[channels]
    return money


def _stop(ground: Ground, curves: Curves, c: int) -> Decision:
    name, money = curves.channels[c], ground.amount(float(ground.current[c]))
    says = Text(f"Stop {name}: keep its {money.en}.", f"Arrêter {name} : garder ses {money.fr}.")
    return _spared(ground, curves, [c], kind=Kind.STOP, name=f"stop-{name}", says=says)


def _cut(ground: Ground, curves: Curves, cut: list[int]) -> Decision:
    spared = ground.current[cut] - ground.bounds.low[cut]
    ordered = [cut[i] for i in np.argsort(-spared)]
    told = [
        (curves.channels[c], ground.amount(float(ground.bounds.low[c])), float(ground.current[c]))
        for c in ordered
    ]
    en = listing([f"{name} ({low.en})" for name, low, _ in told]).en
    fr = listing([f"{name} ({low.fr})" for name, low, _ in told]).fr
    money = ground.amount(float(spared.sum()))
    says = Text(
        f"Come down to the plan's minimum on {en}: keep {money.en}.",
        f"Descendre au minimum prévu par le plan sur {fr} : garder {money.fr}.",
    )
    return _spared(ground, curves, ordered, kind=Kind.BUDGET, name="cut", says=says)


def _spared(
    ground: Ground, curves: Curves, channels: list[int], *, kind: Kind, name: str, says: Text
) -> Decision:
    less = _at_least(ground, channels)
    gain = curves.profit(less) - curves.profit(ground.current)
    spared = ground.current - less
    names = tuple(curves.channels[c] for c in channels)
    listed = listing(names)
    plural = len(names) > 1
    reason = Text(
        f"what {listed.en} bring{'' if plural else 's'} does not pay for the last euros",
        f"ce que rapporte{'nt' if plural else ''} {listed.fr} ne couvre pas les derniers euros",
    )
    easy = kind is Kind.BUDGET
    return Decision(
        id=f"{name}-{curves.horizon.start}",
        kind=kind,
        says=says,
        why=_why(ground, Range.of(gain), reason),
        moves=tuple(Move(source=curves.channels[c], target=None, money=float(spared[c])) for c in channels),
        money=float(spared.sum()),
        profit=gain,
        period=curves.horizon,
        basis=ground.basis("media.response", touching=names, against=not easy),
        execution=_execution(
            ground, curves, hours=4.0, reversibility=Reversibility.EASY if easy else Reversibility.COSTLY
        ),
        sets={curves.channels[c]: float(less[c]) for c in channels},
        counts=frozenset(f"media:{one}" for one in names),
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
