"""The company's own books: orders, customers and what is to be explained."""

import unicodedata
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cmo.simulation.baskets import SALES_CHANNELS
from cmo.simulation.calendar import mondays
from cmo.simulation.files import instants
from cmo.simulation.lifetimes import origins
from cmo.simulation.living import Market
from cmo.simulation.names import COUNTRIES, ENGLISH_SPEAKERS, FAMILY_NAMES, FIRST_NAMES
from cmo.simulation.people import Ledger
from cmo.simulation.sales import Lines

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

UNKNOWN_ORIGIN = 0.04  # share of customers of whom nobody wrote down how they came
UNSUBSCRIBED = 0.18
_WEEK = 7 * 86_400


def customer_ids(index: Ints) -> list[str]:
    """Identifiers of customers."""
    return [f"C{n:07d}" for n in index.tolist()]


def orders_table(market: Market, lines: Lines) -> pa.Table:
    """The shop's export, in its own words: French column names, prices and quantities rather than revenue."""
    company = market.world.company
    products = company.products
    ids = np.array([p.product_id for p in products])
    names = np.array([p.name for p in products])
    categories = np.array([p.category for p in products])
    anonymous = lines.customer < 0
    return pa.table(
        {
            "commande": pa.array([f"L{n:08d}" for n in lines.order.tolist()]),
            "ligne": lines.number,
            "client": pa.array(customer_ids(lines.customer), mask=anonymous),
            "date_commande": instants(lines.second, start=market.world.start.isoformat()),
            "reference": ids[lines.product],
            "produit": names[lines.product],
            "gamme": categories[lines.product],
            "quantite": lines.quantity,
            "prix_unitaire": lines.unit_price,
            "remise": lines.rebate,
            "cout_unitaire": lines.unit_cost,
            "canal_vente": np.array(SALES_CHANNELS)[lines.sales_channel],
            "region": np.array(company.region_names)[lines.region],
        }
    )


def spoil_orders(orders: pa.Table, rng: np.random.Generator, *, count: int) -> pa.Table:
    """Add lines whose amount is missing, as a till that lost its connection leaves them."""
    rows = np.sort(rng.choice(orders.num_rows, count, replace=False))
    spoiled = orders.take(pa.array(rows))
    for name in ("prix_unitaire", "remise"):
        position = spoiled.schema.get_field_index(name)
        spoiled = spoiled.set_column(position, name, pa.nulls(count, pa.float64()))
    position = spoiled.schema.get_field_index("commande")
    numbers = pa.array([f"PANNE{n:03d}" for n in range(1, count + 1)])
    return pa.concat_tables([orders, spoiled.set_column(position, "commande", numbers)])


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    return folded.lower()


def _weighted(
    rng: np.random.Generator, pairs: tuple[tuple[str, float], ...], size: int
) -> npt.NDArray[np.str_]:
    values, weights = zip(*pairs, strict=True)
    return rng.choice(np.array(values), size, p=np.array(weights) / sum(weights))


def first_seconds(ledger: Ledger, lines: Lines) -> Ints:
    """Second of each customer's first order in the window; a number beyond any where there is none."""
    first = np.full(ledger.customers.cell.size, np.iinfo(np.int64).max)
    np.minimum.at(first, lines.buyer, lines.second)
    return first


def known_customers(market: Market, ledger: Ledger, lines: Lines) -> tuple[Ints, Ints]:
    """Customers in the company's files, and the second they came (negative before the data begins).

    Somebody all of whose orders are anonymous is known to nobody.
    """
    past = market.world.past
    ordered = np.zeros(ledger.customers.cell.size, dtype=bool)
    ordered[lines.buyer[lines.customer >= 0]] = True
    known = np.flatnonzero(ordered | (ledger.customers.since < past))
    since = ledger.customers.since[known]
    first = first_seconds(ledger, lines)[known]
    scatter = (known * 2_654_435_761) % _WEEK
    earlier = (
        np.where(since < 0, -(known * 40_503) % (2 * 365) - 7 * past, (since - past) * 7) * 86_400 + scatter
    )
    return known, np.where(since < past, np.minimum(earlier, -86_400), first)


