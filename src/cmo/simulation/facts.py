"""The truth of a simulated company, measure by measure, in the catalogue's names."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from cmo.simulation.baskets import SALES_CHANNELS
from cmo.simulation.contents import CHANNELS, FORMATS, TOPICS
from cmo.simulation.counterfactuals import geo_effect, half_life, media_effects
from cmo.simulation.episode import observe, rng_of
from cmo.simulation.lifetimes import origins
from cmo.simulation.outside import RISING, category_sales
from cmo.simulation.outside import TOPICS as SIGNALS
from cmo.simulation.people import Assignment
from cmo.simulation.surveys import FUNNEL, IMAGE, PARTWORTHS, PRICE_LEVELS, PRICE_WORTH, ask_prices, awareness
from cmo.simulation.trials import BANNER_TEST
from cmo.simulation.voice import ASPECTS, form_opinions
from cmo.simulation.workspace import History

Floats = npt.NDArray[np.float64]

YEAR = 52
HORIZON = 156  # weeks over which a customer's value is counted
DISCOUNT = 0.10  # a year
SAMPLE = 400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """The truth of one measure.

    Attributes:
        values: True value by subject (`total` where there is one subject).
        definition: What exactly is meant.
        also: The same under other readings that are defensible; a belief is judged under all of them.
    """

    values: Mapping[str, float]
    definition: str
    also: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def as_mapping(self) -> dict[str, object]:
        """The fact as it stands in the truth file."""
        return {k: v for k, v in asdict(self).items() if v}


def media_facts(history: History) -> dict[str, Fact]:
    """Returns, contributions and the like, by switching channels off."""
    market, window = history.market, history.lived[history.market.world.past :]
    alone, together = media_effects(market, window)
    total = float(sum(w.revenue.sum() for w in window))
    spent = {key: e for key, e in alone.items() if e.spend > 0}
    by_week = np.array([w.actions.spend.sum(axis=1) for w in window])
    life = {
        key: half_life(market, window, position, first=int(by_week[:-20, position].argmax()))
        for position, key in enumerate(market.world.company.channel_keys)
        if by_week[:-20, position].any()
    }
    everything = {**spent, "total": together}
    return {
        "media.roi": Fact(
            values={key: e.revenue / e.spend for key, e in spent.items()},
            definition="Revenue of the window that would not be there without its spend, per EUR",
            also={"at_once": {key: e.at_once / e.spend for key, e in spent.items()}},
        ),
        "media.mroi": Fact(
            values={key: e.marginal for key, e in spent.items()},
            definition="Revenue of the window per EUR more, all weeks of the channel raised alike",
            also={"at_once": {key: e.marginal_at_once for key, e in spent.items()}},
        ),
        "media.contribution": Fact(
            values={key: e.revenue for key, e in everything.items()},
            definition="Revenue of the window that would not be there, EUR",
            also={"at_once": {key: e.at_once for key, e in everything.items()}},
        ),
        "media.share": Fact(
            values={key: e.revenue / total for key, e in everything.items()},
            definition="The same as a share of the window's revenue",
            also={"at_once": {key: e.at_once / total for key, e in everything.items()}},
        ),
        "media.incremental_cac": Fact(
            values={key: e.spend / e.newcomers for key, e in spent.items() if e.newcomers > 1},
            definition="Spend per customer who would not have come, EUR",
        ),
        "media.half_life": Fact(values=life, definition="Weeks until half of a week's effect is over"),
    }


def sales_facts(history: History) -> dict[str, Fact]:
    """What the books hold, refunds deducted; and whether it truly grows (expectations, not luck)."""
    lines, window = history.lines, history.lived[history.market.world.past :]
    revenue, margin = lines.revenue(), lines.margin()
    by_way = {name: lines.sales_channel == position for position, name in enumerate(SALES_CHANNELS)}
    expected = np.array([w.revenue.sum() for w in window])
    last = lines.second >= (history.market.world.weeks - YEAR) * 7 * 86_400
    before = ~last & (lines.second >= (history.market.world.weeks - 2 * YEAR) * 7 * 86_400)
    sums = {name: (revenue[way].sum(), margin[way].sum()) for name, way in by_way.items()}
    return {
        "sales.revenue": Fact(
            values={"total": float(revenue.sum()), "growth": _growth(expected)},
            definition="Net revenue of all valid order lines, EUR; growth of what was expected over a year",
        ),
        "sales.contribution": Fact(
            values={"total": float(margin.sum())}, definition="Margin of all valid order lines, EUR"
        ),
        "distribution.revenue_share": Fact(
            values={name: float(r / revenue.sum()) for name, (r, _) in sums.items()},
            definition="Share of the revenue of all valid order lines",
            also={
                "last_year": {
                    n: float(revenue[w & last].sum() / revenue[last].sum()) for n, w in by_way.items()
                }
            },
        ),
        "distribution.margin": Fact(
            values={name: float(m / r) for name, (r, m) in sums.items()},
            definition="Margin over revenue of all valid order lines",
        ),
        "distribution.growth": Fact(
            values={
                n: _ratio(revenue[w & last].sum(), revenue[w & before].sum()) - 1 for n, w in by_way.items()
            },
            definition="Revenue of the last 52 weeks over that of the 52 before, minus 1",
        ),
    }


def forecast_facts(history: History) -> dict[str, Fact]:
    """The calendar months after the data, as far as the world was lived on: what was sold, luck included."""
    world, days = history.market.world, dict[str, tuple[int, float]]()
    first = world.start + timedelta(weeks=world.weeks)
    for week in history.after:
        sold = float(observe(history.market, week).revenue.sum())
        monday = history.market.nature.mondays[week.state.week]
        for offset in range(7):
            month = (monday + timedelta(days=offset)).strftime("%Y-%m")
            n_days, revenue = days.get(month, (0, 0.0))
            days[month] = (n_days + 1, revenue + sold / 7)
    whole = {
        month: revenue
        for month, (n_days, revenue) in days.items()
        if n_days == monthrange(int(month[:4]), int(month[5:]))[1] and f"{first:%Y-%m-%d}" <= f"{month}-01"
    }
    if not whole:
        return {}
    year = {"next_12_months": sum(list(whole.values())[:12])} if len(whole) >= 12 else {}
    return {"sales.forecast": Fact(values=whole | year, definition="Net revenue of a month to come, EUR")}


def _ratio(above: float, below: float) -> float:
    return float(above / below) if below else float("nan")


def _growth(weekly: Floats) -> float:
    if weekly.size < 2 * YEAR:
        return float("nan")
    return float(weekly[-YEAR:].sum() / weekly[-2 * YEAR : -YEAR].sum() - 1)


def customer_facts(history: History) -> dict[str, Fact]:
    """Repeat rate, concentration and value of customers, everybody's orders known."""
    ledger, lines, past = history.ledger, history.lines, history.market.world.past
    since = ledger.customers.since
    followed = (since >= past) & (since <= len(history.lived) - YEAR)
    again = np.zeros(since.size, dtype=bool)
    gap = ledger.week - since[ledger.customer]
    again[ledger.customer[(gap > 0) & (gap <= YEAR)]] = True
    spent = np.bincount(lines.buyer, weights=lines.revenue(), minlength=since.size)
    best = np.sort(spent[spent > 0])[::-1].astype(np.float64)
    values, base = lifetime_values(history)
    return {
        "customers.repeat_rate": Fact(
            values={"total": float(again[followed].mean())},
            definition="Share of newcomers who order again within 52 weeks, anonymous orders included",
        ),
        "customers.concentration": Fact(
            values={f"top {share}%": known_share(best, share / 100) for share in (1, 5, 10, 20)},
            definition="Share of the window's revenue brought by the best buyers",
        ),
        "customers.clv": Fact(
            values=values,
            definition="Expected margin of a newcomer's later orders in 156 weeks, 10 % a year off, EUR",
            also={"base": base},
        ),
    }


