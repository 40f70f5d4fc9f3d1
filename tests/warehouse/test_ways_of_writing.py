"""Files of anybody: days in words, years of two digits, titles, totals, and money of another currency."""

from collections.abc import Callable

import pytest

from cmo.measures import Problem
from cmo.warehouse.engines import open_field
from cmo.warehouse.intake import read_sources
from cmo.workspace import Workspace

Made = Callable[..., Workspace]
MEDIA = "  media: {path: a.csv}\n"
DAYS = (
    "1 sept. 2026;1er septembre 2026;mar. 1 sept. 2026;Sep 1, 2026;September 1, 2026;Tue, Sep 1, 2026;"
    "01 Sep 2026;1-Sep-2026;1 sept. 2026 10:05;Sep 1, 2026, 10:05:00 AM;1\u00a0septembre\u202f2026;"
    "2026-09-01;20260901"
)


def test_a_day_in_words_is_read_in_both_languages(made: Made) -> None:
    days = DAYS.split(";")
    workspace = made(MEDIA, a__csv="date;channel;spend\n" + "".join(f"{day};tv;1\n" for day in days))
    report = read_sources(workspace)
    assert (report.total("rows_kept"), report.total("rows_refused")) == (len(days), 0)
    span = open_field(workspace).span("media")
    assert (str(span.start), str(span.end)) == ("2026-09-01", "2026-09-01")


def test_a_year_of_two_digits_is_read_where_the_order_is_known(made: Made) -> None:
    workspace = made(MEDIA, a__csv="date;channel;spend\n25/09/26;tv;1\n01/09/26;tv;1\n05/09/99;tv;1\n")
    read_sources(workspace)
    span = open_field(workspace).span("media")
    assert (str(span.start), str(span.end)) == ("1999-09-05", "2026-09-25")
    with pytest.raises(Problem, match="'05/09/26' may begin with the day or with the month"):
        read_sources(made(MEDIA, a__csv="date;channel;spend\n05/09/26;tv;1\n01/09/26;tv;1\n"))


def test_titles_and_totals_are_left_out_and_counted(made: Made) -> None:
    text = (
        "Dépenses 2026\nExport du 2 octobre\n\ndate;channel;spend\n2026-09-01;tv;1,5\n2026-09-02;Total TV;2\n"
    )
    text += "Total;;3,5\nTotal général;3,5\n;;4\n"
    workspace = made(MEDIA, a__csv=text)
    report = read_sources(workspace)
    assert dict(report.left_out("media")) == {"preamble": 2, "total": 2}
    assert (report.total("rows_in"), report.total("rows_kept"), report.total("rows_refused")) == (7, 2, 1)
    assert [refusal.row for refusal in report.refusals()] == [9]


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("date;channel;spend\n2026-09-01;tv;$1.50\n", ""),
        ("date;channel;spend\n2026-09-01;tv;1.50 USD\n", ""),
        ("date;channel;Spend (USD)\n2026-09-01;tv;1.50\n", ", columns: {spend: Spend (USD)}"),
        ("date;channel;spend;Devise\n2026-09-01;tv;1.50;USD\n", ""),
    ],
)
def test_money_of_another_currency_is_refused(made: Made, text: str, more: str) -> None:
    with pytest.raises(Problem, match="the company counts in EUR; cmo converts no currency"):
        read_sources(made(f"  media: {{path: a.csv{more}}}\n", a__csv=text))


def test_money_with_the_companys_sign_is_taken(made: Made) -> None:
    workspace = made(MEDIA, a__csv="date;channel;spend\n2026-09-01;tv;1\u202f234,50 €\n")
    assert read_sources(workspace).total("rows_kept") == 1
