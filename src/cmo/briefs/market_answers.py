"""The market as data and as the lines and table of a terminal."""

from dataclasses import dataclass
from typing import Any, Final

from cmo.briefs.answers import Answer, Data
from cmo.briefs.voice import Voice
from cmo.market.timeline import Happening, Kind
from cmo.market.timeline_evidence import Series
from cmo.measures import Estimate, Language, Text, Unit
from cmo.strategy.competitor import Competitor

SALES: Final = "sales"
_KINDS: Final = {
    Kind.EVENT: Text("event", "événement"),
    Kind.LEVEL: Text("new level", "nouveau palier"),
    Kind.BURST: Text("burst", "rafale"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketSheet:
    """All that there is to say of the market.

    Attributes:
        estimates: Size, share, growth, price index.
        series: Every figure of every brand and sector.
        happenings: What happened, oldest first.
        competitors: Whom the strategy names.
        sector: The company's own.
    """

    estimates: tuple[Estimate, ...]
    series: tuple[Series, ...]
    happenings: tuple[Happening, ...]
    competitors: tuple[Competitor, ...]
    sector: str


def market_answer(sheet: MarketSheet, *, currency: str, language: Language) -> Answer:
    """The market's figures, what happened in it, and who else does the job."""
    voice = Voice(language)
    data: Data = {
        "measures": [
            {"measure": one.measure, "by": one.by, **row} for one in sheet.estimates for row in one.summary()
        ],
        "series": [_series(one) for one in sheet.series],
        "timeline": [_happening(one) for one in sheet.happenings],
        "competitors": [_competitor(one, sheet, language=language) for one in sheet.competitors],
        "substitutes": [_series(one) for one in _elsewhere(sheet)],
    }
    head = Text("day|who|what|of|change", "jour|qui|quoi|de|changement").in_(language).split("|")
    return Answer(
        data=data,
        lines=tuple(lines(sheet, currency=currency, voice=voice)),
        head=tuple(head) if sheet.happenings else (),
        body=tuple(row(one, language=language) for one in sheet.happenings),
    )


def lines(sheet: MarketSheet, *, currency: str, voice: Voice) -> list[str]:
    """What each substitute sells and grows by, and the job it does, in sentences."""
    if not sheet.series:
        return [
            voice.say(
                "Nothing is known of the market: give the table market.",
                "On ne sait rien du marché : donnez la table market.",
            )
        ]
    jobs = {one.name: one.job for one in sheet.competitors if one.job is not None}
    said = []
    for one in _elsewhere(sheet):
        job = jobs.get(one.brand)
        said.append(
            voice.say(
                "{brand} ({sector}), another sector: {sales} a year, {growth} in a year. {job}",
                "{brand} ({sector}), un autre secteur : {sales} par an, {growth} en un an. {job}",
                brand=one.brand,
                sector=one.sector,
                sales=Unit(currency).write(one.last_year, voice.language),
                growth="–" if one.growth is None else Unit("share").write(one.growth, voice.language),
                job=voice.say(
                    "What job it does is not said: name it in strategy.yaml, under competitors.",
                    "Le besoin qu'il sert n'est pas dit : nommez-le dans strategy.yaml, sous competitors.",
                )
                if job is None
                else voice.read(job),
            )
        )
    return said


def _elsewhere(sheet: MarketSheet) -> list[Series]:
    """Sales of other sectors: what customers may buy instead."""
    known = {one.sector for one in sheet.series}
    if sheet.sector not in known:
        return []
    return [one for one in sheet.series if one.metric == SALES and one.sector not in {"", sheet.sector}]


def row(one: Happening, *, language: Language) -> tuple[str, ...]:
    """A happening as the cells of a table."""
    change = {
        Kind.EVENT: "–",
        Kind.LEVEL: Unit("share").write(one.change, language),
        Kind.BURST: f"× {one.change:.0f}",
    }
    return one.on.isoformat(), one.who, _KINDS[one.kind].in_(language), one.metric or "–", change[one.kind]


def _series(one: Series) -> dict[str, Any]:
    return {
        "brand": one.brand,
        "metric": one.metric,
        "sector": one.sector or None,
        "last_year": one.last_year,
        "growth": one.growth,
    }


def _happening(one: Happening) -> dict[str, Any]:
    return {
        "on": one.on.isoformat(),
        "until": one.until.isoformat(),
        "who": one.who,
        "kind": one.kind.value,
        "metric": one.metric or None,
        "change": one.change if one.kind is not Kind.EVENT else None,
    }


def _competitor(one: Competitor, sheet: MarketSheet, *, language: Language) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "substitute": one.sector is not None,
        "sector": one.sector,
        "job": None if one.job is None else one.job.in_(language),
        "price": one.price,
        "minutes": one.minutes,
        "lost": one.lost,
        "figures": [_series(found) for found in sheet.series if found.brand == one.name],
    }