def known_share(descending: Floats, share: float) -> float:
    """Share of the sum that the largest bring."""
    return float(descending[: max(1, round(share * descending.size))].sum() / descending.sum())


def lifetime_values(history: History) -> tuple[dict[str, float], dict[str, float]]:
    """Value of a newcomer by origin, and of all who came in the window, as they stand on the last day."""
    market, window = history.market, history.lived[history.market.world.past :]
    company = market.world.company
    year = window[-YEAR:]
    response = np.mean([w.response for w in year], axis=0)
    per_order = np.sum([w.margin for w in year], axis=0) / np.sum([w.orders for w in year], axis=0)
    weeks = np.arange(1, HORIZON + 1)
    discount = (1 + DISCOUNT) ** (-weeks / YEAR)
    leaving = np.mean([w.leaving for w in year], axis=0)
    stays = ((1 - leaving)[:, :, None] ** weeks * discount).sum(axis=2)
    rates = np.array([k.rate for k in company.kinds])
    worth = stays * rates * (response * per_order)[:, None]
    came = np.sum([w.newcomers for w in window], axis=0)
    names = origins(company)
    new = np.einsum("ja,jak,jk->a", came, market.mix, worth)
    left = history.lived[-1].state.customers
    arrived = came.sum(axis=0)
    known = arrived > 1
    base = np.einsum("jak,jk->a", left, worth)
    ever = arrived + history.lived[0].state.customers.sum(axis=(0, 2))
    ever += sum(w.newcomers.sum(axis=0) for w in history.lived[: market.world.past])
    return (
        {n: float(v / c) for n, v, c, k in zip(names, new, arrived, known, strict=True) if k},
        {n: float(v / c) for n, v, c, k in zip(names, base, ever, known, strict=True) if k},
    )


