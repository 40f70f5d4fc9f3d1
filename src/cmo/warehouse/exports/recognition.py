"""Which export a file is, told from its header, wherever that stands and however it is written."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from cmo.measures import Problem
from cmo.warehouse.exports.export import Export, Found, Period
from cmo.warehouse.exports.ga4 import GA4, METRICS
from cmo.warehouse.exports.grid import Grid
from cmo.warehouse.exports.headers import CURRENCIES, Heading, headings, repaired
from cmo.warehouse.exports.search_console import SEARCH_CONSOLE, is_comparison
from cmo.warehouse.exports.values import day_of, is_blank

_COMPACT_DAY = re.compile(r"(?<!\d)(\d{8})(?!\d)")
_SPAN = re.compile(r"^(.{6,30}?)\s+(?:-|–|—|to|au|à)\s+(.{6,30})$")
_CODE = re.compile(r"(?:currency|devise)\W+(?:code\W+)?([A-Z]{3})\b", re.IGNORECASE)
_NTH_TABLE = "nth_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An export that a record could be the header of."""

    export: Export
    places: Mapping[str, int]
    n_telling: int
    at: int
    delimiter: str
    header: tuple[str, ...]
    headings: tuple[Heading, ...]

    @property
    def merit(self) -> tuple[int, int, int]:
        """How well it fits: the more columns have a role, and the earlier it stands, the better."""
        return (len(self.places), self.n_telling, -self.at)


def recognised(grid: Grid, exports: Sequence[Export], *, explicit: bool) -> tuple[Found, str] | None:
    """The export that a file is.

    Args:
        grid: The file.
        exports: What it may be.
        explicit: Whether cmo.yaml names it, so that fewer columns need to tell.

    Returns:
        The export with its delimiter, or None where it is none of them.
    """
    found: list[tuple[Match, list[list[str]]]] = []
    for delimiter in grid.delimiters:
        records = grid.look(delimiter)
        matches = list(_matches(records, exports, delimiter=delimiter, explicit=explicit))
        found += [(match, records) for match in matches]
    if not found:
        return None
    match, records = max(found, key=lambda one: one[0].merit)
    if match.export is GA4:
        match = _dated_table(grid, match)
        records = grid.look(match.delimiter)
    preamble = records[: match.at]
    about = Found(
        name=grid.name,
        file=grid.file,
        export=match.export,
        at=match.at,
        header=match.header,
        headings=match.headings,
        places=match.places,
        preamble=preamble,
        period=_period(preamble),
        broken=any(repaired(cell) != cell for record in records for cell in record),
    )
    return about, match.delimiter


def _matches(
    records: Sequence[Sequence[str]], exports: Sequence[Export], *, delimiter: str, explicit: bool
) -> Iterator[Match]:
    titles: list[str] = []
    for at, record in enumerate(records):
        named = headings(record)
        if sum(bool(one.words) for one in named) > 1:
            for export in exports:
                match = _match(named, export, titles, explicit=explicit)
                if match is not None:
                    places, n_telling = match
                    yield Match(
                        export=export, places=places, n_telling=n_telling, at=at, delimiter=delimiter,
                        header=tuple(name.strip() for name in record), headings=named,
                    )  # fmt: skip
        titles.append(" ".join(repaired(cell) for cell in record if cell))


def _match(
    named: Sequence[Heading], export: Export, titles: Sequence[str], *, explicit: bool
) -> tuple[dict[str, int], int] | None:
    """Where the export's roles stand in a record, and how many tell, or None where it is not its header."""
    words = [one.words for one in named]
    if export is SEARCH_CONSOLE and is_comparison(tuple(words)):
        return {role: at for at, role in enumerate(("query", "clicks", "impressions", "ctr", "position"))}, 5
    places: dict[str, int] = {}
    for role, names in export.roles.items():
        for name in names:
            if name in words:
                places[role] = words.index(name)
                break
    if not all(need & places.keys() for need in export.needs):
        return None
    n_telling = len(export.telling & places.keys())
    titled = export.title is not None and any(export.title.search(title.strip()) for title in titles)
    if explicit or titled:
        return places, n_telling + titled
    there = [word for word in words if word]
    enough = n_telling >= export.n_telling and len(set(places.values())) >= export.share * len(there)
    return (places, n_telling) if enough and not export.never & set(words) else None


def _dated_table(grid: Grid, match: Match) -> Match:
    """Of several tables in one file the first one with days; the one found first where none has."""
    tables = [
        replace(match, places=found[0], n_telling=found[1], at=at, header=tuple(record), headings=named)
        for at, record in enumerate(grid.read(match.delimiter))
        if len(record) > 1
        and (named := headings(record))
        and (found := _match(named, GA4, (), explicit=True)) is not None
    ]
    dated = [table for table in tables if table.places.keys() & {"day", _NTH_TABLE}]
    best = min((METRICS.index(_first(table)) for table in dated), default=None)
    return next((table for table in dated if METRICS.index(_first(table)) == best), match)


def _first(table: Match) -> str:
    return next(metric for metric in METRICS if metric in table.places)


def _period(preamble: Sequence[Sequence[str]]) -> Period | None:
    """The days that the lines before a header say it is about."""
    for record in preamble:
        for line in (", ".join(cell.strip() for cell in record if cell.strip()), *record):
            found = _SPAN.match(repaired(line).strip(' "#'))
            try:
                if found is not None:
                    return Period(first=_whole_day(found[1]), last=_whole_day(found[2]))
            except ValueError:
                continue
    return _stated_days(" ".join(cell for record in preamble for cell in record if record[0].startswith("#")))


def _whole_day(text: str) -> date:
    read = day_of(text.strip(), None)
    if read.rest.strip():
        raise ValueError(text)
    return read.day


def _stated_days(comments: str) -> Period | None:
    days: list[date] = []
    for digits in _COMPACT_DAY.findall(comments):
        try:
            days.append(day_of(digits, None).day)
        except ValueError:
            continue
    within = [day for day in days if 2000 <= day.year < 2200]
    return Period(first=min(within), last=max(within)) if len(within) > 1 else None


def stated_currency(found: Found) -> str | None:
    """The currency that the header or the lines before it name, or None."""
    for role in found.export.money:
        at = found.places.get(role)
        if at is not None and found.headings[at].currency:
            return found.headings[at].currency
    for record in found.preamble:
        line = " ".join(cell for cell in record if not is_blank(cell))
        code = _CODE.search(line)
        if code is not None and code[1].upper() in CURRENCIES:
            return code[1].upper()
    return None


def in_currency(found: Found, currency: str) -> Found:
    """The export, held against the company's currency.

    Raises:
        Problem: It says that its money is in another one.
    """
    there = stated_currency(found)
    if there is not None and there != currency:
        raise Problem(
            f"{found.name}: this {found.export.says} is in {there} and the company counts in "
            f"{currency}; cmo converts no currency: export it in {currency}, or "
            f"correct the company's currency in cmo.yaml"
        )
    return replace(found, custom_currency=currency)
