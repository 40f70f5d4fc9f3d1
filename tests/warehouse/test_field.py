"""A field of tables in memory."""

from datetime import date, datetime

import pyarrow as pa
import pytest

from cmo.measures import Problem, Window
from cmo.warehouse.field import Field, Stated
from cmo.workspace.company import Company


def orders() -> pa.Table:
    return pa.table(
        {
            "order_id": [1, 2, 3],
            "ordered_at": [
                datetime.fromisoformat("2026-01-01T23:59:00"),
                datetime.fromisoformat("2026-01-02T00:00:00"),
                datetime.fromisoformat("2026-02-01T12:00:00"),
            ],
            "revenue": [10, 20, -5],
            "basket": ["a", "b", None],
        }
    )


def events() -> pa.Table:
    return pa.table(
        {
            "date": [date(2025, 12, 30), date(2027, 5, 1)],
            "name": ["strike", "launch"],
            "end": [date(2026, 1, 2), None],
        }
    )


def test_columns_have_canonical_types_and_attributes_are_kept() -> None:
    field = Field.of_tables({"orders": orders()})
    assert field.columns("orders") == ("order_id", "ordered_at", "revenue", "basket")
    got = field.collect(field.table("orders").order_by("order_id"))
    assert [str(column.type) for column in got.schema] == ["string", "timestamp[us]", "double", "string"]
    assert got["order_id"].to_pylist() == ["1", "2", "3"]


def test_a_scalar_expression_comes_back_as_a_table_of_one_row() -> None:
    field = Field.of_tables({"orders": orders()})
    assert field.collect(field.table("orders").revenue.sum()).to_pydict().popitem()[1] == [25.0]


def test_a_window_cuts_days_inclusively() -> None:
    field = Field.of_tables({"orders": orders()}).during(Window(start=date(2026, 1, 1), end=date(2026, 1, 2)))
    assert field.collect(field.table("orders").count()).to_pydict().popitem()[1] == [2]
    assert field.span("orders") == Window(start=date(2026, 1, 1), end=date(2026, 1, 2))
    assert field.as_of == date(2026, 1, 2)


def test_windows_narrow_and_never_widen() -> None:
    narrow = Window(start=date(2026, 1, 2), end=date(2026, 1, 2))
    field = (
        Field.of_tables({"orders": orders()})
        .during(narrow)
        .during(Window(start=date(2020, 1, 1), end=date(2030, 1, 1)))
    )
    assert field.window == narrow


def test_an_event_that_still_lasts_is_within_the_window() -> None:
    field = Field.of_tables({"events": events()}).during(
        Window(start=date(2026, 1, 1), end=date(2026, 1, 31))
    )
    assert field.collect(field.table("events"))["name"].to_pylist() == ["strike"]


def test_events_to_come_do_not_say_how_far_the_field_reaches() -> None:
    assert Field.of_tables({"orders": orders(), "events": events()}).as_of == date(2026, 2, 1)


def test_a_field_without_dates_needs_to_be_told_its_day() -> None:
    prices = pa.table(
        {"respondent_id": ["a"], "too_cheap": [1], "cheap": [2], "expensive": [3], "too_expensive": [4]}
    )
    with pytest.raises(Problem, match="give as_of"):
        _ = Field.of_tables({"price_survey": prices}).as_of
    assert Field.of_tables({"price_survey": prices}, as_of=date(2026, 1, 1)).as_of == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        ({"oders": orders()}, "not a canonical table"),
        ({"orders": orders().drop_columns(["revenue"])}, "revenue is missing"),
        (
            {"orders": orders().set_column(2, "revenue", pa.array(["x", "y", "z"]))},
            "does not have its column's type",
        ),
    ],
)
def test_what_is_not_a_canonical_table_is_refused(tables: dict[str, pa.Table], says: str) -> None:
    with pytest.raises(Problem, match=says):
        Field.of_tables(tables)


def test_a_table_the_company_lacks_is_named() -> None:
    with pytest.raises(Problem, match="media"):
        Field.of_tables({"orders": orders()}).table("media")


def test_the_fingerprint_follows_content_and_window() -> None:
    field = Field.of_tables({"orders": orders()})
    again = Field.of_tables({"orders": orders(), "events": events()})
    assert field.fingerprint(["orders"]) == again.fingerprint(["orders"])
    assert field.fingerprint(["orders"]) != Field.of_tables({"orders": orders().slice(1)}).fingerprint(
        ["orders"]
    )
    window = Window(start=date(2026, 1, 1), end=date(2026, 1, 2))
    assert field.fingerprint(["orders"]) != field.during(window).fingerprint(["orders"])


def test_company_and_strategy_travel_with_the_field() -> None:
    company = Company(name="Maison Lumen", language="fr", timezone="Europe/Paris")
    field = Field.of_tables({"orders": orders()}, company=company).stating(Stated(plan={"budget": 1}))
    assert field.company.name == "Maison Lumen"
    assert field.strategy.plan == {"budget": 1}
    assert field.strategy.tests == ()


def test_what_was_worked_out_is_kept_as_long_as_the_field_and_of_it_alone() -> None:
    field, asked = Field.of_tables({"orders": orders()}), []

    def make() -> int:
        asked.append(1)
        return len(asked)

    assert [field.once("a sum", make), field.once("a sum", make)] == [1, 1]
    january = field.during(Window.parse("2026-01"))
    assert january.once("a sum", make) == 2
