"""Figures of the market that anybody can buy, and what people talk about."""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cmo.simulation.living import Market, Week
from cmo.simulation.rivalry import attraction

Floats = npt.NDArray[np.float64]

RISING = "cosmétique solide"
FADING = "sans paraben"
SUMMER = "protection solaire"
TOPICS = {  # level a week, yearly growth (log), seasonal swing
    RISING: (60.0, 0.0, 0.0),
    FADING: (190.0, -0.55, 0.0),
    "rouge à lèvres mat": (150.0, -0.02, 0.10),
    "vitamine C": (170.0, 0.0, 0.05),
    "routine coréenne": (120.0, -0.20, 0.0),
    SUMMER: (200.0, 0.0, 0.85),
    "parfum d'intérieur": (90.0, 0.0, 0.30),
    "acide hyaluronique": (210.0, -0.05, 0.0),
    "maquillage de fête": (80.0, 0.0, 0.70),
}
RISE = 9.0  # final height of the rising topic, in multiples of its level
RISE_YEARS = 0.33  # time scale of its diffusion
RISE_MIDDLE = 0.85  # share of the years after which it is half way up
SOURCES = (("search", 1.0), ("forums", 0.4))
BUZZ_SHAPE = 25.0  # gamma shape of a week's chance loudness
_SECTORS = (("cosmetics", 1.0), ("instituts et spas", 0.55), ("compléments beauté", 0.30))
_PANEL_NOISE = 0.03


def topic_levels(topic: str, *, dates: list[date]) -> Floats:
    """Expected weekly volume of a topic: growth from the first date, seasons by the calendar."""
    level, growth, swing = TOPICS[topic]
    years = np.arange(len(dates)) / 52
    if topic == RISING:
        risen = 1 / (1 + np.exp(-(years - RISE_MIDDLE * len(dates) / 52) / RISE_YEARS))
        return np.asarray(level * (1 + (RISE - 1) * risen), dtype=np.float64)
    day = np.array([d.timetuple().tm_yday / 365.25 for d in dates])
    peak = 0.52 if topic == SUMMER else 0.97
    return np.asarray(
        level * np.exp(growth * years + swing * np.cos(2 * np.pi * (day - peak))), dtype=np.float64
    )


def signals_table(market: Market, rng: np.random.Generator) -> pa.Table:
    """Weekly volumes of topics: one that rises, one that fades, others flat or seasonal."""
    world = market.world
    dates = [world.start + timedelta(weeks=n) for n in range(world.weeks)]
    parts = []
    for topic in TOPICS:
        for source, size in SOURCES:
            buzz = rng.gamma(BUZZ_SHAPE, 1 / BUZZ_SHAPE, world.weeks)
            volume = rng.poisson(topic_levels(topic, dates=dates) * buzz * size).astype(np.float64)
            parts.append(
                pa.table(
                    {
                        "date": dates,
                        "topic": [topic] * world.weeks,
                        "volume": volume,
                        "source": [source] * world.weeks,
                    }
                )
            )
    return pa.concat_tables(parts).combine_chunks()


def monthly(market: Market, lived: list[Week]) -> dict[date, list[Week]]:
    """Weeks of the data by the month in which they begin."""
    out: dict[date, list[Week]] = {}
    for week in lived[market.world.past :]:
        monday = market.nature.mondays[week.state.week]
        out.setdefault(monday.replace(day=1), []).append(week)
    return out


def category_sales(market: Market, weeks: list[Week]) -> tuple[float, Floats]:
    """Our revenue and the rivals', EUR, over some weeks."""
    company = market.world.company
    ours = sum(float(w.revenue.sum()) for w in weeks)
    theirs = np.zeros(len(company.rivals))
    per_order = ours / max(sum(float(w.orders.sum()) for w in weeks), 1e-9)
    for week in weeks:
        rest = week.queries.sum() / 1.6 - week.orders.sum()
        pull = attraction(week.state.rivals, company)
        theirs += rest * 0.55 * pull / pull.sum() * per_order * week.state.rivals.price
    return ours, theirs


def market_table(market: Market, lived: list[Week], rng: np.random.Generator) -> pa.Table:
    """Monthly figures of a market panel, brand by brand, and of neighbouring sectors."""
    company = market.world.company
    brands = (company.name, *(r.name for r in company.rivals))
    rows: list[tuple[date, str, str, float, str]] = []
    for month, weeks in monthly(market, lived).items():
        ours, theirs = category_sales(market, weeks)
        price = 100 * np.mean([w.actions.price for w in weeks])
        ad = sum(float(w.actions.spend.sum()) for w in weeks)
        searches = sum(float(w.searches.sum()) for w in weeks)
        rivals = weeks[-1].state.rivals
        figures = {
            "sales": np.array([ours, *theirs]),
            "price": np.array([price, *(100 * rivals.price)]),
            "spend": np.array([ad, *np.sum([w.state.rivals.spend for w in weeks], axis=0)]),
            "search": np.array([searches, *(searches * theirs / ours * 0.8)]),
            "distribution": np.array([31.0, 68.0, 57.0, 44.0][: len(brands)]),
            "mentions": np.array([ours, *theirs]) ** 0.8 / 40,
        }
        for metric, values in figures.items():
            noisy = values * np.exp(_PANEL_NOISE * rng.standard_normal(values.size) * (metric != "price"))
            rows += [
                (month, b, metric, round(float(v), 2), "cosmetics")
                for b, v in zip(brands, noisy, strict=True)
            ]
        total = ours + float(theirs.sum())
        for sector, size in _SECTORS[1:]:
            value = total * size * float(np.exp(_PANEL_NOISE * rng.standard_normal()))
            rows.append((month, sector, "sales", round(value, 2), sector))
    dates, names, metrics, values_, sectors = zip(*rows, strict=True)
    return pa.table(
        {
            "date": list(dates),
            "brand": list(names),
            "metric": list(metrics),
            "value": list(values_),
            "sector": list(sectors),
        }
    )
