import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.briefs.voice import Voice, typeset
from cmo.measures import Figure, Grade, Text, Unit

N = "\u202f"
B = "\u00a0"
EN, FR = Voice("en"), Voice("fr")


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("Vraiment ?", f"Vraiment{N}?"),
        ("Voici : deux ; trois !", f"Voici{N}: deux{N}; trois{N}!"),
        ("« oui »", f"«{N}oui{N}»"),
        ("«oui»", f"«{N}oui{N}»"),
        ("12 %", f"12{N}%"),
        ("12%", f"12{N}%"),
        ("l'été d'une année", "l’été d’une année"),
        ("à 10:30, voir http://exemple.fr", "à 10:30, voir http://exemple.fr"),
        ("de -3 à 5", "de −3 à 5"),
        ("porte-monnaie 2026-10", "porte-monnaie 2026-10"),
    ],
)
def test_french_sentence_is_set_as_a_printer_would(given_: str, expected: str) -> None:
    assert typeset(given_, "fr") == expected


def test_english_keeps_its_plain_spaces_and_gets_its_apostrophe() -> None:
    assert typeset("Who's there ?", "en") == "Who’s there ?"


@given(st.text(alphabet="ab1 ;:!?%»«'\u00a0\u202f-", max_size=30))
def test_no_plain_space_is_left_before_a_high_sign_in_french(words: str) -> None:
    set_ = typeset(words, "fr")
    assert not re.search(r"[ \u00a0][;:!?%»]|«[ \u00a0]", set_)
    assert typeset(set_, "fr") == set_


@pytest.mark.parametrize(
    ("probability", "english", "french"),
    [
        (0.0, "less than one chance in two hundred", "moins d’une chance sur deux cents"),
        (0.03, "less than one chance in twenty", "moins d’une chance sur vingt"),
        (0.05, "about one chance in ten", "environ une chance sur dix"),
        (0.5, "about one chance in two", "environ une chance sur deux"),
        (0.72, "about seven chances in ten", "environ sept chances sur dix"),
        (0.94, "about nine chances in ten", "environ neuf chances sur dix"),
        (0.96, "more than nineteen chances in twenty", "plus de dix-neuf chances sur vingt"),
        (1.0, "practically every chance", "pratiquement toutes les chances"),
    ],
)
def test_probability_reads_as_chances(probability: float, english: str, french: str) -> None:
    assert (EN.chances(probability), FR.chances(probability)) == (english, french)


@pytest.mark.parametrize(
    ("share", "stated", "found"),
    [
        (0.0, "0%", f"<{N}1%"),
        (0.001, f"<{N}1%", f"<{N}1%"),
        (0.034, "3%", "3%"),
        (0.997, "100%", f">{N}99%"),
        (1.0, "100%", f">{N}99%"),
    ],
)
def test_what_draws_gave_never_reads_as_certain(share: float, stated: str, found: str) -> None:
    assert (EN.percent(share), EN.found(share)) == (stated, found)
    assert (FR.percent(share), FR.found(share)) == (stated.replace("%", f"{N}%"), found.replace("%", f"{N}%"))


def test_dates_numbers_and_lists_read_as_each_language_writes_them() -> None:
    assert EN.day(date(2026, 11, 1)) == f"1{B}November{B}2026"
    assert FR.day(date(2026, 11, 1)) == f"1er{B}novembre{B}2026"
    assert FR.day(date(2026, 11, 11)) == f"11{B}novembre{B}2026"
    assert (EN.count(12345), FR.count(12345)) == ("12,345", f"12{N}345")
    assert (EN.listing(["a", "b", "c"]), FR.listing(["a", "b", "c"])) == ("a, b and c", "a, b et c")
    assert (EN.quote(Text.same("so.")), FR.quote(Text.same("oui."))) == ("“so”", f"«{N}oui{N}»")


def test_points_agree_in_number() -> None:
    assert EN.points(0.01) == f"1{B}point"
    assert EN.points(-0.87) == f"87{B}points"
    assert FR.points(0.0) == f"0{B}point"
    assert EN.points(0.0) == f"0{B}points"


def figure(value: float, low: float, high: float, unit: str = "EUR", *, grade: Grade = Grade.C) -> Figure:
    return Figure(
        value=value,
        low=low,
        high=high,
        level=0.9,
        unit=Unit(unit),
        as_of=date(2026, 1, 1),
        grade=grade,
        source="x",
    )


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (figure(4_593_308, 4_579_108, 4_606_946), "€4,593,308 (€4,579,108 to €4,606,946)"),
        (figure(4_954_294, 4_526_821, 5_397_159), "€4,950,000 (€4,530,000 to €5,400,000)"),
        (figure(4_954_294, 4_526_821, 5_397_159, grade=Grade.D), "€4,954,294 (€4,530,000 to €5,400,000)"),
        (figure(1234.0, 1234.0, 1234.0), "€1,234"),
        (figure(0.347, 0.336, 0.358, "share"), "34.7% (33.6% to 35.8%)"),
        (figure(-0.031, -0.063, 0.003, "share"), "−3.1% (−6.3% to 0.3%)"),
    ],
)
def test_figure_shows_the_digits_that_its_interval_bears(shown: Figure, expected: str) -> None:
    assert EN.figure(shown) == expected


def test_french_figure_uses_comma_and_narrow_spaces() -> None:
    assert FR.figure(figure(12_345.678 / 100, 123.4567, 123.4567, "share")) == f"12{N}346{N}%"
    assert FR.value(figure(0.3467, 0.3, 0.4, "share")) == f"34,7{N}%"
