"""What is sold, at which price and where: decisions that surveys and counts can rarely carry alone."""

from datetime import timedelta
from typing import Final

import numpy as np

from cmo.measures import Figure, Text, Window, chances
from cmo.strategy.confront import unlocking
from cmo.strategy.decisions.decision import Decision, Execution, Kind, Move, Range, Reversibility, Withheld
from cmo.strategy.decisions.ground import Ground
from cmo.strategy.document import Idea

_SURE: Final = 0.9
_LIKELY: Final = 0.6
_A_YEAR: Final = 365


def price(ground: Ground) -> Withheld:
    """A price from a survey alone is an opinion: what it says, and what would carry a decision."""
    best, corridor = ground.estimate("value.optimal_price"), ground.estimate("value.price_corridor")
    if best is None or best.whole is None:
        gap = ground.evidence.gap("value.optimal_price")
        why = Text("No price has been asked about.", "Aucun prix n'a été sondé.")
        return Withheld(kind=Kind.PRICE, why=why if gap is None else unlocking(gap))
    figure = best.figure(best.whole)
    accepted = Text.same("")
    if corridor is not None and {"lower", "upper"} <= set(corridor.subjects):
        ends = [corridor.figure(name) for name in ("lower", "upper")]
        en, fr = ([end.unit.write(end.value, to) for end in ends] for to in ("en", "fr"))
        accepted = Text(f" (accepted from {en[0]} to {en[1]})", f" (acceptés de {fr[0]} à {fr[1]})")
    return Withheld(
        kind=Kind.PRICE,
        why=Text(
            f"The survey puts the price at {figure.write('en')}{accepted.en}; what people say is no ground "
            "for a change of price: test it (a test of kind price).",
            f"L'enquête situe le prix à {figure.write('fr')}{accepted.fr} ; ce que disent les gens ne "
            f"suffit pas "
            "pour changer un prix : testez-le (un test de type price).",
        ),
    )


def products(ground: Ground) -> list[Decision | Withheld]:
    """Ideas that offer a level of an attribute whose worth to people is known."""
    worth = ground.estimate("value.wtp")
    if worth is None:
        gap = ground.evidence.gap("value.wtp")
        why = Text("What people would pay is not known.", "On ne sait pas ce que les gens paieraient.")
        return [Withheld(kind=Kind.PRODUCT, why=why if gap is None else unlocking(gap))]
    offered = [idea for idea in ground.strategy.ideas if idea.level in worth.subjects]
    if not offered:
        return [_nothing_offered(ground)]
    return [_product(ground, idea) for idea in offered]


def withdrawals(ground: Ground) -> list[Decision | Withheld]:
    """Sales channels that take more from the others than they bring."""
    margin, share = ground.estimate("distribution.margin"), ground.estimate("distribution.revenue_share")
    taken, revenue = ground.estimate("distribution.cannibalisation"), ground.whole("sales.revenue")
    if margin is None or share is None or revenue is None or len(margin.subjects) < 2:
        gap = ground.evidence.gap("distribution.margin")
        why = Text("Margins by sales channel are not known.", "Les marges par canal de vente sont inconnues.")
        return [Withheld(kind=Kind.DISTRIBUTION, why=why if gap is None else unlocking(gap))]
    if taken is None:
        return [_untested_channel(ground)]
    sold = ground.estimate("sales.revenue")
    days = _A_YEAR if sold is None else sold.window.days
    yearly = revenue * _A_YEAR / days
    found: list[Decision | Withheld] = []
    for name in (one for one in taken.subjects if one in margin.subjects and one in share.subjects):
        volume = yearly * share.draws[:, share.column(name)]
        others = [margin.column(other) for other in margin.subjects if other != name]
        kept = taken.draws[:, taken.column(name)] * margin.draws[:, others].mean(axis=1)
        gain = volume * (kept - margin.draws[:, margin.column(name)])
        if Range.of(gain).positive >= _SURE:
            found.append(_withdrawal(ground, name, gain))
    nothing = Text(
        "No sales channel takes more from the others than it brings.",
        "Aucun canal de vente ne prend aux autres plus qu'il n'apporte.",
    )
    return found or [Withheld(kind=Kind.DISTRIBUTION, why=nothing)]


