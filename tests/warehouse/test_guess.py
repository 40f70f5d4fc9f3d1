"""What a file is taken for that nobody has described."""

from pathlib import Path

import pytest

from cmo.measures import Problem
from cmo.warehouse.column_names import COLUMN_NAMES
from cmo.warehouse.guess import guessed
from cmo.warehouse.tables import TABLES

FILES: dict[str, tuple[str, str, dict[str, str]]] = {
    "orders in French": (
        "N° commande;Date de commande;Code client;Quantité;Montant TTC\nC1;25/09/2026;K1;2;1 234,50\n",
        "orders",
        {"order_id": "N° commande", "ordered_at": "Date de commande", "revenue": "Montant TTC"},
    ),
    "orders without a sum": (
        "Invoice,StockCode,Quantity,InvoiceDate,Price,Customer ID\n1,A,2,2026-01-01,3.5,9\n",
        "orders",
        {"revenue": '"Quantity" * "Price"', "product_id": "StockCode"},
    ),
    "orders without a number": (
        "customer_id,date,amount\na,2026-01-01,3.5\n",
        "orders",
        {"order_id": "\"customer_id\" || ' ' || \"date\"", "revenue": "amount"},
    ),
    "spend in French": (
        "Semaine;Canal;Dépenses\n2026-01-05;tv;12,50\n",
        "media",
        {"channel": "Canal", "spend": "Dépenses"},
    ),
    "sales by region": (
        "date,location,Y\n2026-01-05,Lyon,12\n",
        "outcomes", {"value": "Y", "region": "location"},
    ),
    "searches": ("month,term,count\n2026-01-01,soap,12\n", "signals", {"topic": "term", "volume": "count"}),
    "canonical names": (
        "respondent_id,too_cheap,cheap,expensive,too_expensive\nr,1,2,3,4\n",
        "price_survey",
        {"cheap": "cheap"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "table", "columns"), FILES.values(), ids=FILES)
def test_a_file_is_taken_for_what_its_columns_say(
    text: str, table: str, columns: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "export.csv"
    path.write_text(text, encoding="utf-8")
    (source,) = guessed(path, said={}).sources
    assert source.table == table
    told = {column.name: column.written for column in source.columns}
    assert {name: told[name] for name in columns} == columns
    assert all(0 < column.sure <= 1 for column in source.columns)


def test_a_file_of_nothing_known_is_taken_for_nothing(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("a,b,c\n1,2,3\n", encoding="utf-8")
    assert guessed(path, said={}).sources == ()
    with pytest.raises(Problem, match="is not a table"):
        guessed(path, said={"table": "sales"})


def test_every_name_is_of_a_column_there_is() -> None:
    for table, columns in COLUMN_NAMES.items():
        assert set(columns) <= {column.name for column in TABLES[table].columns}
