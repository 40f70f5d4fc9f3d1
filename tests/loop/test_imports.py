"""The journal of imports from the command line."""

from datetime import date
from typing import Any

import pytest

pytestmark = pytest.mark.slow


def test_batches_are_listed_taken_back_and_put_back(boutique: Any) -> None:
    boutique.cmo("check")
    boutique.orders("orders-2.csv", first=date(2026, 3, 11), days=3, seed=2)
    with (boutique.folder / "data" / "orders-2.csv").open("a", encoding="utf-8") as file:
        file.write("2-x,c1,2026-03-12,twelve,web\n")
    checked = boutique.ask("check")
    assert checked["batch"] == 2
    assert checked["errors"] == [str(boutique.folder / ".cmo" / "imports" / "2" / "errors.csv")]
    second, first = boutique.ask("imports")["batches"]
    assert (second["number"], second["invalid"], second["undone_at"]) == (2, 1, None)
    assert second["total"] == second["valid"] + second["invalid"]
    assert [one["state"] for one in first["files"]] == ["new"]
    taken = boutique.ask("imports", "undo", "2")["batch"]
    assert taken["undone_at"] is not None
    after = boutique.ask("check")
    (orders,) = after["tables"]
    assert orders["rows"] == first["valid"]
    assert {one["state"] for one in after["sources"]} == {"unchanged", "undone"}
    assert "batch 2 was taken back already" in boutique.cmo("imports", "undo", "2", code=1)
    assert "counts again" in boutique.cmo("imports", "redo", "2")
