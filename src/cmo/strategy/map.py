"""The strategy map: goals, choices, bets and the beliefs they rest on, and whether it all holds together.

References:
    Lafley & Martin (2013), "Playing to Win": where to play, how to win, and what not to do.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cmo.measures import LANGUAGES, Text, Unit, listing
from cmo.strategy.bet import Bet, Choice
from cmo.strategy.decisions.packet import Packet
from cmo.strategy.document import Objective, Strategy
from cmo.strategy.goal import Outlook
from cmo.strategy.portfolio import Stage
from cmo.strategy.stake import money_of
from cmo.strategy.verdict import Stance, Verdict


class Colour(StrEnum):
    """How a bet stands: its beliefs hold, are open, or one has fallen."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """A belief that a bet rests on.

    Attributes:
        belief: Its id.
        says: It in its holder's words.
        stance: What the field says of it.
        probability: P(it is true), in [0, 1]; none when it cannot be measured.
        cost: Money that rests on it; none where none is known to.
    """

    belief: str
    says: Text
    stance: Stance
    probability: float | None
    cost: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Staked:
    """A bet as it stands.

    Attributes:
        bet: What was staked.
        money: Money of its channels and its own, in the plan's period.
        hours: Hours per week of the team.
        assumptions: The beliefs it rests on.
        colour: Whether they hold.
        corrective: What to do about a red one: the best decision on it, or what to ask; none otherwise.
    """

    bet: Bet
    money: float
    hours: float
    assumptions: tuple[Assumption, ...]
    colour: Colour
    corrective: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """A goal as it stands.

    Attributes:
        objective: The goal.
        outlook: Whether it will be reached.
        money: Money of the bets that serve it.
    """

    objective: Objective
    outlook: Outlook
    money: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyMap:
    """The whole on one page.

    Attributes:
        channels: Where each channel of the plan stands.
        aims: Goals.
        choices: What was chosen, and refused.
        bets: What is staked, those that are red first.
        gaps: Where it does not hold together, a sentence each.
    """

    channels: Mapping[str, Stage]
    aims: tuple[Aim, ...]
    choices: tuple[Choice, ...]
    bets: tuple[Staked, ...]
    gaps: tuple[Text, ...]


def strategy_map(
    strategy: Strategy,
    *,
    verdicts: Iterable[Verdict],
    outlooks: Mapping[str, Outlook],
    stakes: Mapping[str, float],
    decisions: Sequence[Packet],
    channels: Mapping[str, Stage],
    currency: str,
) -> StrategyMap:
    """Put the strategy on one page and check that it holds together.

    Args:
        strategy: What the company wants, believes and plans.
        verdicts: What the field says of its beliefs.
        outlooks: How likely each goal is, by its id.
        stakes: Money that rests on each belief, by its id.
        decisions: What is proposed, best first.
        channels: Where each channel of the plan stands.
        currency: The company's.
    """
    found = {one.belief: one for one in verdicts}
    bets = [
        _staked(bet, strategy, verdicts=found, stakes=stakes, decisions=decisions, currency=currency)
        for bet in strategy.bets
    ]
    order = tuple(Colour)[::-1]
    aims = tuple(
        Aim(
            objective=one,
            outlook=outlooks[one.id],
            money=sum(staked.money for staked in bets if staked.bet.goal == one.id),
        )
        for one in strategy.objectives
        if one.id in outlooks
    )
    return StrategyMap(
        channels=channels,
        aims=aims,
        choices=strategy.choices,
        bets=tuple(sorted(bets, key=lambda one: (order.index(one.colour), -one.money))),
        gaps=tuple(_gaps(strategy, bets, currency=currency)) if strategy.bets else (_NO_BETS,),
    )


def _staked(
    bet: Bet,
    strategy: Strategy,
    *,
    verdicts: Mapping[str, Verdict],
    stakes: Mapping[str, float],
    decisions: Sequence[Packet],
    currency: str,
) -> Staked:
    said = {belief.id: belief.says for belief in strategy.beliefs}
    assumptions = tuple(
        Assumption(
            belief=name,
            says=said[name],
            stance=verdicts[name].stance if name in verdicts else Stance.UNMEASURABLE,
            probability=verdicts[name].probability if name in verdicts else None,
            cost=stakes.get(name),
        )
        for name in bet.assumes
    )
    stances = {one.stance for one in assumptions}
    colour = Colour.GREEN
    if Stance.REFUTED in stances:
        colour = Colour.RED
    elif not stances or stances & {Stance.OPEN, Stance.UNMEASURABLE}:
        colour = Colour.AMBER
    money = money_of(bet, strategy)
    fallen = [one for one in assumptions if one.stance is Stance.REFUTED]
    return Staked(
        bet=bet,
        money=money,
        hours=sum(bet.hours.values()),
        assumptions=assumptions,
        colour=colour,
        corrective=_corrective(bet, fallen, money=money, decisions=decisions, currency=currency)
        if fallen
        else None,
    )


def _corrective(
    bet: Bet, fallen: Sequence[Assumption], *, money: float, decisions: Sequence[Packet], currency: str
) -> Text:
    """The best decision that touches the bet; without one, what must be answered before it goes on."""
    names = {one.belief for one in fallen}
    touching = (
        one
        for one in decisions
        if names & set(one.beliefs) or set(bet.channels) & (set(one.sets) | {m.source for m in one.moves})
    )
    best = next(touching, None)
    if best is not None:
        return best.says
    unit = Unit(currency)
    en, fr = (unit.write(money, to, beside=1000.0) for to in ("en", "fr"))
    beliefs = listing([one.belief for one in fallen])
    return Text(
        f"Hold its {en} back until {beliefs.en} is answered: give it up, or test it.",
        f"Retenir ses {fr} tant que {beliefs.fr} n'a pas de réponse : y renoncer, ou tester.",
    )


def _gaps(strategy: Strategy, bets: Sequence[Staked], *, currency: str) -> Iterable[Text]:
    yield from _money_gaps(strategy, bets, currency=currency)
    yield from _hour_gaps(strategy, bets)
    for staked in bets:
        if staked.bet.goal is None:
            yield Text(
                f"The bet {staked.bet.id} serves no goal.", f"Le pari {staked.bet.id} ne sert aucun objectif."
            )
        if not staked.bet.assumes:
            yield Text(
                f"The bet {staked.bet.id} says no belief that it rests on.",
                f"Le pari {staked.bet.id} ne dit pas sur quelle conviction il repose.",
            )
    served = {staked.bet.goal for staked in bets}
    for one in strategy.objectives:
        if one.id not in served:
            yield Text(f"No bet serves the goal {one.id}.", f"Aucun pari ne sert l'objectif {one.id}.")


def _money_gaps(strategy: Strategy, bets: Sequence[Staked], *, currency: str) -> Iterable[Text]:
    if strategy.plan is None:
        return
    unit = Unit(currency)
    claimed = [name for staked in bets for name in staked.bet.channels]
    loose = [
        (name, planned.spend)
        for name, planned in strategy.plan.channels.items()
        if planned.spend > 0 and name not in claimed
    ]
    if loose:
        listed = [
            listing([f"{name} ({unit.write(money, to, beside=1000.0)})" for name, money in loose])
            for to in LANGUAGES
        ]
        yield Text(
            f"Money that belongs to no bet: {listed[0].en}.",
            f"Argent qui n'appartient à aucun pari : {listed[1].fr}.",
        )
    for name in sorted({name for name in claimed if claimed.count(name) > 1}):
        yield Text(
            f"{name} is counted in {claimed.count(name)} bets.",
            f"{name} est compté dans {claimed.count(name)} paris.",
        )
    for choice in strategy.choices:
        for name in choice.refuses:
            spent = strategy.plan.channels.get(name)
            if spent is not None and spent.spend > 0:
                en, fr = (unit.write(spent.spend, to, beside=1000.0) for to in ("en", "fr"))
                yield Text(
                    f"The plan spends {en} on {name}, which {choice.id} refuses.",
                    f"Le plan dépense {fr} en {name}, que {choice.id} refuse.",
                )


def _hour_gaps(strategy: Strategy, bets: Sequence[Staked]) -> Iterable[Text]:
    loose: list[str] = []
    for member in strategy.team:
        given = sum(staked.bet.hours.get(member.id, 0.0) for staked in bets)
        week = member.hours_per_week
        if week is None or given == week:
            continue
        if given > week:
            yield Text(
                f"{member.id} is staked for {given:g} hours a week and has {week:g}.",
                f"{member.id} est engagé pour {given:g} heures par semaine et en a {week:g}.",
            )
        else:
            loose.append(f"{member.id} ({week - given:g})")
    if loose:
        listed = listing(loose)
        yield Text(
            f"Hours a week that belong to no bet: {listed.en}.",
            f"Heures par semaine qui n'appartiennent à aucun pari : {listed.fr}.",
        )


_NO_BETS = Text(
    "The strategy names no bet yet: say in bets which money and hours are staked on what, for which goal.",
    "La stratégie n'énonce encore aucun pari : dites dans bets quel argent et quelles heures sont misés sur "
    "quoi, pour quel objectif.",
)
