"""New channels worth a pilot, from ideas: how much, how long, and when to end it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

from cmo.experiments.feasible import Feasible, Form
from cmo.measures import Text, Unit, Window, chances
from cmo.strategy.decisions.curves import Curves
from cmo.strategy.decisions.decision import Decision, Execution, Kind, Move, Range, Reversibility, Withheld
from cmo.strategy.decisions.ground import Ground
from cmo.strategy.document import Idea
from cmo.strategy.portfolio import FirstMover, Opening, Pilot, innovation_budget, pilot, prior_return

Floats = npt.NDArray[np.float64]

_A_YEAR: Final = 365
_WORTH_SAYING: Final = 0.02
_SELDOM: Final = 0.1
"""Chance of being scaled below which a pilot is a lottery ticket."""
_MOST: Final = 0.2
"""Part of a year's budget that pilots may take together at most."""


def openings(
    ground: Ground, designs: Sequence[Feasible], *, rng: np.random.Generator
) -> list[Decision | Withheld]:
    """A pilot for each idea of kind channel that is worth one.

    Args:
        ground: What is known.
        designs: Tests that could be run: they tell how well a pilot would be read.
        rng: Source of randomness.
    """
    curves = ground.curves
    known = () if curves is None else curves.channels
    ideas = [
        one
        for one in ground.strategy.ideas
        if one.kind == "channel" and (one.channel or one.id).replace("-", "_") not in known
    ]
    if not ideas:
        return []
    if curves is None or ground.margin is None:
        return [
            _withheld("What the channels at hand return is not known.", "Le retour des canaux est inconnu.")
        ]
    readings = [one for one in designs if one.form is Form.GEO and one.spend_change != 0.0]
    if not readings:
        return [
            _withheld(
                "A pilot could not be read: outcomes are not known by region.",
                "Un pilote ne pourrait être lu : les résultats ne sont pas connus par région.",
            )
        ]
    reading = min(readings, key=lambda one: one.standard_error * one.outcome)
    return _weighed(ground, curves, ideas, reading=reading, rng=rng)


def _weighed(
    ground: Ground, curves: Curves, ideas: Sequence[Idea], *, reading: Feasible, rng: np.random.Generator
) -> list[Decision | Withheld]:
    per_year = _A_YEAR / curves.horizon.days
    spends = ground.current > 0
    spent = ground.current[spends]
    returns = curves.brought(ground.current)[:, spends] / spent
    margin = 1.0 if ground.margin is None else float(ground.margin.mean())
    pilots: list[tuple[Idea, Pilot]] = []
    poor: list[Decision | Withheld] = []
    for idea in ideas:
        opening = Opening(
            name=idea.channel or idea.id,
            scale=float(np.median(spent)) * per_year,
            rising=_rising(ground, idea),
            ceiling=idea.ceiling,
            hours=idea.hours or 24.0,
        )
        drawn = prior_return(returns, rng=rng)
        found = pilot(
            opening,
            drawn,
            noise=reading.standard_error * reading.outcome * margin,
            weeks=reading.weeks,
            mover=_mover(ground),
            hour=ground.hour,
            rng=rng,
        )
        if found is None or found.scales < _SELDOM:
            poor.append(_unpaid(idea, drawn))
        else:
            pilots.append((idea, found))
    most = _MOST * float(ground.current.sum()) * per_year
    paid = innovation_budget([one for _, one in pilots], most=most)
    return [_decision(ground, idea, one) for idea, one in pilots if one in paid] + poor


def _decision(ground: Ground, idea: Idea, found: Pilot) -> Decision:
    start = ground.today + timedelta(days=1)
    period = Window(start=start, end=start + timedelta(days=_A_YEAR - 1))
    money, spread = ground.amount(found.money), ground.spread(Range.of(found.gains))
    gate = Unit(f"{ground.currency}/{ground.currency}")
    odds = chances(found.scales)
    early = ground.amount(found.early)
    bonus = Text(f", of which {early.en} for being early", f", dont {early.fr} pour être parmi les premiers")
    first = bonus if found.early >= _WORTH_SAYING * found.value else Text.same("")
    return Decision(
        id=f"pilot-{idea.id}",
        kind=Kind.CHANNEL,
        says=Text(
            f"Try it: {_low(idea.says.en)}, {money.en} over {found.weeks} weeks in some regions.",
            f"Essayer : {_low(idea.says.fr)}, {money.fr} sur {found.weeks} semaines dans quelques régions.",
        ),
        why=Text(
            f"A channel like those at hand would be kept with {odds.en}; the right to scale it is worth "
            f"{spread.en} over a year{first.en}.",
            f"Un canal comme ceux que nous avons serait gardé : {odds.fr} ; le droit de l'étendre vaut "
            f"{spread.fr} sur un an{first.fr}.",
        ),
        moves=(Move(source=None, target=found.name, money=found.money),),
        money=found.money,
        profit=found.gains,
        period=period,
        basis=ground.basis("media.response"),
        execution=Execution(
            owner=ground.owner(idea.channel or idea.id, "social", "media_planning"),
            hours=idea.hours or 24.0,
            reversibility=Reversibility.EASY,
            stop_rule=Text(
                f"Kill it if the pilot brings less than {gate.write(found.kill_below, 'en')} of margin per "
                f"unit "
                "of money; scale it otherwise.",
                f"L'arrêter si le pilote rapporte moins de {gate.write(found.kill_below, 'fr')} de marge par "
                "unité d'argent ; l'étendre sinon.",
            ),
            review_on=start + timedelta(weeks=found.weeks + 2),
        ),
        counts=frozenset({f"channel:{found.name}"}),
    )


def _mover(ground: Ground) -> FirstMover:
    """What being early brings: as the company's own launches tell, or the default without any."""
    told = ground.estimate("market.first_mover")
    if told is None:
        return FirstMover()
    return FirstMover(mean=float(told.location[0]), sd=max(float(told.draws[:, 0].std()), 0.01))


def _rising(ground: Ground, idea: Idea) -> float:
    trend = ground.estimate("market.trend")
    if trend is None or idea.topic not in trend.subjects:
        return 0.0
    return float(trend.location[trend.column(idea.topic)])


def _unpaid(idea: Idea, drawn: Floats) -> Withheld:
    odds = chances(float((drawn > 1).mean()))
    return Withheld(
        kind=Kind.CHANNEL,
        why=Text(
            f"{idea.id}: no pilot pays; that a channel like those at hand returns more than it costs: "
            f"{odds.en}.",
            f"{idea.id} : aucun pilote n'est rentable ; qu'un canal comme ceux que nous avons rapporte plus "
            f"qu'il ne coûte : {odds.fr}.",
        ),
    )


def _withheld(en: str, fr: str) -> Withheld:
    return Withheld(kind=Kind.CHANNEL, why=Text(en, fr))


def _low(words: str) -> str:
    return words[:1].lower() + words[1:]