def value_facts(history: History) -> dict[str, Fact]:
    """What people value, from the mechanisms' own parameters and large samples of them."""
    rng = rng_of(history.market.world.seed, 300)
    opinions = form_opinions(rng, count=SAMPLE)
    promoters, detractors = (opinions.nps >= 9).mean(), (opinions.nps <= 6).mean()
    spread = {name: max(levels.values()) - min(levels.values()) for name, levels in PARTWORTHS.items()}
    spread["price"] = -PRICE_WORTH * (max(PRICE_LEVELS) - min(PRICE_LEVELS))
    segments = history.market.world.company.segments
    asked = ask_prices(rng, shares=np.array([s.share for s in segments]), count=SAMPLE)
    lower, upper = _corridor(asked.answers[~asked.careless])
    return {
        "value.nps": Fact(
            values={"total": float(100 * (promoters - detractors))},
            definition="Promoters (9-10) minus detractors (0-6) among all customers, points",
        ),
        "value.satisfaction": Fact(
            values={
                "total": float((opinions.rating >= 4).mean()),
                **{a.key: float(opinions.content[:, n].mean()) for n, a in enumerate(ASPECTS)},
            },
            definition="Share of customers giving four or five stars; by aspect, share content with it",
        ),
        "value.topic_share": Fact(
            values={aspect.key: aspect.spoken for aspect in ASPECTS},
            definition="Share of the written opinions that speak of the aspect",
        ),
        "value.importance": Fact(
            values={name: width / sum(spread.values()) for name, width in spread.items()},
            definition="Range of an attribute's mean part-worths over the sum of the ranges",
        ),
        "value.wtp": Fact(
            values={
                f"{attribute}={level}": worth / -PRICE_WORTH
                for attribute, levels in PARTWORTHS.items()
                for level, worth in levels.items()
                if worth
            },
            definition="Mean part-worth over the first level, divided by the median worth of an EUR",
        ),
        "value.price_corridor": Fact(
            values={"lower": lower, "upper": upper},
            definition="Prices where too cheap meets not cheap, and too expensive meets not expensive, EUR",
        ),
    }


def _corridor(answers: Floats) -> tuple[float, float]:
    prices = np.linspace(answers.min(), answers.max(), 2_000)
    at_most = [np.searchsorted(np.sort(answers[:, n]), prices, side="right") / len(answers) for n in range(4)]
    lower = prices[np.argmax(at_most[1] >= 1 - at_most[0])]
    upper = prices[np.argmax(at_most[3] >= 1 - at_most[2])]
    return float(lower), float(upper)


def outside_facts(history: History) -> dict[str, Fact]:
    """Brand, market, trends and content."""
    market = history.market
    company = market.world.company
    year = history.lived[-YEAR:]
    ours, theirs = category_sales(market, year)
    total = ours + float(theirs.sum())
    known = {
        company.name: awareness(market, history.lived[-1]),
        **{r.name: r.awareness for r in company.rivals},
    }
    appeal = float(np.mean([t[2] for t in TOPICS.values()]) * sum(c[1] * c[2] for c in CHANNELS))
    return {
        "brand.awareness": Fact(values=known, definition="Share of people who know the brand, last week"),
        "brand.consideration": Fact(
            values={b: share * FUNNEL[b][0] for b, share in known.items() if b in FUNNEL},
            definition="Share of people who would consider the brand, last week",
        ),
        "brand.image": Fact(
            values={attribute: agree[0] for attribute, agree in IMAGE.items()},
            definition="Share of those who know the brand that associate it with the attribute",
        ),
        "market.share": Fact(
            values={
                company.name: ours / total,
                **{r.name: float(t) / total for r, t in zip(company.rivals, theirs, strict=True)},
            },
            definition="Share of the brands' sales, last 52 weeks",
        ),
        "market.trend": Fact(
            values={topic: float(topic == RISING) for topic in SIGNALS},
            definition="1 for the topic that truly spreads, 0 for the others",
        ),
        "content.engagement": Fact(
            values={f.key: f.engagement * appeal for f in FORMATS},
            definition="Engagements per impression by format",
        ),
    }


def trial_facts(history: History) -> dict[str, Fact]:
    """Effects of the randomised tests."""
    return {
        "experiments.lift": Fact(
            values={BANNER_TEST: 0.0, **{a.test.test_id: _lift(history, a) for a in history.ledger.tests}},
            definition="Expected relative change of the units' orders, treated against control",
        )
    }


def geo_facts(history: History) -> dict[str, dict[str, float]]:
    """What the test in regions truly brought there."""
    test = history.plan.geo_test
    return {test.test_id: geo_effect(history.market, history.lived, test)}


def _lift(history: History, assigned: Assignment) -> float:
    customers, kinds = history.ledger.customers, history.market.world.company.kinds
    unit = assigned.customer
    response = history.lived[assigned.test.week].response[customers.cell[unit]]
    rate = np.array([k.rate for k in kinds])[customers.kind[unit]] * customers.pace[unit] * response
    return float((rate * assigned.lift).sum() / rate.sum())
