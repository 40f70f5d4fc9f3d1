"""Money in another currency than the company's is refused: nothing is converted in silence."""

from collections.abc import Iterable, Sequence

from cmo.measures import Problem
from cmo.warehouse.exports.headers import CURRENCIES, heading
from cmo.warehouse.exports.values import is_blank, other_currency
from cmo.warehouse.mapping import Columns
from cmo.warehouse.opened import Opened

MONEY = frozenset(
    (
        "revenue", "margin", "discount", "spend", "conversion_value", "value_per_unit", "cost", "too_cheap",
        "cheap", "expensive", "too_expensive",
    )
)  # fmt: skip
"""Canonical columns that hold money, whatever the table."""

_NAMES = frozenset(("currency", "currency code", "devise", "code devise", "code de la devise", "monnaie"))


def refuse_other_currency(opened: Opened, columns: Columns, *, currency: str) -> None:
    """Holds a source's money against the company's currency, where it says its own.

    Args:
        opened: The source.
        columns: Where the table's columns come from.
        currency: ISO 4217 code of the company's currency.

    Raises:
        Problem: A header, a cell or a column of currencies names another one.
    """
    for at, name in _money(opened, columns):
        there = heading(name).currency
        if there is not None and there != currency:
            raise _other(f"{opened.name}, column {name}", there, currency)
        for cell in _said(opened.head(at)):
            if other_currency(cell, currency):
                raise _other(f"{opened.name}, column {name}", repr(cell[:30]), currency)
    for at, name in enumerate(opened.columns):
        if heading(name).words in _NAMES:
            codes = {cell.strip().upper() for cell in _said(opened.head(at))}
            if codes and codes <= CURRENCIES and currency not in codes:
                raise _other(f"{opened.name}, column {name}", ", ".join(sorted(codes)), currency)


def _money(opened: Opened, columns: Columns) -> Iterable[tuple[int, str]]:
    """The source's columns that give money, named by themselves or in expressions."""
    for one in columns.known:
        if one.name in MONEY:
            places = (one.places or {}).values() if one.at is None else (one.at,)
            yield from ((at, opened.columns[at]) for at in places if opened.held[at] == "VARCHAR")


def _said(cells: Sequence[str | None]) -> list[str]:
    return [cell for cell in cells if cell is not None and not is_blank(cell)]


def _other(where: str, there: str, currency: str) -> Problem:
    return Problem(
        f"{where}: the money is in {there} and the company counts in {currency}; cmo converts no currency: "
        f"give it in {currency}, or correct the company's currency in cmo.yaml"
    )
