"""What the marketing mix asks of the warehouse, counted where the data lies: weekly sums, path counts."""

from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cmo.media.attribution import Paths
from cmo.media.design import Channel, Control, Event, Mix
from cmo.media.regions import Regions
from cmo.warehouse.field import Field

Floats = npt.NDArray[np.float64]

REVENUE = "revenue"
TOUCHES = 12
"""Last touches of a journey that are kept: what came before is left out."""
MOST_REGIONS = 60
"""Regions above which they are not compared: the smallest are noise and the fit would be slow."""
_DAILY = 5
_NEVER_PAID = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """Sums by week, nationally.

    Attributes:
        weeks: Mondays, without a gap.
        outcomes: Outcome by kpi, each of shape (weeks,).
        spend: Money by channel.
        impressions: Impressions by channel, where they are given for every week with spend.
        context: Mean of each context series.
        events: What happened.
        margin: Profit per unit of revenue, or none when the company does not say.
        claimed: Conversion value that platforms claim, over the window; none when they claim nothing.
        panel: The same by region, where media and outcomes tell the same regions.
    """

    weeks: tuple[date, ...]
    outcomes: dict[str, Floats]
    spend: dict[str, Floats]
    impressions: dict[str, Floats]
    context: dict[str, Floats]
    events: tuple[Event, ...]
    margin: float | None
    claimed: float | None
    panel: "Panel | None"

    def mix(self, kpi: str) -> Mix:
        """The marketing mix that explains one outcome."""
        return Mix(
            weeks=self.weeks,
            outcome=self.outcomes[kpi],
            regions=None if self.panel is None else self.panel.regions(kpi),
            channels=tuple(
                Channel(
                    name=name,
                    spend=spend,
                    exposure=self.impressions.get(name),
                    regional=None if self.panel is None else self.panel.exposure[name],
                )
                for name, spend in self.spend.items()
            ),
            controls=tuple(
                Control(name=name, values=values) for name, values in self.context.items() if np.ptp(values)
            ),
            events=self.events,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Sums by region and week.

    Attributes:
        names: Regions.
        heads: People in each region, or its mean outcome where they are not told, shape (regions,).
        outcomes: Outcome by kpi, each of shape (regions, weeks).
        exposure: Impressions (or else money) by channel, each of shape (regions, weeks).
    """

    names: tuple[str, ...]
    heads: Floats
    outcomes: dict[str, Floats]
    exposure: dict[str, Floats]

    def regions(self, kpi: str) -> Regions:
        """The regions as witnesses of one outcome."""
        return Regions(names=self.names, heads=self.heads, outcome=self.outcomes[kpi])


def count_weeks(field: Field) -> Weekly:
    """Sums of media, outcomes and context by whole week, over the weeks that media and outcomes share."""
    outcomes = _outcome_weeks(field)
    media = field.collect(_media_weeks(field))
    weeks = _common(outcomes, media)
    place = {week: i for i, week in enumerate(weeks)}
    spend = _spread(media, "channel", "spend", place=place)
    paid = {name: values for name, values in spend.items() if values.sum() > 0}
    shown = _spread(media, "channel", "impressions", place=place)
    impressions = {name: shown[name] for name in paid if name in shown and _follows(shown[name], paid[name])}
    claims = sum(_spread(media, "channel", "claimed", place=place).values(), start=np.zeros(1)).sum()
    return Weekly(
        weeks=weeks,
        outcomes=_spread(outcomes, "kpi", "value", place=place),
        spend=paid,
        impressions=impressions,
        context=_context(field, place=place),
        events=_events(field, weeks=weeks),
        margin=_margin(outcomes),
        claimed=float(claims) or None,
        panel=_panel(outcomes, media, told={name: name in impressions for name in paid}, place=place),
    )


def _panel(
    outcomes: pa.Table, media: pa.Table, *, told: dict[str, bool], place: dict[date, int]
) -> Panel | None:
    """The panel, when every row of both tables names a region and media speak of no other."""
    names = sorted(set(outcomes["region"].to_pylist()))
    if (
        not 2 <= len(names) <= MOST_REGIONS
        or "" in names
        or not set(media["region"].to_pylist()) <= set(names)
    ):
        return None
    values: dict[str, dict[str, Floats]] = {}
    exposure = {name: np.zeros((len(names), len(place))) for name in told}
    heads = np.zeros(len(names))
    for r, region in enumerate(names):
        here = outcomes.filter(pa.array([name == region for name in outcomes["region"].to_pylist()]))
        values[region] = _spread(here, "kpi", "value", place=place)
        people = [p for p in here["people"].to_pylist() if p]
        heads[r] = np.mean(people) if people else values[region].get(REVENUE, np.zeros(1)).mean()
        spent = media.filter(pa.array([name == region for name in media["region"].to_pylist()]))
        money = _spread(spent, "channel", "spend", place=place)
        shown = _spread(spent, "channel", "impressions", place=place)
        for name, by_impressions in told.items():
            exposure[name][r] = (shown if by_impressions else money).get(name, 0.0)
    kpis = set.intersection(*(set(v) for v in values.values()))
    if (heads <= 0).any() or REVENUE not in kpis:
        return None
    return Panel(
        names=tuple(names),
        heads=heads,
        outcomes={kpi: np.stack([values[name][kpi] for name in names]) for kpi in sorted(kpis)},
        exposure=exposure,
    )


def _margin(outcomes: pa.Table) -> float | None:
    rows = zip(*(outcomes[c].to_pylist() for c in ("kpi", "value", "worth")), strict=True)
    known = [(value, worth) for kpi, value, worth in rows if kpi == REVENUE and worth is not None]
    total = sum(value for value, _ in known)
    return sum(worth for _, worth in known) / total if total > 0 else None


def count_paths(field: Field) -> Paths | None:
    """Journeys by the channels met, from touchpoints; none when nobody converted.

    A journey ends with a conversion; what follows it is the next journey of the same person.
    """
    rows = field.collect(_path_counts(field))
    places = [f"touch_{k}" for k in range(TOUCHES)]
    coded = pa.chunked_array(
        [chunk for place in reversed(places) for chunk in rows[place].chunks]
    ).combine_chunks()
    codes = coded.dictionary_encode()
    met = codes.indices.fill_null(-1).to_numpy(zero_copy_only=False).reshape(TOUCHES, -1).T
    converted = rows["converted"].to_numpy().astype(np.float64)
    if not len(met) or not converted.sum():
        return None
    # Engines hand rows over in any order; by name, an unchanged source gives unchanged draws.
    channels, rank = np.unique(codes.dictionary.to_numpy(zero_copy_only=False), return_inverse=True)
    met = np.append(rank, -1)[met]
    order = np.lexsort(met.T[::-1])
    met, converted = met[order], converted[order]
    present = met >= 0
    return Paths(
        channels=tuple(channels.tolist()),
        steps=met[present].astype(np.int64),
        starts=np.concatenate([[0], np.cumsum(present.sum(axis=1))]).astype(np.int64),
        converted=converted,
        lost=rows["people"].to_numpy().astype(np.float64)[order] - converted,
    )


def _week(table: ir.Table) -> ir.Value:
    return table["date"].truncate("W").cast("date")


def _outcome_weeks(field: Field) -> pa.Table:
    """Sums by week, kpi and region, whole weeks only where the source is daily."""
    table = field.table("outcomes")
    kpi = table["kpi"].fill_null(REVENUE) if "kpi" in table.columns else ibis.literal(REVENUE)
    worth = table["value_per_unit"] if "value_per_unit" in table.columns else ibis.null("float64")
    people = table["population"] if "population" in table.columns else ibis.null("float64")
    grouped = table.mutate(
        week=_week(table),
        kpi=kpi,
        region=_region(table),
        worth=(worth * table["value"]).cast("float64"),
        people=people.cast("float64"),
    )
    sums = grouped.group_by(["week", "kpi", "region"]).agg(
        value=grouped["value"].sum().cast("float64"),
        worth=grouped["worth"].sum().cast("float64"),
        people=grouped["people"].mean(),
        days=grouped["date"].nunique(),
    )
    found = field.collect(sums).sort_by("week")
    days = found["days"].to_numpy()
    return found.filter(pa.array(days >= (7 if len(days) and np.median(days) >= _DAILY else 1)))


def _region(table: ir.Table) -> ir.Value:
    return table["region"].fill_null("") if "region" in table.columns else ibis.literal("")


def _media_weeks(field: Field) -> ir.Table:
    table = field.table("media")
    table = table.mutate(week=_week(table), region=_region(table))
    sums = {"spend": table["spend"].sum().cast("float64")}
    if "impressions" in table.columns:
        sums["impressions"] = table["impressions"].sum().cast("float64")
    if "conversion_value" in table.columns:
        sums["claimed"] = table["conversion_value"].sum().cast("float64")
    return table.group_by(["week", "channel", "region"]).agg(**sums)


def _common(outcomes: pa.Table, media: pa.Table) -> tuple[date, ...]:
    """Mondays from the first to the last week of both; a week that media do not name had no spend."""
    if not len(outcomes) or not len(media):
        return ()
    told, bought = (sorted(set(table["week"].to_pylist())) for table in (outcomes, media))
    first, last = max(told[0], bought[0]), min(told[-1], bought[-1])
    count = max(0, (last - first).days // 7 + 1)
    return tuple(first + timedelta(days=7 * i) for i in range(count))


def _spread(rows: pa.Table, key: str, value: str, *, place: dict[date, int]) -> dict[str, Floats]:
    """A series of weeks for each name in `key`, zero where a week has no row; none without the column."""
    if value not in rows.column_names or not place:
        return {}
    first = np.datetime64(next(iter(place)), "D")
    week = (rows["week"].to_numpy().astype("datetime64[D]") - first).astype(np.int64) // 7
    names = rows[key].combine_chunks().dictionary_encode()
    code = names.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    amount = np.nan_to_num(rows[value].to_numpy().astype(np.float64))
    inside = (week >= 0) & (week < len(place)) & (code >= 0)
    told = names.dictionary.to_pylist()
    sums = np.bincount(
        code[inside] * len(place) + week[inside], weights=amount[inside], minlength=len(told) * len(place)
    ).reshape(len(told), len(place))
    met = np.unique(code[inside])
    return {told[i]: sums[i] for i in sorted(met, key=lambda i: told[i])}


def _context(field: Field, *, place: dict[date, int]) -> dict[str, Floats]:
    """Mean by week; a week without a value keeps the last one known."""
    if "context" not in field.tables:
        return {}
    table = field.table("context")
    table = table.mutate(week=_week(table))
    rows = field.collect(table.group_by(["week", "name"]).agg(value=table["value"].mean().cast("float64")))
    series: dict[str, Floats] = {}
    for week, name, value in zip(*(rows[c].to_pylist() for c in ("week", "name", "value")), strict=True):
        if week in place and value is not None:
            series.setdefault(name, np.full(len(place), np.nan))[place[week]] = value
    return {name: _filled(values) for name, values in sorted(series.items())}


def _filled(values: Floats) -> Floats:
    known = np.flatnonzero(np.isfinite(values))
    last = np.maximum.accumulate(np.where(np.isfinite(values), np.arange(len(values)), known[0]))
    return np.asarray(values[last], dtype=np.float64)


def _events(field: Field, *, weeks: tuple[date, ...]) -> tuple[Event, ...]:
    """Events by name and days; the same one in many regions counts once."""
    if "events" not in field.tables or not weeks:
        return ()
    table = field.table("events")
    end = table["end"].fill_null(table["date"]) if "end" in table.columns else table["date"]
    rows = field.collect(table.mutate(last=end).select("name", "date", "last").distinct())
    found = zip(*(rows[c].to_pylist() for c in ("name", "date", "last")), strict=True)
    return tuple(
        Event(name=name, start=start, end=max(start, last))
        for name, start, last in sorted(found)
        if start <= weeks[-1] + timedelta(days=6) and last >= weeks[0]
    )


def _follows(shown: Floats, paid: Floats) -> bool:
    """Impressions can stand for the stimulus only where they are known whenever money was spent."""
    spending = paid > _NEVER_PAID
    return bool((shown[spending] > 0).all()) and bool(np.isfinite(shown).all())


def _path_counts(field: Field) -> ir.Table:
    """Journeys by their last touches, newest first, with the people who converted; any engine can run it."""
    table = field.table("touchpoints")
    won = table["converted"].fill_null(False) if "converted" in table.columns else ibis.literal(False)
    table = table.mutate(won=won.cast("int64"))
    order = [table["at"], table["channel"]]
    so_far = ibis.cumulative_window(group_by=table["person_id"], order_by=order)
    table = table.mutate(journey=table["won"].sum().over(so_far) - table["won"])
    backwards = [table["at"].desc(), table["won"].desc(), table["channel"].desc()]
    place = ibis.row_number().over(
        ibis.window(group_by=[table["person_id"], table["journey"]], order_by=backwards)
    )
    table = table.mutate(place=place).select("person_id", "journey", "place", "channel", "won")
    table = table.filter(table["place"] < TOUCHES)
    touches = {f"touch_{k}": table["channel"].max(where=table["place"] == k) for k in range(TOUCHES)}
    journeys = table.group_by(["person_id", "journey"]).agg(won=table["won"].max(), **touches)
    return journeys.group_by(list(touches)).agg(
        converted=journeys["won"].sum().cast("float64"), people=journeys.count().cast("float64")
    )
