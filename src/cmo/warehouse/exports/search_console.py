"""Search Console: what people searched when they were shown the site."""

import re

from cmo.warehouse.dialect import Undecided
from cmo.warehouse.exports.export import Export, Found, Given, LeftOut, Row, Rows, Told, iso, one_of

_TOPICS = ("query", "page", "country", "device", "appearance")
_COMPARED = re.compile(r"\b(clicks|clics)\b")


def _check(found: Found) -> None:
    if sum(_COMPARED.search(one.words) is not None for one in found.headings) > 1:
        raise found.refuse(
            "it compares two periods, whose columns stand side by side: take the comparison away in Search "
            "Console and export each period by itself"
        )
    if not found.has("day") and found.period is None:
        raise Undecided(
            f"{found.name}: this is a {found.export.says} that does not say its period; add period: and its "
            f"first day, such as period: 2026-07-01, to this source",
            key="period",
            choices=(),
            example=found.file,
        )


def _told(found: Found, rows: Rows) -> Told:
    del rows
    topics = [role for role in _TOPICS if found.has(role)]

    def told(row: Row) -> Given:
        if found.has("day") and row.raw("day") is None:
            raise LeftOut("total")
        first = None if found.period is None else found.period.first
        return {
            "date": iso(row.day("day") if found.has("day") else first),
            "topic": row.text(*topics) if topics else "google search",
            "volume": row.written("impressions"),
            "source": "search_console",
        }

    return told


SEARCH_CONSOLE = Export(
    name="search_console",
    family="search_console",
    says="Search Console report",
    table="signals",
    roles={
        "day": ("date", "day", "jour", "dates"),
        "query": ("top queries", "query", "queries", "requetes les plus frequentes", "requetes", "requete"),
        "page": ("top pages", "page", "pages", "pages les plus populaires", "pages les plus frequentes"),
        "country": ("country", "countries", "pays"),
        "device": ("device", "devices", "appareil", "appareils"),
        "appearance": ("search appearance", "apparence dans les resultats de recherche"),
        "clicks": ("clicks", "clics"),
        "impressions": ("impressions",),
        "ctr": ("ctr",),
        "position": ("position", "position moyenne", "average position"),
    },
    needs=(one_of("day", *_TOPICS), one_of("impressions")),
    telling=one_of("ctr", "position"),
    n_telling=2,
    money=("ctr", "position"),
    whole=("clicks", "impressions"),
    days=("day",),
    gives={"date": ("day",), "topic": _TOPICS, "volume": ("impressions",), "source": ()},
    told=_told,
    check=_check,
)


def is_comparison(words: tuple[str, ...]) -> bool:
    """Whether column names are those of two periods side by side."""
    first = {name for role in ("day", *_TOPICS) for name in SEARCH_CONSOLE.roles[role]}
    doubled = all(
        sum(any(word in one.split() for word in names) for one in words) > 1
        for names in (("clicks", "clics"), ("impressions",))
    )
    return doubled and bool(words) and words[0] in first
