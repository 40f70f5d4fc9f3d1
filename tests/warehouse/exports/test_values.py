# ruff: noqa: E501 - a case is a line, and headers stand as the tools write them
"""Numbers and days as tools write them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.warehouse.exports.export import cents
from cmo.warehouse.exports.headers import heading, repaired
from cmo.warehouse.exports.values import day_of, instant_of, number


@pytest.mark.parametrize(
    ("text", "mark", "expected"),
    [
        ("1,234.50", ".", "1234.50"), ("1\u202f234,50", ",", "1234.50"), ("1\u00a0234,50 €", ",", "1234.50"),
        ("1.234,50", ",", "1234.50"), ("1'234.50", ".", "1234.50"), ("(12.50)", ".", "-12.50"), ("12-", None, "-12"),
        ("$1,234", ".", "1234"), ("EUR 12,5", ",", "12.5"), ("−3", None, "-3"), ("12 345", None, "12345"),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_it_is_meant(text: str, mark: str, expected: str) -> None:
    assert number(text, mark) == Decimal(expected)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["1.5", "1,234", "12,3456,7", "", "--", "12%", "1 2 3", "٣", "1e5", "abc"])
def test_what_is_no_number_in_that_way_of_writing_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        number(text, "," if text == "1.5" else None if text == "1,234" else ".")


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2), st.sampled_from(["en", "fr"]))
def test_an_amount_written_in_either_language_comes_back(amount: Decimal, language: str) -> None:
    text = f"{amount:,.2f}"
    if language == "fr":
        text = text.replace(",", "\u202f").replace(".", ",")
    assert number(text, "." if language == "en" else ",") == amount


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("2026-09-01", None), ("20260901", None), ("2026/9/1", None), ("01/09/2026", "day_first"), ("9/1/2026", "month_first"),
        ("01.09.26", "day_first"), ("1 sept. 2026", None), ("1er septembre 2026", None), ("mar. 1 sept. 2026", None),
        ("Sep 1, 2026", None), ("September 1, 2026", None), ("Tuesday, September 1, 2026", None), ("1-Sep-2026", None),
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(text: str, order: str | None) -> None:
    assert day_of(text, order).day == date(2026, 9, 1)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["03/04/2026", "26-09-01", "2026-13-01", "1 foo 2026", "", "31/02/2026"])
def test_what_says_no_one_day_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        day_of(text, None if text == "03/04/2026" else "day_first")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-05-01 10:00:00 +0200", "2026-05-01 10:00:00+02:00"), ("2026-05-01T10:00:00Z", "2026-05-01 10:00:00+00:00"),
        ("05/13/2026 1:05 PM", "2026-05-13 13:05:00"), ("2026-05-01", "2026-05-01"),
    ],
)  # fmt: skip
def test_an_instant_keeps_its_offset(text: str, expected: str) -> None:
    assert instant_of(text, "month_first") == expected


def test_a_name_is_the_same_however_it_is_written() -> None:
    ways = (
        "Montant dépensé (EUR)",
        "MONTANT DÉPENSÉ (EUR)",
        "Montant dÃ©pensÃ© (EUR)",
        " montant\u00a0dépensé  (EUR)",
    )
    assert {heading(way) for way in ways} == {heading("montant depense (EUR)")}
    assert heading("Amount spent (EUR)").currency == "EUR"
    assert heading("CTR (all)").currency is None
    assert repaired("Âge d'or, là-bas") == "Âge d'or, là-bas"


@given(
    st.lists(st.decimals(min_value=0, max_value=1000, places=2), min_size=1, max_size=9),
    st.decimals(min_value=0, max_value=9000, places=2),
)
def test_parts_make_the_whole_to_the_cent(amounts: list[Decimal], whole: Decimal) -> None:
    parts = cents(amounts, whole)
    assert sum(parts) == whole
    assert all(part == part.quantize(Decimal("0.01")) for part in parts)
