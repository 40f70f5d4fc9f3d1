"""Both languages all through: no word is left untranslated, and what is installed is current."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from cmo.briefs.charts.theme import NIGHT
from cmo.measures.text import french

WEB = Path(__file__).parents[2] / "src" / "cmo" / "web"
FRENCH = WEB / "locale" / "fr" / "LC_MESSAGES" / "django.po"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    with FRENCH.open("rb") as file:
        return read_po(file, locale="fr")


def both(words: object) -> tuple[str, ...]:
    return tuple(map(str, words)) if isinstance(words, list | tuple) else (str(words),)


def test_every_word_has_its_french(catalog: Catalog) -> None:
    assert [one.id for one in catalog if one.id and (one.fuzzy or not all(both(one.string)))] == []


def test_french_is_set_as_french(catalog: Catalog) -> None:
    words = [each for one in catalog if one.id for each in both(one.string)]
    assert [one for one in words if french(one) != one or "'" in one] == []


def test_blanks_are_the_same_in_both(catalog: Catalog) -> None:
    def blanks(words: object) -> set[str]:
        return {blank for one in both(words) for blank in re.findall(r"%\(\w+\)s", one)}

    assert [one.id for one in catalog if one.id and blanks(one.id) != blanks(one.string)] == []


def test_the_compiled_catalogue_is_that_of_the_words(catalog: Catalog) -> None:
    with FRENCH.with_suffix(".mo").open("rb") as file:
        compiled = read_mo(file)
    installed = {both(one.id): both(one.string) for one in compiled if one.id}
    assert installed == {both(one.id): both(one.string) for one in catalog if one.id}


def test_every_word_of_a_template_is_in_the_catalogue(catalog: Catalog) -> None:
    known = {both(one.id)[0] for one in catalog if one.id}
    marked = {
        words
        for template in WEB.rglob("templates/**/*.html")
        for words in re.findall(r"""{% trans ["']((?:(?!["'] %}).)+)["'] %}""", template.read_text("utf-8"))
    }
    assert sorted(marked - known) == []


def test_charts_have_their_colours_of_the_night() -> None:
    sheet = (WEB / "static" / "web" / "office.css").read_text(encoding="utf-8")
    for day, night in NIGHT.items():
        assert f'figure svg [fill="{day}"] {{ fill: {night}; }}' in sheet
        assert f'figure svg [stroke="{day}"] {{ stroke: {night}; }}' in sheet
