"""What the platforms and the agency report: spend, deliveries, claimed conversions, and single contacts."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cmo.simulation.accounts import customer_ids
from cmo.simulation.episode import Observation
from cmo.simulation.files import instants
from cmo.simulation.living import Market, Week, exists
from cmo.simulation.sales import Lines

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CLICK_RATE = {"search": 0.062, "affiliation": 0.035}  # clicks per impression where a contact is a click
TRACKED_ORDERS = 12_000  # orders whose contacts are kept, at most
MISBOOKED = 0.10  # standard deviation of a week's booked spend, in logarithms
BOOKED_LATE = 0.25  # share of a week's spend that is booked in the next
VISITORS = 1.4  # persons who were tracked and did not buy, per tracked order
LAG_DAYS = {"search": 0.4, "affiliation": 0.15, "email": 1.0}  # mean days between contact and order
USUAL_LAG_DAYS = 4.0


def media_table(
    market: Market, lived: list[Week], seen: list[Observation], rng: np.random.Generator
) -> pa.Table:
    """One row per week, channel and region while the channel exists."""
    company = market.world.company
    to_region = market.population.in_region.T
    names = np.array(company.region_names)
    parts = []
    worth = _mean_order(lived)
    for week, observed, spent in zip(lived, seen, booked_spend(market, lived, rng), strict=True):
        touched = week.touched * _audience(market, week)
        reach = touched @ to_region
        for position, channel in enumerate(company.channels):
            if not observed.available[position]:
                continue
            contacts = observed.impressions[position]
            rate = CLICK_RATE.get(channel.key)
            impressions = np.round(contacts if rate is None else contacts / rate)
            clicks = (
                None if channel.clicks is None else rng.poisson(contacts * channel.clicks).astype(np.float64)
            )
            claimed = (
                rng.poisson(observed.claimed[position]).astype(np.float64) if channel.claims > 0 else None
            )
            people = np.round(reach[position])
            frequency = np.divide(contacts, people, out=np.zeros_like(contacts), where=people > 0)
            empty = pa.nulls(names.size, pa.float64())
            parts.append(
                pa.table(
                    {
                        "date": pa.array([observed.monday] * names.size),
                        "channel": np.full(names.size, channel.key),
                        "region": names,
                        "spend": np.round(spent[position], 2),
                        "impressions": impressions,
                        "clicks": empty if clicks is None else pa.array(clicks),
                        "reach": people,
                        "frequency": np.round(frequency, 3),
                        "conversions": empty if claimed is None else pa.array(claimed),
                        "conversion_value": empty
                        if claimed is None
                        else pa.array(np.round(claimed * worth, 2)),
                    }
                )
            )
    return pa.concat_tables(parts).combine_chunks()


def booked_spend(market: Market, lived: list[Week], rng: np.random.Generator) -> Floats:
    """Spend as the books have it, shape (weeks, C, R): with errors and delays where the world has them."""
    spend = np.array([w.actions.spend for w in lived])
    strength = market.world.mechanisms.misbooking
    if not strength:
        return spend
    late = strength * BOOKED_LATE
    spend = spend * np.exp(strength * MISBOOKED * rng.standard_normal((*spend.shape[:2], 1)))
    before = np.concatenate([spend[:1], spend[:-1]])
    running = np.array([exists(market, w.state.week) for w in lived])
    return np.asarray(((1 - late) * spend + late * before) * running[:, :, None], dtype=np.float64)


def _mean_order(lived: list[Week]) -> float:
    return sum(float(w.revenue.sum()) for w in lived) / sum(float(w.orders.sum()) for w in lived)


def _audience(market: Market, week: Week) -> Floats:
    by_name = {
        "people": market.population.people,
        "shoppers": week.queries,
        "customers": week.state.customers.sum(axis=(1, 2)),
    }
    return np.array([by_name[c.audience] for c in market.world.company.channels])


def _contacts_before(
    market: Market, lived: list[Week], *, cell: Ints, week: Ints, rng: np.random.Generator
) -> Floats:
    """Draw which digital channels met each buyer, shape (n, C)."""
    past = market.world.past
    claims = np.array([c.claims if c.digital else 0.0 for c in market.world.company.channels])
    met = np.zeros((cell.size, claims.size))
    for number in np.unique(week):
        rows = week == number
        lived_week = lived[past + int(number)]
        orders = np.maximum(lived_week.orders[cell[rows]], 1e-9)
        share = lived_week.claimed[:, cell[rows]] / orders
        met[rows] = np.divide(share, claims[:, None], out=np.zeros_like(share), where=claims[:, None] > 0).T
    return (rng.random(met.shape) < met).astype(np.float64)


def touchpoints_table(
    market: Market, lived: list[Week], lines: Lines, cells: Ints, rng: np.random.Generator
) -> pa.Table:
    """Contacts of tracked people with digital channels, those who bought and those who did not."""
    world, company = market.world, market.world.company
    keys = np.array(company.channel_keys)
    order, first = np.unique(lines.order, return_index=True)
    first = first[(lines.customer[first] >= 0) & (lines.sales_channel[first] != 1)]
    chosen = np.sort(rng.permutation(first)[: int(TRACKED_ORDERS * max(world.scale, 0.1))])
    worth = np.zeros(order.max() + 1)
    np.add.at(worth, lines.order, np.maximum(lines.revenue(), 0.0))
    second, buyer = lines.second[chosen], lines.customer[chosen]
    met = _contacts_before(market, lived, cell=cells[buyer], week=second // (7 * 86_400), rng=rng)
    row, channel = np.nonzero(met)
    lag = np.array([LAG_DAYS.get(key, USUAL_LAG_DAYS) for key in keys])
    ago = np.minimum(rng.exponential(lag[channel]), 27.9) * 86_400
    at = second[row] - 60 - ago.astype(np.int64)
    last = np.full(chosen.size, -1)
    for n in np.argsort(at, kind="stable"):
        last[row[n]] = n
    converted = np.zeros(row.size, dtype=np.int64)
    converted[last[last >= 0]] = 1
    bought = pa.table(
        {
            "person_id": customer_ids(buyer[row]),
            "at": instants(at, start=world.start.isoformat()),
            "channel": keys[channel],
            "converted": converted,
            "value": np.where(converted == 1, np.round(worth[lines.order[chosen]][row], 2), 0.0),
        }
    )
    everything = pa.concat_tables([bought, _visitors(market, lived, rng, count=int(VISITORS * chosen.size))])
    return everything.sort_by([("at", "ascending"), ("person_id", "ascending"), ("channel", "ascending")])


def _visitors(market: Market, lived: list[Week], rng: np.random.Generator, *, count: int) -> pa.Table:
    """People who were met and did not buy: contacts fall on channels as clicks do."""
    world, company = market.world, market.world.company
    rate = np.array([(c.clicks or 0.0) * c.digital for c in company.channels])
    clicks = np.array([w.contacts.sum(axis=1) * rate for w in lived[world.past :]])
    week = rng.choice(world.weeks, count, p=clicks.sum(axis=1) / clicks.sum())
    touches = 1 + rng.poisson(0.6, count)
    person = np.repeat(np.arange(count), touches)
    share = np.cumsum(clicks[week[person]], axis=1)
    channel = (rng.random(person.size)[:, None] * share[:, -1:] > share[:, :-1]).sum(axis=1)
    at = week[person] * 7 * 86_400 + rng.integers(0, 7 * 86_400, person.size)
    return pa.table(
        {
            "person_id": [f"V{n:07d}" for n in person.tolist()],
            "at": instants(at, start=world.start.isoformat()),
            "channel": np.array(company.channel_keys)[channel],
            "converted": np.zeros(person.size, dtype=np.int64),
            "value": np.zeros(person.size),
        }
    )
