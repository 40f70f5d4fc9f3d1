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
from cmo.warehouse.field import Field

Floats = npt.NDArray[np.float64]

REVENUE = "revenue"
TOUCHES = 12
"""Last touches of a journey that are kept: what came before is left out."""
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
    """

    weeks: tuple[date, ...]
    outcomes: dict[str, Floats]
    spend: dict[str, Floats]
    impressions: dict[str, Floats]
    context: dict[str, Floats]
    events: tuple[Event, ...]
    margin: float | None
    claimed: float | None

    def mix(self, kpi: str) -> Mix:
        """The marketing mix that explains one outcome."""
        return Mix(
            weeks=self.weeks,
            outcome=self.outcomes[kpi],
            channels=tuple(
                Channel(name=name, spend=spend, exposure=self.impressions.get(name))
                for name, spend in self.spend.items()
            ),
            controls=tuple(
                Control(name=name, values=values) for name, values in self.context.items() if np.ptp(values)
            ),
            events=self.events,
        )


def count_weeks(field: Field) -> Weekly:
    """Sums of media, outcomes and context by whole week, over the weeks that media and outcomes share."""
    outcomes = _outcome_weeks(field)
    media = field.collect(_media_weeks(field))
    weeks = _common(outcomes, media)
    place = {week: i for i, week in enumerate(weeks)}
    spend = _spread(media, "channel", "spend", place=place)
    paid = {name: values for name, values in spend.items() if values.sum() > 0}
    shown = _spread(media, "channel", "impressions", place=place)
    claims = sum(_spread(media, "channel", "claimed", place=place).values(), start=np.zeros(1)).sum()
    return Weekly(
        weeks=weeks,
        outcomes=_spread(outcomes, "kpi", "value", place=place),
        spend=paid,
        impressions={
            name: shown[name] for name in paid if name in shown and _follows(shown[name], paid[name])
        },
        context=_context(field, place=place),
        events=_events(field, weeks=weeks),
        margin=_margin(outcomes),
        claimed=float(claims) or None,
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
    present = met >= 0
    return Paths(
        channels=tuple(codes.dictionary.to_pylist()),
        steps=met[present].astype(np.int64),
        starts=np.concatenate([[0], np.cumsum(present.sum(axis=1))]).astype(np.int64),
        converted=converted,
        lost=rows["people"].to_numpy().astype(np.float64) - converted,
    )


def _week(table: ir.Table) -> ir.Value:
    return table["date"].truncate("W").cast("date")


def _outcome_weeks(field: Field) -> pa.Table:
    """Sums by week and kpi, whole weeks only where the source is daily."""
    table = field.table("outcomes")
    kpi = table["kpi"].fill_null(REVENUE) if "kpi" in table.columns else ibis.literal(REVENUE)
    worth = table["value_per_unit"] if "value_per_unit" in table.columns else ibis.null("float64")
    grouped = table.mutate(week=_week(table), kpi=kpi, worth=(worth * table["value"]).cast("float64"))
    sums = grouped.group_by(["week", "kpi"]).agg(
        value=grouped["value"].sum().cast("float64"),
        worth=grouped["worth"].sum().cast("float64"),
        days=grouped["date"].nunique(),
    )
    found = field.collect(sums).sort_by("week")
    days = found["days"].to_numpy()
    return found.filter(pa.array(days >= (7 if len(days) and np.median(days) >= _DAILY else 1)))


def _media_weeks(field: Field) -> ir.Table:
    table = field.table("media")
    table = table.mutate(week=_week(table))
    sums = {"spend": table["spend"].sum().cast("float64")}
    if "impressions" in table.columns:
        sums["impressions"] = table["impressions"].sum().cast("float64")
    if "conversion_value" in table.columns:
        sums["claimed"] = table["conversion_value"].sum().cast("float64")
    return table.group_by(["week", "channel"]).agg(**sums)


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
    series: dict[str, Floats] = {}
    if value not in rows.column_names:
        return series
    for week, name, amount in zip(*(rows[c].to_pylist() for c in ("week", key, value)), strict=True):
        if week in place and name is not None:
            series.setdefault(name, np.zeros(len(place)))[place[week]] += amount or 0.0
    return dict(sorted(series.items()))


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
