"""One week of the market: actions in, what happened out. No chance is drawn here; it all lies in `Nature`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from cmo.simulation import exposure, lifetimes, memory, rivalry
from cmo.simulation.baskets import Basket, mean_basket, mean_margin, paid_share
from cmo.simulation.company import World
from cmo.simulation.nature import Nature
from cmo.simulation.population import Population
from cmo.simulation.rivalry import Rivals

Floats = npt.NDArray[np.float64]

FORGETTING_NAMES = 0.008  # weekly share of those who knew the brand and no longer do
ORGANIC_FAME = 0.0046  # weekly share who come to know it by chance
HEARSAY_FAME = 0.01  # share of those hearing of it who come to know it
HEARSAY = 0.35  # rise of the purchase propensity of who hears of it
_TRAITS = ("cost", "reach", "clumping", "notice", "persuasion", "reminder", "fame", "claims", "homing")
SEEN_KEPT = 0.45  # weekly retention of a platform's look-back window
SEARCHES = 1.6  # searches for the category per purchase
BRAND_SEARCHES = 0.9  # searches for the brand per person who has it in mind and shops


@dataclass(frozen=True, slots=True, kw_only=True)
class Actions:
    """What the company does in a week: spend in EUR, shape (C, R), list price index, depth of promotion."""

    spend: Floats
    price: float = 1.0
    discount: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The market on a Monday morning.

    Attributes:
        week: Weeks since the past began.
        fresh: Share of each cell with a fresh memory of each channel, shape (C, J).
        deep: The same for deep memories, shape (C, J).
        seen: Share touched within the platforms' look-back window, shape (C, J).
        aware: Share who know the brand, shape (J,).
        prospects: People who never bought, shape (J,).
        customers: Active customers by origin and kind, shape (J, A, K).
        rivals: The competitors.
        share: Our share of the category's purchases last week.
    """

    week: int
    fresh: Floats
    deep: Floats
    seen: Floats
    aware: Floats
    prospects: Floats
    customers: Floats
    rivals: Rivals
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """All that happened in a week, including what nobody could observe (expectations, before sampling).

    Attributes:
        state: The market when the week began.
        actions: What the company did.
        contacts: Contacts bought, shape (C, J).
        touched: Share of the audience touched, shape (C, J).
        newcomers: First orders by cell and origin, shape (J, A).
        response: Orders of a customer relative to the kind's rate, shape (J,).
        leaving: Probability of leaving, shape (J, K).
        orders: Orders, shape (J,).
        revenue: Net of refunds, EUR, shape (J,).
        margin: Net of refunds, EUR, before marketing, shape (J,).
        claimed: Orders that each platform claims, shape (C, J).
        searches: Searches for the brand, shape (J,).
        queries: Searches for the category, shape (J,).
    """

    state: State
    actions: Actions
    contacts: Floats
    touched: Floats
    newcomers: Floats
    response: Floats
    leaving: Floats
    orders: Floats
    revenue: Floats
    margin: Floats
    claimed: Floats
    searches: Floats
    queries: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """What stays the same from week to week.

    Attributes:
        world: The world.
        population: Its people.
        nature: What befalls it.
        kept: Weekly retention of fresh memories, shape (C, J).
        kept_deep: The same for deep memories, shape (C, J).
        mix: Shares of the kinds among newcomers, shape (J, A, K).
        basket: Mean worth of an order.
        usual_need: Category purchases per person and week on average, shape (J,).
        traits: The channels' numbers by attribute, each of shape (C,).
        rates: Orders per week of each kind of customer, shape (K,).
    """

    world: World
    population: Population
    nature: Nature
    kept: Floats
    kept_deep: Floats
    mix: Floats
    basket: Basket
    usual_need: Floats
    traits: Mapping[str, Floats]
    rates: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class _Media:
    """What a week's advertising did: contacts, shares touched, memories, propensities, each (C, J)."""

    contacts: Floats
    touched: Floats
    emails: Floats
    impressed: Floats
    fresh: Floats
    deep: Floats
    moved: Floats
    reminded: Floats


