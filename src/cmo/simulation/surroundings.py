"""What else moves sales, and what happened: context and events."""

from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from cmo.simulation.calendar import feasts, is_sales_period
from cmo.simulation.habit import Plan
from cmo.simulation.living import Market, Week, appears_in

_KINDS = {"strike": ("Grève des transports", "Transport strike"), "outage": ("Panne du site", "Site outage")}


def context_table(market: Market, lived: list[Week], rng: np.random.Generator) -> pa.Table:
    """Weekly context: weather by region; prices, promotions, competitors and morale for the country."""
    world, names = market.world, market.world.company.region_names
    window = lived[world.past :]
    dates: list[date] = []
    what: list[str] = []
    value: list[float] = []
    region: list[str | None] = []
    morale = 0.0
    for week in window:
        number = week.state.week
        monday = market.nature.mondays[number]
        temperature = np.round(market.nature.temperature[number], 1)
        dates += [monday] * len(names)
        what += ["temperature"] * len(names)
        value += temperature.tolist()
        region += list(names)
        # Surveys of morale see the mood of demand late and through noise.
        morale = 0.8 * morale + 0.2 * float(np.log(market.nature.mood[number])) * 100
        rows = {
            "price_index": round(100 * week.actions.price, 2),
            "promotion": week.actions.discount,
            "competitor_price": round(100 * float(week.state.rivals.price.mean()), 2),
            "competitor_spend": round(float(week.state.rivals.spend.sum()), 0),
            "household_morale": round(100 + morale + float(rng.normal(0.0, 1.5)), 1),
        }
        for name, figure in rows.items():
            dates.append(monday)
            what.append(name)
            value.append(figure)
            region.append(None)
    return pa.table({"date": dates, "name": what, "value": pa.array(value, pa.float64()), "region": region})


def events_table(market: Market, plan: Plan, *, language: str) -> pa.Table:
    """The company's diary: feasts, sales, prices, launches, strikes, outages, competitors' campaigns."""
    said = 0 if language == "fr" else 1
    world = market.world
    rows: list[tuple[date, str, date | None, str, str | None]] = []
    end = world.start + timedelta(weeks=world.weeks)
    for year in range(world.start.year, end.year + 1):
        rows += [(f.on, (f.fr, f.en)[said], None, "holiday", None) for f in feasts(year)]
    rows += _sales(market, said)
    for incident in market.nature.incidents:
        first = market.nature.mondays[incident.first]
        region = None if incident.region is None else world.company.region_names[incident.region]
        last = first + timedelta(days=7 * incident.weeks - 1)
        rows.append((first, _KINDS[incident.kind][said], last, incident.kind, region))
    for week in np.flatnonzero(np.diff(plan.price)) + 1:
        label = ("Hausse des prix", "Price rise")[said]
        rows.append((market.nature.mondays[int(week)], label, None, "price", None))
    for position, channel in enumerate(world.company.channels):
        if channel.appears > 0:
            label = (f"Le canal {channel.key} apparaît", f"The channel {channel.key} appears")[said]
            rows.append((market.nature.mondays[appears_in(market, position)], label, None, "launch", None))
    rows += _campaigns(market, said)
    inside = sorted((r for r in rows if world.start <= r[0] < end), key=lambda r: (r[0], r[1], r[4] or ""))
    columns = list(zip(*inside, strict=True))
    return pa.table(
        {
            "date": pa.array(columns[0], pa.date32()),
            "name": list(columns[1]),
            "end": pa.array(columns[2], pa.date32()),
            "kind": list(columns[3]),
            "region": pa.array(columns[4], pa.string()),
        }
    )


def _sales(market: Market, said: int) -> list[tuple[date, str, date | None, str, str | None]]:
    weeks = market.nature.mondays
    first = [
        w for i, w in enumerate(weeks) if is_sales_period(w) and (i == 0 or not is_sales_period(weeks[i - 1]))
    ]
    label = ("Soldes", "Seasonal sales")[said]
    return [(week, label, week + timedelta(days=27), "promotion", None) for week in first]


def _campaigns(market: Market, said: int) -> list[tuple[date, str, date | None, str, str | None]]:
    rows: list[tuple[date, str, date | None, str, str | None]] = []
    pressure = market.nature.rival_campaigns
    for position, rival in enumerate(market.world.company.rivals):
        begins = np.flatnonzero((pressure[1:, position] > 0) & (pressure[:-1, position] == 0)) + 1
        for week in begins:
            label = (f"Campagne de {rival.name}", f"Campaign by {rival.name}")[said]
            rows.append((market.nature.mondays[int(week)], label, None, "competitor", None))
    return rows
