"""An export's rows told as canonical rows, the others set aside with their reason."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

import pyarrow as pa

from cmo.measures import Problem
from cmo.warehouse.dialect import Decimal, Marks, Order, Orders
from cmo.warehouse.exports.body import Body
from cmo.warehouse.exports.export import Found, LeftOut, Period, Refused
from cmo.warehouse.exports.grid import Grid
from cmo.warehouse.exports.values import day_of, number, whole_marks
from cmo.warehouse.opened import Unread, Written, batch_of
from cmo.workspace import Source

_BATCH = 20_000
_LOOK = 2000
_PERSONAL = re.compile(
    r"\b(phone|telephone|mobile|sms|street|address ?\d?|adresse ?\d?|zip|postal|ip|latitude|longitude|card|"
    r"notes?|first ?name|last ?name|^nom|prenom|nom de famille|surname|billing name|shipping name|"
    r"customer description|payment reference|date of birth|birthday|leid|euid)\b(?! de la| de l)"
)


def settled(grid: Grid, found: Found, delimiter: str, *, source: Source) -> Found:
    """The export, with what its cells leave open settled from all of them.

    Args:
        grid: The file as records.
        found: What it was recognised as.
        delimiter: What parts its cells.
        source: What cmo.yaml says of it.

    Raises:
        Problem: It cannot be taken, or leaves open how it is meant.
    """
    if source.period is not None and found.period is None:
        found = replace(found, period=Period(first=source.period, last=source.period))
    found.export.check(found)
    body = Body(grid=grid, found=found, delimiter=delimiter)
    decimal = source.decimal or _decimal(body)
    orders = {role: source.dates or _order(body, role) for role in found.export.days if found.has(role)}
    return replace(found, decimal=decimal, orders={role: order for role, order in orders.items() if order})


def open_export(grid: Grid, found: Found, delimiter: str) -> Written:
    """Opens a file that is a known export.

    Args:
        grid: The file as records.
        found: What it was recognised as, settled.
        delimiter: What parts its cells.

    Returns:
        Its rows as canonical columns, the others under their own names.

    Raises:
        Problem: It cannot be taken.
    """
    body = Body(grid=grid, found=found, delimiter=delimiter)
    names, attributes = found.export.given(found), _attributes(found)
    columns = (*names, *(found.header[at] for at in attributes))

    def read(unread: list[Unread]) -> Iterator[pa.RecordBatch]:
        rows = _told(body, names, attributes, unread=unread)
        while taken := list(islice(rows, _BATCH)):
            cells, numbers = [cells for _, cells in taken], [at for at, _ in taken]
            yield batch_of(cells, n_columns=len(columns), numbers=numbers)

    first = [cells for _, cells in islice(_told(body, names, attributes, unread=[]), _LOOK)]
    return Written(name=grid.name, columns=columns, first=first, rows=read, decimal=".")


def _told(
    body: Body, names: Sequence[str], attributes: Sequence[int], *, unread: list[Unread]
) -> Iterator[tuple[int, list[str | None]]]:
    """The rows with their number; what is no row goes to the list."""
    found = body.found
    tell = found.export.told(found, body.rows)
    for at, cells, reason in body.records():
        if reason is not None:
            unread.append(Unread(row=at, text=_joined(cells), rule=reason))
            continue
        try:
            given = tell(found.row(at, cells))
        except LeftOut as left:
            unread.append(Unread(row=at, text=_joined(cells), rule=left.reason))
        except Refused as refused:
            column = found.export.canonical(refused.role)
            text = _joined(cells)
            unread.append(
                Unread(row=at, text=text, rule=refused.rule, column=column, value=refused.value or "")
            )
        else:
            yield (
                at,
                [
                    *(given.get(name) for name in names),
                    *(_attribute(cells[one], found) for one in attributes),
                ],
            )


def _joined(cells: Sequence[str]) -> str:
    return " | ".join(cells)[:2000]


def _attributes(found: Found) -> list[int]:
    """Columns that are kept under their own names: those that no canonical column has, and nobody's."""
    used = found.export.used(found)
    return [
        at
        for at, one in enumerate(found.headings)
        if at not in used and one.words and not _PERSONAL.search(one.words)
    ]


def _attribute(cell: str, found: Found) -> str | None:
    """An attribute as it is; a number with a decimal comma as all numbers of the house are written."""
    if found.decimal == "," and any(sign.isdigit() for sign in cell):
        try:
            return format(number(cell, ","), "f")
        except ValueError:
            return cell.strip() or None
    return cell.strip() or None


def _decimal(body: Body) -> Decimal | None:
    """The decimal mark, told from the amounts, and from the counts, which are whole.

    Raises:
        Problem: The values contradict one another, or leave it open.
    """
    found = body.found
    money = [role for role in found.export.money if found.has(role)]
    whole = [role for role in found.export.whole if found.has(role)]
    if not money and not whole:
        return None
    marks = Marks()
    for row in body.rows():
        marks.see(cell.rstrip("% \u00a0\u202f") for role in money if (cell := row.raw(role)) is not None)
        whole_marks((cell for role in whole if (cell := row.raw(role)) is not None), marks=marks)
    if body.grid.typed and marks.shown["."] >= marks.shown[","]:
        return "."
    places = ", ".join(found.header[found.places[role]] for role in money or whole)
    return marks.told(where=f"{body.grid.name}, column {places}")


def _order(body: Body, role: str) -> Order | None:
    """The order of day and month, told from the days, or from the period they must lie in.

    Raises:
        Problem: The days contradict one another, or leave it open.
    """
    found, orders = body.found, Orders()
    cells = [cell for row in body.rows() if (cell := row.raw(role)) is not None]
    orders.see(cells)
    try:
        return orders.told(where=f"{body.grid.name}, column {found.header[found.places[role]]}")
    except Problem:
        orders_that_fit: list[Order] = [
            order for order in ("day_first", "month_first") if _all_within(cells, found.period, order)
        ]
        if len(orders_that_fit) == 1:
            return orders_that_fit[0]
        if found.export.order is not None:
            return found.export.order
        raise


def _all_within(cells: Sequence[str], period: Period | None, order: Order) -> bool:
    """Whether all days lie in a period, if read in an order."""
    if period is None:
        return False
    try:
        days = [day_of(cell, order).day for cell in cells if cell[:1].isdigit()]
    except ValueError:
        return False
    return all(period.first <= day <= period.last for day in days)