def market_of(world: World, *, population: Population, nature: Nature) -> Market:
    """Prepare the constants of a world."""
    company = world.company
    half_life = np.array([c.half_life for c in company.channels])
    need = np.array([s.need for s in company.segments])
    return Market(
        world=world,
        population=population,
        nature=nature,
        kept=memory.retention(half_life, population.memory),
        kept_deep=memory.retention(memory.DEEP_SPAN * half_life, population.memory),
        mix=lifetimes.kind_mix(company, population, strength=world.mechanisms.loyalty),
        basket=mean_basket(company),
        usual_need=need[population.segment],
        traits={name: _trait(world, name) for name in _TRAITS},
        rates=np.array([kind.rate for kind in company.kinds]),
    )


def _trait(world: World, name: str) -> Floats:
    values = np.array([getattr(c, name) for c in world.company.channels], dtype=np.float64)
    return world.mechanisms.fame * values if name == "fame" else values


def first_state(market: Market) -> State:
    """The market before anything was advertised."""
    company, people = market.world.company, market.population.people
    n_channels, n_cells = len(company.channels), people.size
    nothing = np.zeros((n_channels, n_cells))
    return State(
        week=0,
        fresh=nothing,
        deep=nothing,
        seen=nothing,
        aware=np.full(n_cells, company.awareness),
        prospects=people.copy(),
        customers=lifetimes.founders(company, market.population),
        rivals=rivalry.at_rest(company),
        share=0.0,
    )


def appears_in(market: Market, channel: int) -> int:
    """Week (from the beginning of the past) in which a channel appears."""
    appears = market.world.company.channels[channel].appears
    return 0 if appears == 0.0 else market.world.past + int(appears * market.world.weeks)


def exists(market: Market, week: int) -> npt.NDArray[np.bool_]:
    """Which channels exist in a week, shape (C,)."""
    return np.array([week >= appears_in(market, c) for c in range(len(market.world.company.channels))])


def _advertise(market: Market, state: State, actions: Actions) -> _Media:
    company, population = market.world.company, market.population
    shoppers = population.people * market.nature.need[state.week] * SEARCHES
    audiences = {
        "people": population.people,
        "shoppers": shoppers,
        "customers": state.customers.sum(axis=(1, 2)),
    }
    audience = np.array([audiences[c.audience] for c in company.channels])
    cost = market.traits["cost"] * market.nature.contact_price[state.week]
    bought = actions.spend * exists(market, state.week)[:, None]
    contacts = exposure.spread_contacts(
        bought / cost[:, None], audience, population, affinity=population.affinity
    )
    reach, clumping = market.traits["reach"], market.traits["clumping"]
    per_person = exposure.mean_contacts(contacts, audience, reach)
    impressed = exposure.noticed(per_person, reach=reach, clumping=clumping, notice=market.traits["notice"])
    fresh = memory.remember(state.fresh, impressed, kept=market.kept)
    deepening = market.world.mechanisms.depth * memory.DEEPENING
    deep = memory.remember(state.deep, deepening * impressed, kept=market.kept_deep)
    alive = memory.in_mind(fresh, deep)
    bonus = market.nature.effect[state.week] * np.array(
        [
            1 + exposure.pioneer_bonus(c, weeks_since=state.week - appears_in(market, i))
            for i, c in enumerate(company.channels)
        ]
    )
    email = np.array([c.audience == "customers" for c in company.channels], dtype=np.float64)
    return _Media(
        contacts=contacts,
        touched=exposure.touched(per_person, reach=reach, clumping=clumping),
        emails=email @ per_person,
        impressed=impressed,
        fresh=fresh,
        deep=deep,
        moved=alive * (market.traits["persuasion"] * bonus)[:, None],
        reminded=alive * (market.traits["reminder"] * bonus)[:, None],
    )


