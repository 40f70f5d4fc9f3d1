"""The event log on a time chart."""

from datetime import date
from itertools import combinations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cmo.briefs.charts.axes import axis_of
from cmo.briefs.charts.happenings import Happening, instant, named, within
from cmo.briefs.charts.history import Moment, history_chart
from cmo.briefs.charts.theme import LETTER, NARROW, WIDE
from cmo.briefs.voice import Voice
from cmo.measures import Unit, Window, months

START, STOP = date(2024, 1, 1), date(2026, 10, 31)


def happening(day: str, name: str, end: str | None = None) -> Happening:
    return Happening(start=date.fromisoformat(day), end=date.fromisoformat(end or day), name=name)


LOG = (
    happening("2023-05-01", "before the chart"),
    happening("2024-06-01", "strike", "2024-07-10"),
    happening("2024-12-25", "Christmas"),
    happening("2025-03-04", "new prices"),
    happening("2025-12-25", "Christmas"),
    happening("2027-01-01", "after the chart"),
)


def texts(spec: Any) -> list[str]:
    if isinstance(spec, dict):
        own = [spec["text"]] if isinstance(spec.get("text"), str) else []
        return own + [text for value in spec.values() for text in texts(value)]
    return [text for value in spec for text in texts(value)] if isinstance(spec, list | tuple) else []


def drawn(width: int) -> list[str]:
    voice = Voice(language="en")
    past = [
        Moment(start=month.start, low=90.0, value=100.0, high=110.0)
        for month in months(Window(start=START, end=STOP))
    ]
    axis = axis_of(Unit("EUR"), name="Revenue", values=[90.0, 110.0], voice=voice)
    return texts(history_chart(past, (), axis=axis, voice=voice, width=width, happened=LOG))


def test_what_touches_the_chart_is_marked_by_name() -> None:
    for width in (WIDE, NARROW):
        said = drawn(width)
        assert {"strike", "new prices"} <= set(said)
        assert not {"before the chart", "after the chart"} & set(said)


def test_only_what_touches_the_days_is_within() -> None:
    found = within(LOG, start=date(2024, 7, 1), stop=date(2025, 3, 4))
    assert [one.name for one in found] == ["strike", "Christmas", "new prices"]


def test_what_happened_once_is_named_before_what_comes_every_year() -> None:
    across = (float(instant(START)), float(instant(STOP)))
    crowd = [happening(f"2025-{month:02}-01", "sale") for month in range(1, 13)]
    found = named([*crowd, happening("2025-06-02", "outage")], across=across, width=300, levels=1)
    assert found[0].happening.name == "outage"


DAYS = st.dates(START, STOP)
NAMES = st.text(st.characters(codec="ascii", categories=["L"]), min_size=1, max_size=30)


@given(
    st.lists(st.builds(lambda day, name: Happening(start=day, end=day, name=name), DAYS, NAMES), max_size=25)
)
def test_names_never_lie_on_one_another(happened: list[Happening]) -> None:
    width = 600
    across = (float(instant(START)), float(instant(STOP)))
    labels = named(happened, across=across, width=width, levels=3)
    spans = []
    for one in labels:
        at = width * (instant(one.happening.start) - across[0]) / (across[1] - across[0])
        size = 3 + LETTER * min(len(one.happening.name), 22)
        spans.append((one.level, min(at, width - size), min(at, width - size) + size))
    for (level, start, stop), (other, begins, over) in combinations(spans, 2):
        assert level != other or stop <= begins or over <= start
