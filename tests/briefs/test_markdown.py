import re
from collections.abc import Callable

import pytest

from cmo.briefs import markdown
from cmo.briefs.document import Audience
from cmo.briefs.facts import Facts
from cmo.briefs.readings import compose
from cmo.measures import LANGUAGES, Language


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("audience", Audience)
def test_every_chart_is_there_as_its_table(
    made_up: Callable[..., Facts], audience: Audience, language: Language
) -> None:
    brief = compose(made_up(language), audience=audience, language=language)
    written = markdown.text(brief)
    for illustration in brief.illustrations():
        assert f"**{illustration.table.caption}**" in written
    assert written.count("\n# ") == 1
    assert written.count("\n## ") == len(brief.sections)


def test_rows_have_as_many_cells_as_their_head(made_up: Callable[..., Facts]) -> None:
    brief = compose(made_up(hostile=True), audience=Audience.BOARD, language="en")
    for part in re.findall(r"(?:^\|.*\n?)+", markdown.text(brief), flags=re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in part.strip().split("\n")}
        assert len(widths) == 1


def test_hostile_words_lose_their_power(made_up: Callable[..., Facts]) -> None:
    written = markdown.text(compose(made_up(hostile=True), audience=Audience.BOARD, language="en"))
    assert "<script>" not in written
    assert r"\<script\>" in written
    assert r"\*b\* \_c\_ \`d\` \|" in written


def test_line_that_begins_like_a_list_stays_a_line(made_up: Callable[..., Facts]) -> None:
    assert markdown._plain("1. not a list") == r"1\. not a list"
    assert markdown._plain("- nor this") == r"\- nor this"
    assert markdown._plain("+ nor that") == r"\+ nor that"


def test_figures_in_markdown_are_those_of_the_brief(made_up: Callable[..., Facts]) -> None:
    written = markdown.text(compose(made_up(), audience=Audience.BOARD, language="en"))
    assert "| search | 2.41 | 1.82 to 2.97 |" in written
    assert "**Repeat rate** 34.7% (give or take luck: 33.6% to 35.8%, " in written