def _win(
    market: Market, state: State, actions: Actions, *, media: _Media, hearsay: Floats
) -> tuple[Floats, float]:
    """First orders by cell and origin, and the attraction of the rivals in total."""
    company, population = market.world.company, market.population
    against = float(rivalry.attraction(state.rivals, company).sum())
    price = actions.price * paid_share(actions.discount)
    of_mouth = market.world.mechanisms.hearsay * HEARSAY * hearsay
    pull = np.prod(1 + media.moved, axis=0) * (1 + of_mouth)
    ours = company.attraction * pull * price**-population.elasticity
    hazard = market.nature.need[state.week] * state.aware * ours / (ours + against)
    first = state.prospects * -np.expm1(-hazard)
    parts = np.log(1 + np.vstack([media.moved, np.zeros_like(of_mouth), of_mouth]))
    parts[-2] = 1.0  # of their own accord: what brings one customer in e^1 without any push
    origin = parts / parts.sum(axis=0)
    return np.asarray((origin * first).T, dtype=np.float64), against


def live(market: Market, state: State, actions: Actions) -> tuple[State, Week]:
    """Live one week.

    Args:
        market: The constants of the world.
        state: The market on Monday morning.
        actions: What the company does in the week.

    Returns:
        The market a week later, and what happened.
    """
    company, population, nature = market.world.company, market.population, market.nature
    media = _advertise(market, state, actions)
    hearsay = lifetimes.chatter(state.customers, population)
    newcomers, against = _win(market, state, actions, media=media, hearsay=hearsay)
    price = actions.price * paid_share(actions.discount)
    need = nature.need[state.week]
    response = need / market.usual_need * np.prod(1 + media.reminded, axis=0)
    response *= price ** (-0.6 * population.elasticity) * against**-0.5
    repeats = (state.customers.sum(axis=1) @ market.rates) * response
    orders = newcomers.sum(axis=1) + repeats
    years = (state.week - market.world.past) / 52
    list_revenue = orders * market.basket.revenue[population.segment]
    revenue = list_revenue * price
    cost = orders * market.basket.cost[population.segment]
    seen = memory.remember(state.seen, media.touched, kept=np.array(SEEN_KEPT))
    known = np.array([c.audience == "customers" for c in company.channels])[:, None]
    met = 1 - np.exp(market.traits["homing"][:, None] * np.log(1 - seen))
    claimed = market.traits["claims"][:, None] * met * np.where(known, repeats, orders)
    leaving = lifetimes.leaving(company, media.emails, strength=market.world.mechanisms.fatigue)
    week = Week(
        state=state,
        actions=actions,
        contacts=media.contacts,
        touched=media.touched,
        newcomers=newcomers,
        response=response,
        leaving=leaving,
        orders=orders,
        revenue=revenue * (1 - company.refunds),
        margin=mean_margin(company, revenue, cost, years=years),
        claimed=claimed,
        searches=BRAND_SEARCHES * need * population.people * state.aware * (0.2 + media.fresh.mean(axis=0)),
        queries=SEARCHES * need * population.people,
    )
    return _next(market, week, media=media, seen=seen, hearsay=hearsay), week


def _next(market: Market, week: Week, *, media: _Media, seen: Floats, hearsay: Floats) -> State:
    company, state = market.world.company, week.state
    known = 1 - np.prod(1 - media.impressed * market.traits["fame"][:, None], axis=0)
    of_mouth = market.world.mechanisms.hearsay * HEARSAY_FAME
    learnt = 1 - (1 - known) * (1 - of_mouth * hearsay) * (1 - ORGANIC_FAME)
    first = week.newcomers.sum(axis=1)
    total = float(market.nature.need[state.week] @ market.population.people)
    customers = week.newcomers[:, :, None] * market.mix
    customers += state.customers * (1 - week.leaving[:, None, :])
    return replace(
        state,
        week=state.week + 1,
        fresh=media.fresh,
        deep=media.deep,
        seen=seen,
        aware=state.aware * (1 - FORGETTING_NAMES) + (1 - state.aware) * learnt,
        prospects=state.prospects - first + market.population.people * lifetimes.NEWBORN / 52,
        customers=customers,
        rivals=rivalry.react(
            state.rivals,
            company,
            campaign=market.nature.rival_campaigns[state.week],
            discount=week.actions.discount,
            share=state.share,
            strength=market.world.mechanisms.rivalry,
        ),
        share=float(week.orders.sum()) / total,
    )
