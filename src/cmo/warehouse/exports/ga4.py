"""Google Analytics 4: comment lines, several tables in one file, a grand total, and often no day at all."""

import re
from datetime import date, timedelta

from cmo.warehouse.exports.export import Export, Found, Given, LeftOut, Refused, Row, Rows, Told, iso, one_of

METRICS = ("revenue", "key_events", "purchases", "sessions", "active_users", "views", "event_count")
"""What a report may count, the first one there being what it is imported for."""

_KPI = {"purchases": "orders"}
_DIMENSIONS = ("country", "region", "channel", "source", "campaign", "page", "device")
_NTH = re.compile(r"\d{1,4}")


def metric_of(found: Found) -> str:
    """What the report is imported for."""
    return next(metric for metric in METRICS if found.has(metric))


def _check(found: Found) -> None:
    if (
        found.has("day")
        or (found.has("nth_day") and found.period is not None)
        or _only_day(found) is not None
    ):
        return
    span = "" if found.period is None else f" from {found.period.first} to {found.period.last}"
    raise found.refuse(
        f"its rows are sums over a period{span}, and days are needed: in Analytics choose Explore, Free "
        f"form, with Date as a row (Explorer, Format libre, Date en ligne), and export that as CSV"
    )


def _only_day(found: Found) -> date | None:
    period = found.period
    return period.first if period is not None and period.first == period.last else None


def _day(row: Row) -> date | None:
    found = row.found
    if found.has("day"):
        return row.day("day")
    if found.has("nth_day") and found.period is not None:
        nth = row.raw("nth_day")
        if nth is None:
            return None
        if not _NTH.fullmatch(nth):
            raise Refused("day", role="nth_day", value=nth)
        return found.period.first + timedelta(days=int(nth))
    return _only_day(found)


def _day_unless_total(row: Row) -> date | None:
    timed = row.found.has("day", "nth_day")
    try:
        day = _day(row)
    except Refused:
        if row.says_total():
            raise LeftOut("total") from None
        raise
    if (timed and day is None) or (not timed and row.is_total(*_DIMENSIONS)):
        raise LeftOut("total")
    return day


def _told(found: Found, rows: Rows) -> Told:
    del rows
    metric = metric_of(found)

    def told(row: Row) -> Given:
        day = _day_unless_total(row)
        row.in_company_currency()
        return {
            "date": iso(day),
            "value": row.written(metric),
            "kpi": _KPI.get(metric, metric),
            "region": row.text("country", "region"),
        }

    return told


GA4 = Export(
    name="ga4",
    family="ga4",
    says="Google Analytics 4 report",
    table="outcomes",
    title=re.compile(
        r"^#.*\b(account|property|all users|compte|propriete|tous les utilisateurs)\b|^#.*\d{8}",
        re.IGNORECASE,
    ),
    roles={
        "day": ("date", "day", "jour"),
        "nth_day": ("nth day", "nieme jour", "n ieme jour"),
        "channel": (
            "session primary channel group default channel group", "session default channel group",
            "session primary channel group", "first user primary channel group default channel group",
            "first user default channel group", "default channel group", "session channel group",
            "groupe de canaux principal de la session groupe de canaux par defaut",
            "groupe de canaux principal de la session", "groupe de canaux par defaut de la session",
            "groupe de canaux par defaut", "groupe de canaux principal du premier utilisateur",
        ),
        "source": (
            "session source medium", "session source", "source", "first user source medium",
            "source medium", "source support de la session", "source de la session",
            "session source platform",
        ),
        "campaign": ("session campaign", "campaign", "campagne de la session"),
        "country": ("country", "pays"),
        "region": ("region", "city", "ville"),
        "device": ("device category", "categorie d appareil", "device", "platform"),
        "page": (
            "page path and screen class", "page title and screen name", "landing page", "page path",
            "landing page query string", "chemin de la page et classe de l ecran", "page de destination",
            "titre de la page et nom de l ecran", "page title and screen class", "event name",
            "nom de l evenement",
        ),
        "revenue": (
            "total revenue", "revenu total", "revenus totaux", "total des revenus", "purchase revenue",
            "revenus des achats", "revenu des achats", "revenus lies aux achats", "ecommerce revenue",
            "revenus de l e commerce", "chiffre d affaires total",
        ),
        "purchases": ("ecommerce purchases", "purchases", "transactions", "achats", "achats e commerce"),
        "key_events": (
            "key events", "evenements cles", "conversions", "evenement cle", "session key events",
        ),
        "sessions": ("sessions",),
        "engaged_sessions": ("engaged sessions", "sessions avec engagement", "sessions engagees"),
        "active_users": ("active users", "utilisateurs actifs", "users", "utilisateurs", "total users"),
        "new_users": ("new users", "nouveaux utilisateurs"),
        "views": ("views", "vues", "screen page views"),
        "event_count": ("event count", "nombre d evenements"),
        "engagement_rate": ("engagement rate", "taux d engagement"),
        "engagement_time": (
            "average engagement time per active user", "average engagement time per session",
            "average engagement time", "duree d engagement moyenne par utilisateur actif",
            "duree d engagement moyenne par session", "temps d engagement moyen par utilisateur actif",
        ),
        "currency": ("currency", "devise"),
    },
    needs=(
        one_of("day", "nth_day", "channel", "source", "campaign", "country", "region", "page", "device"),
        one_of(*METRICS),
    ),
    telling=one_of(
        "nth_day", "channel", "key_events", "sessions", "engaged_sessions", "active_users", "new_users",
        "event_count", "engagement_rate", "engagement_time",
    ),
    n_telling=2,
    money=("revenue", "engagement_rate", "engagement_time"),
    whole=("sessions", "active_users", "new_users", "views", "event_count", "purchases"),
    days=("day",),
    many_tables=True,
    gives={"date": ("day", "nth_day"), "value": METRICS, "kpi": (), "region": ("country", "region")},
    told=_told,
    check=_check,
)  # fmt: skip
