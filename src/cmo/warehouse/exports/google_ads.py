"""Google Ads: reports by day or week; a report over a period says nothing of when."""

import re
from datetime import date

from cmo.warehouse.exports.export import Export, Found, Given, LeftOut, Refused, Row, Rows, Told, iso, one_of


def _check(found: Found) -> None:
    if found.has("day", "week") or _only_day(found) is not None:
        return
    span = "" if found.period is None else f" from {found.period.first} to {found.period.last}"
    found_instead = "months" if found.has("month") else f"one sum over the whole period{span}"
    raise found.refuse(
        f"it gives {found_instead}, and days are needed: in Google Ads choose Segment, Time, Day "
        f"(Segment, Période, Jour), then download it again"
    )


def _only_day(found: Found) -> date | None:
    """The day of a report over one day only."""
    period = found.period
    return period.first if period is not None and period.first == period.last else None


def _told(found: Found, rows: Rows) -> Told:
    del rows
    time, only = next((role for role in ("day", "week") if found.has(role)), None), _only_day(found)

    def told(row: Row) -> Given:
        if time is None:
            if row.says_total():
                raise LeftOut("total")
            day = only
        else:
            try:
                day = row.day(time)
            except Refused:
                if row.says_total():
                    raise LeftOut("total") from None
                raise
            if day is None and row.says_total():
                raise LeftOut("total")
        row.in_company_currency()
        return {
            "date": iso(day),
            "channel": "google_ads",
            "spend": row.written("cost"),
            "campaign": row.text("campaign"),
            "impressions": row.written("impr" if found.has("impr") else "impressions"),
            "clicks": row.written("clicks"),
            "conversions": row.written("conversions"),
            "conversion_value": row.written("value"),
        }

    return told


GOOGLE_ADS = Export(
    name="google_ads",
    family="google_ads",
    says="Google Ads report",
    table="media",
    title=re.compile(
        r"\b(campaign|ad group|keyword|search terms?|account|ads?|time|day|daily) (performance )?report\b"
        r"|^rapport (sur les|de performances?|des) .*(campagne|groupe|mot|annonce|compte)",
        re.IGNORECASE,
    ),
    roles={
        "day": ("day", "jour", "date"),
        "week": ("week", "semaine"),
        "month": ("month", "mois", "quarter", "trimestre", "year", "annee"),
        "campaign": ("campaign", "campagne", "campaign name", "nom de la campagne"),
        "ad_group": ("ad group", "groupe d annonces", "adgroup"),
        "cost": ("cost", "cout"),
        "currency": ("currency code", "code de la devise", "code devise"),
        "impr": ("impr",),
        "impressions": ("impressions",),
        "clicks": ("clicks", "clics"),
        "interactions": ("interactions",),
        "conversions": ("conversions", "conv"),
        "value": (
            "conv value", "conversion value", "total conv value", "valeur de conv", "valeur conv",
            "valeur de conversion", "valeur des conv", "valeur des conversions",
        ),
        "average_cost": ("avg cost", "cout moy", "cout moyen"),
        "average_cpc": ("avg cpc", "cpc moy", "cpc moyen"),
        "cost_of_conversion": ("cost conv", "cout conv", "cost per conv"),
        "roas": ("conv value cost", "valeur de conv cout", "valeur conv cout"),
        "campaign_id": ("campaign id", "id de la campagne", "identifiant de campagne"),
        "campaign_type": ("campaign type", "type de campagne"),
        "campaign_status": ("campaign status", "campaign state", "etat de la campagne"),
        "rate": ("conv rate", "taux de conv", "ctr"),
        "budget": ("budget",),
        "device": ("device", "appareil"),
    },
    needs=(one_of("cost"), one_of("campaign", "ad_group", "day", "week", "campaign_id")),
    telling=one_of(
        "average_cost", "average_cpc", "cost_of_conversion", "roas", "campaign_id", "campaign_type",
        "campaign_status", "interactions", "currency", "impr",
    ),
    never=one_of("channel", "canal", "platform", "plateforme", "source", "utm source", "media", "support"),
    money=("cost", "value", "average_cost", "average_cpc", "cost_of_conversion", "conversions"),
    whole=("impr", "impressions", "clicks", "interactions"),
    days=("day", "week"),
    gives={
        "date": ("day", "week"),
        "channel": (),
        "spend": ("cost",),
        "campaign": ("campaign",),
        "impressions": ("impr", "impressions"),
        "clicks": ("clicks",),
        "conversions": ("conversions",),
        "conversion_value": ("value",),
    },
    told=_told,
    check=_check,
)  # fmt: skip
