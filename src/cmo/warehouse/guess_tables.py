"""Which table the columns of a file could be, by their names and by what they hold."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cmo.measures import Text
from cmo.warehouse.column_names import COLUMN_NAMES, FILE_NAMES
from cmo.warehouse.exports.export import Export
from cmo.warehouse.exports.headers import headings, words_of
from cmo.warehouse.exports.values import day_of, is_blank, number
from cmo.warehouse.opened import Opened
from cmo.warehouse.tables import CanonicalTable, Column, Kind

NAMED, HALF_NAMED, CANONICAL = 0.9, 0.6, 0.99
"""How sure a column is by its name: the usual name, a part of it, the canonical name."""

CURRENCY_COLUMNS = frozenset(("currency", "currency code", "devise", "code devise", "code de la devise"))
"""Names of columns that hold codes of currencies."""

_SPEND_OF = re.compile(
    r"^(?:spend|cost|depenses?|cout) (?P<after>.+)$|^(?P<before>.+) (?:spend|cost|depenses?|cout|s)$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnGuess:
    """A canonical column and where it is taken from.

    Attributes:
        name: Canonical name.
        written: The file's column, or an expression over its columns.
        sure: Confidence, 0 to 1.
        why: What speaks for it.
    """

    name: str
    written: str
    sure: float
    why: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceGuess:
    """A table that a file is taken to fill.

    Attributes:
        table: Canonical name of the table.
        export: The known export that the file is, or None.
        columns: Where the columns are taken from.
        sure: Confidence in the table, 0 to 1.
    """

    table: str
    export: Export | None
    columns: tuple[ColumnGuess, ...]
    sure: float


class HeldColumns:
    """The columns of a file by the words of their names, and what they hold."""

    def __init__(self, opened: Opened) -> None:
        self.names = opened.columns
        self.words = [one.words for one in headings(opened.columns)]
        self._opened = opened

    def holds(self, at: int, kind: Kind) -> bool:
        """Whether the first cells of a column are of a kind."""
        held = self._opened.held[at]
        if held != "VARCHAR":
            dated = held.startswith(("DATE", "TIMESTAMP"))
            return kind is Kind.TEXT or dated == (kind in {Kind.DAY, Kind.INSTANT})
        cells = [cell for cell in self._opened.head(at)[:300] if cell is not None and not is_blank(cell)]
        if kind in {Kind.TEXT, Kind.FLAG} or not cells:
            return True
        return sum(_reads(cell, kind) for cell in cells) >= 0.7 * len(cells)

    def is_empty(self, at: int) -> bool:
        """Whether the first cells of a column hold nothing."""
        return all(cell is None or is_blank(cell) for cell in self._opened.head(at)[:300])

    def currency(self) -> str | None:
        """The one currency of a column of currencies, or None."""
        for at, word in enumerate(self.words):
            if word in CURRENCY_COLUMNS and self._opened.held[at] == "VARCHAR":
                codes = {
                    cell.strip().upper() for cell in self._opened.head(at) if cell and not is_blank(cell)
                }
                return codes.pop() if len(codes) == 1 else None
        return None


def _reads(cell: str, kind: Kind) -> bool:
    """Whether a cell may be a number, or a day, in one way of writing or another."""
    if kind is Kind.NUMBER:
        return any(_tried(number, cell, mark) for mark in (".", ","))
    return any(_tried(day_of, cell, order) for order in ("day_first", "month_first"))


def _tried(read: object, cell: str, way: str) -> bool:
    try:
        read(cell, way)  # type: ignore[operator] # number or day_of
    except ValueError:
        return False
    return True


def of_table(
    table: CanonicalTable, columns: HeldColumns, *, path: Path, said: Mapping[str, str]
) -> SourceGuess | None:
    """How well a file fits a table, or None where it lacks a column that is needed."""
    names = COLUMN_NAMES.get(table.name, {})
    found: dict[str, ColumnGuess] = {}
    taken: set[int] = set()
    for look in (_answered, _by_name, _by_part):
        for column in sorted(table.columns, key=lambda one: not one.required):
            if column.name in found:
                continue
            guess, at = look(column, names.get(column.name, ()), columns, taken=taken, said=said)
            if guess is not None:
                found[column.name] = guess
                taken.add(at)
    if table.name == "orders":
        _from_price(found, columns)
        _of_customer_and_day(found)
    if not all(name in found for name in table.required) or found.keys() <= {"customer_id"}:
        return None
    required = [found[name].sure for name in table.required]
    optional = [guess.sure for name, guess in found.items() if name not in table.required]
    score = sum(required) / len(required) * 0.8 + min(len(optional), 5) * 0.03
    stem = words_of(path.name.partition(".")[0])
    if any(word in stem for word in FILE_NAMES.get(table.name, ())):
        score += 0.1
    score += 0.01 * len(table.required)
    order = [column.name for column in table.columns]
    kept = tuple(sorted(found.values(), key=lambda one: order.index(one.name)))
    return SourceGuess(table=table.name, export=None, columns=kept, sure=min(score, 0.97))


_Looked = tuple[ColumnGuess | None, int]
"""A column and its position; -1 for an expression."""


def _answered(
    column: Column, names: Sequence[str], columns: HeldColumns, *, taken: set[int], said: Mapping[str, str]
) -> _Looked:
    """The column that was answered."""
    del names, taken
    if column.name not in said:
        return None, -1
    written = said[column.name]
    at = columns.names.index(written) if written in columns.names else -1
    why = Text(en="as you answered", fr="comme vous l'avez répondu")
    return ColumnGuess(name=column.name, written=written, sure=1.0, why=why), at


def _by_name(
    column: Column, names: Sequence[str], columns: HeldColumns, *, taken: set[int], said: Mapping[str, str]
) -> _Looked:
    """The column of the canonical name, or of one of those that companies use."""
    del said
    for rank, word in enumerate((column.name.replace("_", " "), *names)):
        for at, words in enumerate(columns.words):
            if words == word and at not in taken and columns.holds(at, column.kind):
                exact = columns.names[at] == column.name
                sure = CANONICAL if exact else max(NAMED - 0.01 * rank, HALF_NAMED)
                return _named(column, columns, at, sure=sure), at
    return None, -1


def _by_part(
    column: Column, names: Sequence[str], columns: HeldColumns, *, taken: set[int], said: Mapping[str, str]
) -> _Looked:
    """A column that has such a name within its own; of texts only where one is needed."""
    del said
    if column.kind is Kind.TEXT and not column.required:
        return None, -1
    for at, words in enumerate(columns.words):
        if at in taken or not any(f" {word} " in f" {words} " for word in names[:6]):
            continue
        dated = column.kind is Kind.TEXT and columns.holds(at, Kind.DAY) and not columns.is_empty(at)
        if columns.holds(at, column.kind) and not dated:
            return _named(column, columns, at, sure=HALF_NAMED), at
    return None, -1


def _named(column: Column, columns: HeldColumns, at: int, *, sure: float) -> ColumnGuess:
    holds = {
        Kind.NUMBER: Text("holds numbers", "contient des nombres"),
        Kind.DAY: Text("holds days", "contient des jours"),
        Kind.INSTANT: Text("holds dates", "contient des dates"),
        Kind.FLAG: Text("holds yes or no", "contient oui ou non"),
        Kind.TEXT: Text("holds text", "contient du texte"),
    }[column.kind]
    why = Text(en=f"its name, and it {holds.en}", fr=f"son nom, et elle {holds.fr}")
    if sure == HALF_NAMED:
        why = Text(
            en=f"a part of its name, and it {holds.en}", fr=f"une partie de son nom, et elle {holds.fr}"
        )
    return ColumnGuess(name=column.name, written=columns.names[at], sure=sure, why=why)


def _from_price(found: dict[str, ColumnGuess], columns: HeldColumns) -> None:
    """Revenue as quantity times price, where no column holds it."""
    prices = ("price", "unit price", "prix", "prix unitaire", "pu", "prix ht", "prix ttc", "pu ht", "pu ttc")
    if "revenue" in found:
        return
    price = next((at for at, word in enumerate(columns.words) if word in prices), None)
    quantity = found.get("quantity")
    if price is None or quantity is None or not columns.holds(price, Kind.NUMBER):
        return
    why = Text("quantity times unit price", "quantité fois prix unitaire")
    if (discount := found.get("discount")) is not None:
        why = Text(
            f"{why.en}; add - {discount.written} if prices are before discount",
            f"{why.fr} ; ajoutez - {discount.written} si les prix sont avant remise",
        )
    found["revenue"] = ColumnGuess(
        name="revenue",
        written=f"{_quoted(quantity.written)} * {_quoted(columns.names[price])}",
        sure=0.8,
        why=why,
    )


def _of_customer_and_day(found: dict[str, ColumnGuess]) -> None:
    """What a customer bought on a day as one order, where orders have no number."""
    if "order_id" in found or not {"customer_id", "ordered_at", "revenue"} <= found.keys():
        return
    customer, day = _quoted(found["customer_id"].written), _quoted(found["ordered_at"].written)
    found["order_id"] = ColumnGuess(
        name="order_id",
        written=f"{customer} || ' ' || {day}",
        sure=0.6,
        why=Text(
            "no column numbers the orders: all that a customer bought at once is one order",
            "aucune colonne ne numérote les commandes : ce qu'un client achète en une fois en est une",
        ),
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def wide(columns: HeldColumns) -> list[SourceGuess]:
    """Media of a file with a column of spend per channel, and the outcome beside them."""
    date = next((at for at, word in enumerate(columns.words) if word in COLUMN_NAMES["media"]["date"]), None)
    spends = [
        (at, found["after"] or found["before"])
        for at, words in enumerate(columns.words)
        if (found := _SPEND_OF.match(words)) and columns.holds(at, Kind.NUMBER)
    ]
    if date is None or len(spends) < 2 or not columns.holds(date, Kind.DAY):
        return []
    region = next(
        (at for at, word in enumerate(columns.words) if word in COLUMN_NAMES["media"]["region"]), None
    )
    why = Text("its name", "son nom")
    shared = [ColumnGuess(name="date", written=columns.names[date], sure=0.95, why=why)]
    if region is not None:
        shared.append(ColumnGuess(name="region", written=columns.names[region], sure=0.9, why=why))
    one_each = Text("a column of spend for each channel", "une colonne de dépense par canal")
    sources = [
        SourceGuess(
            table="media",
            export=None,
            sure=0.85,
            columns=(
                *shared,
                ColumnGuess(
                    name="channel", written=f"'{channel.replace(' ', '_')}'", sure=0.85, why=one_each
                ),
                ColumnGuess(name="spend", written=columns.names[at], sure=0.85, why=one_each),
            ),
        )
        for at, channel in spends
    ]
    outcome = next(
        (at for at, word in enumerate(columns.words) if word in COLUMN_NAMES["outcomes"]["value"]), None
    )
    if outcome is not None:
        value = ColumnGuess(name="value", written=columns.names[outcome], sure=0.85, why=why)
        sources.append(SourceGuess(table="outcomes", export=None, sure=0.85, columns=(*shared, value)))
    return sources