def customers_table(market: Market, ledger: Ledger, lines: Lines, rng: np.random.Generator) -> pa.Table:
    """The customer file."""
    world = market.world
    known, came = known_customers(market, ledger, lines)
    size = known.size
    names = np.array(origins(world.company))[ledger.customers.origin[known]]
    first, family = rng.choice(np.array(FIRST_NAMES), size), rng.choice(np.array(FAMILY_NAMES), size)
    ids = customer_ids(known)
    plain = {name: _plain(name) for name in (*FIRST_NAMES, *FAMILY_NAMES)}
    mails = [
        f"{plain[a]}.{plain[b]}.{n[1:].lstrip('0') or '0'}@example.org"
        for a, b, n in zip(first.tolist(), family.tolist(), ids, strict=True)
    ]
    days = came // 86_400
    consent = ledger.customers.consent[known]
    end = world.weeks * 7
    leaves = days + rng.integers(20, 900, size)
    unsubscribed = consent & (rng.random(size) < UNSUBSCRIBED) & (leaves < end)
    language = np.where(rng.random(size) < ENGLISH_SPEAKERS, "en", "fr")
    start = np.datetime64(world.start.isoformat(), "D")

    def day(offset: Ints, mask: npt.NDArray[np.bool_]) -> pa.Array:
        return pa.array(start + offset.astype("timedelta64[D]"), mask=~mask)

    return pa.table(
        {
            "customer_id": ids,
            "acquired_at": day(days, np.ones(size, dtype=bool)),
            "acquisition_channel": pa.array(names, mask=rng.random(size) < UNKNOWN_ORIGIN),
            "email": pa.array(mails, mask=rng.random(size) < 0.03),
            "name": [f"{a} {b}" for a, b in zip(first.tolist(), family.tolist(), strict=True)],
            "country": _weighted(rng, COUNTRIES, size),
            "language": language,
            "email_consent_at": day(days, consent),
            "unsubscribed_at": day(leaves, unsubscribed),
        }
    )


def weekly_sums(market: Market, lines: Lines, amounts: Floats) -> Floats:
    """Sums of the lines' amounts by week of the data and region, shape (weeks, R)."""
    n_regions = len(market.world.company.regions)
    flat = (lines.second // _WEEK) * n_regions + lines.region
    sums = np.bincount(flat, weights=amounts, minlength=market.world.weeks * n_regions)
    return np.asarray(sums.reshape(-1, n_regions), dtype=np.float64)


def outcomes_table(market: Market, ledger: Ledger, lines: Lines) -> pa.Table:
    """Weekly revenue and new customers by region, as finance books them: the orders' own sums."""
    world, company = market.world, market.world.company
    revenue = np.round(weekly_sums(market, lines, lines.revenue()), 2)
    margin = weekly_sums(market, lines, lines.margin())
    past = ledger.customers.since - world.past
    inside = past >= 0
    regions = market.population.region[ledger.customers.cell]
    flat = past[inside] * len(company.regions) + regions[inside]
    arrived = np.bincount(flat, minlength=revenue.size).reshape(revenue.shape)
    people = np.round(market.population.in_region @ market.population.people)
    dates, names = _week_region(market)
    per_unit = np.full(revenue.size, round(float(margin.sum() / revenue.sum()), 4))
    return pa.concat_tables(
        [
            pa.table(
                {
                    "date": dates,
                    "kpi": np.full(revenue.size, kpi),
                    "region": names,
                    "value": values.ravel().astype(np.float64),
                    "population": np.tile(people, world.weeks),
                    "value_per_unit": worth,
                }
            )
            for kpi, values, worth in (
                ("revenue", revenue, pa.array(per_unit)),
                ("new_customers", arrived, pa.nulls(revenue.size, pa.float64())),
            )
        ]
    )


def _week_region(market: Market) -> tuple[list[date], npt.NDArray[np.str_]]:
    company = market.world.company
    weeks = mondays(market.world.start, market.world.weeks)
    dates = [week for week in weeks for _ in company.regions]
    return dates, np.tile(np.array(company.region_names), len(weeks))


def day_of(market: Market, week: int) -> date:
    """Monday of a week of the data."""
    return market.world.start + timedelta(weeks=week)
