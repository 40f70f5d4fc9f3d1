"""Every chart draws: few and many subjects, short and long labels, both widths, both languages."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from cmo.briefs.charts import curves, history, intervals, rows, theme, verdicts
from cmo.briefs.charts.axes import axis_of
from cmo.briefs.charts.render import svg
from cmo.briefs.document import Spec, Tone
from cmo.briefs.voice import Voice
from cmo.measures import LANGUAGES, Language, Unit

LONG = "Our customers recommend us to everybody they know, and to quite a few people whom they do not know"
SIZES = (theme.WIDE, theme.NARROW)


def beliefs(n: int, label: str) -> list[verdicts.Mark]:
    tones = (Tone.FELL, Tone.OPEN, Tone.HOLDS)
    return [
        verdicts.Mark(
            label=f"{label} {i}",
            tone=tones[i % 3],
            stated=None if i % 4 == 0 else i / n,
            probability=(0.02, 0.5, 0.97)[i % 3],
        )
        for i in range(n)
    ]


def ranges(n: int, label: str) -> list[intervals.Range]:
    return [
        intervals.Range(label=f"{label} {i}", low=i - 1.0, value=float(i), high=i + 1.5, written=str(i))
        for i in range(n)
    ]


def drawn(n: int, label: str, *, voice: Voice, width: int) -> Iterator[Spec]:
    share = axis_of(Unit("share"), name="Share", values=[0.4], voice=voice)
    yield verdicts.verdict_chart(beliefs(n, label), voice=voice, width=width, thresholds=(0.1, 0.9))
    roi = axis_of(Unit("EUR/EUR"), name="ROI", values=[-1.0, n + 1.5], voice=voice)
    yield intervals.interval_chart(ranges(n, label), axis=roi, voice=voice, width=width)
    months = [
        history.Moment(start=date(2020 + i // 12, i % 12 + 1, 1), low=9e5 + i, value=1e6 + i, high=2e6 + i)
        for i in range(n)
    ]
    money = axis_of(Unit("EUR"), name="Sales", values=[2e6], voice=voice)
    cut = n // 2
    yield history.history_chart(months[:cut], months[cut:], axis=money, voice=voice, width=width)
    steps = [curves.Step(x=float(i + 1), low=0.2, value=0.3, high=0.4, written="30%") for i in range(n)]
    yield curves.retention_chart(steps, across="Months", axis=share, voice=voice, width=width)
    tops = [curves.Step(x=(i + 1) / (n + 1), low=0.5, value=0.6, high=0.7, written="60%") for i in range(n)]
    yield curves.concentration_chart(tops, across="Customers", axis=share, voice=voice, width=width)


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize(("n", "label", "language"), [(1, "A", "en"), (3, LONG, "fr"), (40, LONG, "en")])
def test_charts_keep_their_width_whatever_they_show(
    n: int, label: str, language: Language, width: int
) -> None:
    for spec in drawn(n, label, voice=Voice(language), width=width):
        drawing = svg(spec, language=language, name="x")
        found = re.search(r'viewBox="0 0 (\d+) (\d+)"', drawing)
        assert found is not None
        assert int(found[1]) == width
        assert "NaN" not in drawing


def test_narrow_labels_stand_over_their_rows_and_wide_ones_beside() -> None:
    beside, over = (rows.lay_out([LONG, "short"], width=width) for width in SIZES)
    assert beside.beside
    assert not over.beside
    assert all(row.label_y + 7 < row.mark_y for row in over.rows)
    assert all(a.foot_y == b.head_y for a, b in zip(over.rows, over.rows[1:], strict=False))


def test_label_is_broken_into_three_lines_at_most() -> None:
    broken = rows.wrapped(" ".join([LONG] * 5), letters=40)
    assert broken.count("\n") == 2
    assert broken.endswith("…")
    assert all(len(line) <= 40 for line in broken.split("\n"))
    assert rows.wrapped("x" * 300, letters=40).count("\n") == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_signs_tell_verdicts_apart_without_colour(language: Language) -> None:
    spec = verdicts.verdict_chart(
        beliefs(3, "b"), voice=Voice(language), width=theme.WIDE, thresholds=(0.1, 0.9)
    )
    shapes = {
        (layer["mark"]["shape"], layer["mark"]["filled"])
        for layer in spec["layer"]
        if layer["mark"]["type"] == "point"
    }
    assert len(shapes) == 4


@pytest.mark.parametrize(
    ("unit", "values", "language", "title", "divisor"),
    [
        ("EUR", [3e5], "fr", "Ventes, milliers d’€", 1e3),
        ("EUR", [3e5], "en", "Ventes, thousand €", 1e3),
        ("GBP", [2.5e6], "fr", "Ventes, millions de £GB", 1e6),
        ("EUR", [900.0], "fr", "Ventes, €", 1.0),
        ("count", [5e4], "fr", "Ventes, milliers", 1e3),
        ("share", [0.3], "fr", "Ventes", 1.0),
        ("weeks", [3.0], "fr", "Ventes, semaines", 1.0),
    ],
)
def test_axis_names_its_unit(
    unit: str, values: list[float], language: Language, title: str, divisor: float
) -> None:
    axis = axis_of(Unit(unit), name="Ventes", values=values, voice=Voice(language))
    assert (axis.title, axis.divisor) == (title, divisor)


def test_axis_of_equal_values_has_a_length() -> None:
    axis = axis_of(Unit("EUR/EUR"), name="x", values=[0.0], voice=Voice("en"))
    low, high = axis.domain([0.0, 0.0])
    assert low < high


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("by_night", [False, True])
@pytest.mark.parametrize(
    ("colour", "least"),
    [
        (theme.INK, 4.5),
        (theme.QUIET, 4.5),
        (theme.LEADER, 3.0),
        (theme.BLUE, 3.0),
        (theme.GREEN, 3.0),
        (theme.RED, 3.0),
        (theme.OCHRE, 3.0),
    ],
)
def test_colours_stand_out_by_day_and_by_night(colour: str, least: float, *, by_night: bool) -> None:
    colours = (theme.NIGHT[colour], theme.NIGHT[theme.GROUND]) if by_night else (colour, theme.GROUND)
    assert contrast(*colours) >= least


def test_rendering_is_the_same_twice() -> None:
    spec = next(drawn(3, "a", voice=Voice("fr"), width=theme.WIDE))
    assert svg(spec, language="fr", name="a") == svg(spec, language="fr", name="a")


def test_drawing_fetches_nothing_even_if_told_to() -> None:
    spec = {
        "data": {"url": "https://example.org/x.csv"},
        "mark": "point",
        "encoding": {"x": {"field": "a", "type": "quantitative"}},
    }
    with pytest.raises(ValueError, match=r"(?i)url"):
        svg(spec, language="en", name="x")