def _product(ground: Ground, idea: Idea) -> Decision | Withheld:
    worth, revenue = ground.estimate("value.wtp"), ground.whole("sales.revenue")
    basket, sold = ground.whole("customers.average_order_value"), ground.estimate("sales.revenue")
    if worth is None or idea.level is None or revenue is None or basket is None or sold is None:
        why = Text(f"{idea.id}: sales are not known.", f"{idea.id} : les ventes sont inconnues.")
        return Withheld(kind=Kind.PRODUCT, why=why)
    drawn, figure = worth.draws[:, worth.column(idea.level)], worth.figure(idea.level)
    if idea.unit_cost is None or idea.share is None:
        return _incomplete(idea, figure)
    orders = revenue / basket * _A_YEAR / sold.window.days * idea.share
    cost, hours = idea.cost or 0.0, idea.hours or 40.0
    profit = orders * (drawn - idea.unit_cost) - cost - hours * ground.hour
    told = Range.of(profit)
    if told.mean <= 0 or told.positive < _LIKELY:
        odds = chances(told.positive)
        return Withheld(
            kind=Kind.PRODUCT,
            why=Text(
                f"{idea.id} does not pay: that it earns its cost: {odds.en}.",
                f"{idea.id} ne rapporte pas : qu'elle couvre son coût : {odds.fr}.",
            ),
        )
    period, spread = _next_year(ground), ground.spread(told)
    return Decision(
        id=f"product-{idea.id}",
        kind=Kind.PRODUCT,
        says=Text(f"Offer it: {idea.says.en}.", f"Le proposer : {idea.says.fr}."),
        why=Text(
            f"People would pay {figure.write('en')} more for {idea.level}; over a year that brings "
            f"{spread.en} "
            "after its cost, if they pay what they say.",
            f"Les gens paieraient {figure.write('fr')} de plus pour {idea.level} ; sur un an cela rapporte "
            f"{spread.fr} après coûts, s'ils paient ce qu'ils disent.",
        ),
        moves=(Move(source=None, target=idea.id, money=cost),) if cost else (),
        money=cost,
        profit=profit,
        period=period,
        basis=ground.basis("value.wtp", touching=(idea.level,)),
        execution=Execution(
            owner=ground.owner("product", "strategy", "brand"),
            hours=hours,
            reversibility=Reversibility.COSTLY,
            stop_rule=Text(
                "Stop if fewer than half of the expected buyers have chosen it after a quarter.",
                "Arrêter si moins de la moitié des acheteurs attendus l'ont choisi au bout d'un trimestre.",
            ),
            review_on=period.end,
        ),
        counts=frozenset({f"product:{idea.level}"}),
    )


def _incomplete(idea: Idea, figure: Figure) -> Withheld:
    return Withheld(
        kind=Kind.PRODUCT,
        why=Text(
            f"{idea.id}: people would pay {figure.write('en')} more for {idea.level}; say in the idea "
            f"what "
            "one piece more costs (unit_cost) and which share of the orders would have it (share).",
            f"{idea.id} : les gens paieraient {figure.write('fr')} de plus pour {idea.level} ; dites "
            f"dans "
            "l'idée ce que coûte une pièce (unit_cost) et quelle part des commandes l'aurait (share).",
        ),
    )


def _nothing_offered(ground: Ground) -> Withheld:
    worth = ground.estimate("value.wtp")
    if worth is None:
        raise ValueError("value.wtp == None, must be known where its levels are told")
    best = worth.subjects[int(np.argmax(worth.location))]
    figure = worth.figure(best)
    return Withheld(
        kind=Kind.PRODUCT,
        why=Text(
            f"People would pay most for {best}, {figure.write('en')}; no idea says that it offers it (level) "
            "and what that costs (unit_cost).",
            f"Les gens paieraient le plus pour {best}, {figure.write('fr')} ; aucune idée ne dit qu'elle "
            f"l'offre "
            "(level) ni ce que cela coûte (unit_cost).",
        ),
    )


def _untested_channel(ground: Ground) -> Withheld:
    margin = ground.estimate("distribution.margin")
    if margin is None:
        raise ValueError("distribution.margin == None, must be known where its channels are told")
    low, high = (margin.subjects[int(pick(margin.location))] for pick in (np.argmin, np.argmax))
    gap = 100 * float((margin.draws[:, margin.column(high)] - margin.draws[:, margin.column(low)]).mean())
    less, hundred = ground.amount(gap), ground.amount(100.0)
    return Withheld(
        kind=Kind.DISTRIBUTION,
        why=Text(
            f"{hundred.en} sold on {low} leave {less.en} less than on {high}; how many buyers would follow "
            f"is "
            "not known: open or close it in some regions first, as a test.",
            f"{hundred.fr} vendus sur {low} laissent {less.fr} de moins que sur {high} ; combien d'acheteurs "
            "suivraient, on l'ignore : ouvrez-le ou fermez-le d'abord dans quelques régions, comme un test.",
        ),
    )


def _withdrawal(ground: Ground, name: str, gain: np.ndarray) -> Decision:
    spread, period = ground.spread(Range.of(gain)), _next_year(ground)
    return Decision(
        id=f"leave-{name}",
        kind=Kind.DISTRIBUTION,
        says=Text(f"Leave the sales channel {name}.", f"Quitter le canal de vente {name}."),
        why=Text(
            f"Most of its buyers would buy elsewhere from us at a better margin: {spread.en} a year.",
            f"La plupart de ses acheteurs achèteraient ailleurs chez nous, à meilleure marge : {spread.fr} "
            f"par an.",
        ),
        moves=(),
        money=0.0,
        profit=gain,
        period=period,
        basis=ground.basis(
            "distribution.cannibalisation", "distribution.margin", touching=(name,), against=True
        ),
        execution=Execution(
            owner=ground.owner("distribution", "sales", "strategy"),
            hours=80.0,
            reversibility=Reversibility.COSTLY,
            stop_rule=Text(
                "Come back if total contribution falls below the forecast's low end after a quarter.",
                "Revenir si la contribution totale passe sous le bas de la prévision après un trimestre.",
            ),
            review_on=period.end,
        ),
        counts=frozenset({f"distribution:{name}"}),
    )


def _next_year(ground: Ground) -> Window:
    start = ground.today + timedelta(days=1)
    return Window(start=start, end=start + timedelta(days=_A_YEAR - 1))
