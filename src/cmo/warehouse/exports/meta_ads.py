"""Meta Ads Manager: the currency stands in the header, and what a result is stands in a column."""

from collections.abc import Iterable
from datetime import date, timedelta

from cmo.warehouse.exports.export import Export, Found, Given, LeftOut, Row, Rows, Told, iso, one_of
from cmo.warehouse.exports.headers import words_of

_DIMENSIONS = ("campaign", "ad_set", "ad", "campaign_id", "ad_set_id", "ad_id")
_BOUGHT = ("purchase", "achat")


def _told(found: Found, rows: Rows) -> Told:
    if not found.has("day"):
        _refuse_range(found, (_span(row) for row in rows() if not row.is_total(*_DIMENSIONS)))

    def told(row: Row) -> Given:
        if row.is_total(*_DIMENSIONS) or (found.has("day") and row.raw("day") is None):
            raise LeftOut("total")
        row.in_company_currency()
        return {
            "date": iso(row.day("day" if found.has("day") else "starts")),
            "channel": "meta_ads",
            "spend": row.written("spend"),
            "campaign": row.text("campaign"),
            "region": row.text("region"),
            "impressions": row.written("impressions"),
            "clicks": row.written("link_clicks" if found.has("link_clicks") else "clicks"),
            "reach": row.written("reach"),
            "frequency": row.written("frequency"),
            "conversions": row.written("purchases") if found.has("purchases") else _bought(row),
            "conversion_value": row.written("value"),
        }

    return told


def _bought(row: Row) -> str | None:
    """The results, where what is counted as a result is a purchase."""
    indicator = words_of(row.text("indicator") or "")
    return row.written("results") if any(word in indicator for word in _BOUGHT) else None


def _span(row: Row) -> tuple[date | None, date | None]:
    return row.day("starts"), row.day("ends") if row.found.has("ends") else None


def _refuse_range(found: Found, spans: Iterable[tuple[date | None, date | None]]) -> None:
    """Takes rows of one day each, or of whole weeks; refuses sums over longer times.

    Raises:
        Problem: The rows are not of days or weeks.
    """
    said = set(spans)
    if all(first is not None and first == last for first, last in said):
        return
    weeks = {first for first, last in said if first and last and last - first == timedelta(days=6)}
    if len(weeks) > 1 and len(weeks) == len(said) and len({day.weekday() for day in weeks}) == 1:
        return
    longest = next(((first, last) for first, last in sorted(said, key=str) if first != last), None)
    span = f" from {longest[0]} to {longest[1]}" if longest and longest[0] and longest[1] else ""
    raise found.refuse(
        f"its rows are sums over a period{span}, and days are needed: in Ads Manager choose Breakdown, "
        f"Time, Day (Répartition, Temps, Jour), then export it again"
    )


META_ADS = Export(
    name="meta_ads",
    family="meta_ads",
    says="Meta Ads Manager report",
    table="media",
    roles={
        "day": ("day", "jour", "date"),
        "starts": ("reporting starts", "debut des rapports", "debut du rapport", "reporting start"),
        "ends": ("reporting ends", "fin des rapports", "fin du rapport", "reporting end"),
        "campaign": ("campaign name", "nom de la campagne", "campaign"),
        "ad_set": ("ad set name", "nom de l ensemble de publicites", "nom de l ad set", "ad set"),
        "ad": ("ad name", "nom de la publicite"),
        "campaign_id": ("campaign id", "id de la campagne", "identifiant de la campagne"),
        "ad_set_id": ("ad set id", "id de l ensemble de publicites"),
        "ad_id": ("ad id", "id de la publicite"),
        "account": ("account name", "nom du compte"),
        "delivery": ("campaign delivery", "ad set delivery", "ad delivery", "diffusion de la campagne"),
        "spend": ("amount spent", "montant depense"),
        "currency": ("currency", "devise"),
        "impressions": ("impressions",),
        "reach": ("reach", "portee", "couverture"),
        "frequency": ("frequency", "repetition", "frequence"),
        "link_clicks": ("link clicks", "clics sur un lien", "clics sur le lien", "clics sur des liens"),
        "clicks": ("clicks all", "clics tous", "clics toutes"),
        "results": ("results", "resultats"),
        "indicator": ("result indicator", "indicateur de resultats", "indicateur de resultat", "result type"),
        "purchases": ("purchases", "achats", "website purchases", "achats sur le site web"),
        "value": (
            "purchases conversion value", "valeur de conversion des achats", "purchase conversion value",
            "website purchases conversion value", "valeur de conversion des achats sur le site web",
        ),
        "region": ("region",),
        "cpm": ("cpm cost per 1 000 impressions", "cpm cout pour 1 000 impressions"),
        "cpc": ("cpc cost per link click", "cpc cout par clic sur un lien"),
    },
    needs=(one_of("spend"), one_of("day", "starts")),
    telling=one_of("spend"),
    money=("spend", "value", "cpm", "cpc", "frequency"),
    whole=("impressions", "reach", "link_clicks", "clicks"),
    days=("day", "starts", "ends"),
    gives={
        "date": ("day", "starts"),
        "channel": (),
        "spend": ("spend",),
        "campaign": ("campaign",),
        "region": ("region",),
        "impressions": ("impressions",),
        "clicks": ("link_clicks", "clicks"),
        "reach": ("reach",),
        "frequency": ("frequency",),
        "conversions": ("purchases", "results"),
        "conversion_value": ("value",),
    },
    told=_told,
)  # fmt: skip
