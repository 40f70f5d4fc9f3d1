import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from cmo.briefs import html
from cmo.briefs.document import Audience
from cmo.briefs.facts import Facts
from cmo.briefs.readings import compose
from cmo.measures import LANGUAGES, Language

VOID = {"meta", "br", "hr", "img", "link"}


@dataclass
class Element:
    name: str
    attributes: dict[str, str | None]
    parent: "Element | None" = None
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def all(self, name: str | None = None) -> list["Element"]:
        found = [child for child in self.children if name in (None, child.name)]
        return found + [one for child in self.children for one in child.all(name)]

    @property
    def words(self) -> str:
        return self.text + "".join(child.words for child in self.children)


class Reader(HTMLParser):
    """Builds a tree and refuses mark-up that does not close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.root = self.here = Element("document", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), (tag, attrs)
        element = Element(tag, dict(attrs), parent=self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.here.children.append(Element(tag, dict(attrs), parent=self.here))

    def handle_endtag(self, tag: str) -> None:
        assert self.here.name == tag, f"</{tag}> closes <{self.here.name}>"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.text += data


def tree(page: str) -> Element:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.here is reader.root
    return reader.root


@pytest.fixture(scope="module", params=[(a, x) for a in Audience for x in LANGUAGES], ids=str)
def page(request: pytest.FixtureRequest, made_up: Callable[..., Facts]) -> str:
    audience, language = request.param
    return html.page(compose(made_up(language, hostile=True), audience=audience, language=language))


@pytest.fixture
def root(page: str) -> Element:
    return tree(page)


def test_page_names_its_language_and_title(root: Element) -> None:
    (top,) = root.all("html")
    assert top.attributes["lang"] in LANGUAGES
    (title,) = top.children[0].all("title")
    assert title.words


def test_headings_are_in_order_and_one_is_first(root: Element) -> None:
    levels = [int(name) for name in re.findall(r"<h([1-6])", names_of(root))]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def names_of(root: Element) -> str:
    """The names of all elements in the order of the document."""
    return f"<{root.name}" + "".join(names_of(child) for child in root.children)


def test_landmarks_let_a_reader_jump(root: Element) -> None:
    (body,) = root.all("body")
    assert [child.name for child in body.children] == ["a", "header", "nav", "main", "footer"]
    assert body.children[0].attributes["href"] == "#content"
    assert body.children[2].attributes["aria-label"]
    assert body.children[3].attributes["id"] == "content"


def test_references_lead_somewhere_and_identifiers_are_unique(root: Element) -> None:
    names = [one.attributes["id"] for one in root.all() if "id" in one.attributes]
    assert len(names) == len(set(names))
    for one in root.all():
        for key in ("aria-labelledby", "aria-describedby"):
            if key in one.attributes:
                assert one.attributes[key] in names
        if one.name == "a":
            assert (one.attributes["href"] or "").removeprefix("#") in names


def test_every_chart_has_words_and_figures(root: Element) -> None:
    figures = root.all("figure")
    assert figures
    for figure in figures:
        (caption,) = figure.all("figcaption")
        assert caption.words
        (details,) = figure.all("details")
        assert details.children[0].name == "summary"
        assert details.all("table")
        drawings = figure.all("svg")
        assert [one.attributes["class"] for one in drawings] == ["wide", "narrow"]
        for drawing in drawings:
            assert drawing.attributes["role"] == "img"
            title = drawing.children[0]
            assert title.name == "title"
            assert title.attributes["id"] == drawing.attributes["aria-labelledby"]
            assert title.words


def test_every_table_names_itself_its_columns_and_its_rows(root: Element) -> None:
    for table in root.all("table"):
        assert table.children[0].name == "caption"
        assert table.children[0].words
        assert all(one.attributes["scope"] == "col" for one in table.all("thead")[0].all("th"))
        for row in table.all("tbody")[0].all("tr"):
            assert row.children[0].attributes["scope"] == "row"
        scroll = table.parent
        assert scroll is not None
        assert (scroll.attributes["tabindex"], scroll.attributes["role"]) == ("0", "region")


def test_charts_speak_no_english_in_a_french_page(made_up: Callable[..., Facts]) -> None:
    page = html.page(compose(made_up("fr"), audience=Audience.BOARD, language="fr"))
    assert "aria-roledescription" not in page
    assert not re.search(r'aria-label="[^"]*\b(axis|titled|values from|scale)\b', page)


def test_nothing_runs_and_nothing_is_fetched(page: str, root: Element) -> None:
    names = {one.name for one in root.all()}
    assert not names & {
        "script",
        "link",
        "iframe",
        "object",
        "embed",
        "form",
        "base",
        "foreignobject",
        "image",
    }
    for one in root.all():
        for key, value in one.attributes.items():
            assert not key.startswith("on"), (one.name, key)
            if key in {"href", "src", "xlink:href", "action"}:
                assert (value or "").startswith("#")
    assert "url(http" not in page
    assert "@import" not in page
    assert "default-src 'none'" in page.replace("&#x27;", "'")


def test_hostile_words_are_printed_as_words(root: Element, hostile_words: str) -> None:
    (title,) = root.all("html")[0].children[0].all("title")
    assert "<script>alert(1)</script>" in title.words
    assert hostile_words.split("'", maxsplit=1)[0] in root.words


def test_same_facts_give_the_same_page(made_up: Callable[..., Facts]) -> None:
    pages = {html.page(compose(made_up(), audience=Audience.TEAM, language="en")) for _ in range(2)}
    assert len(pages) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_company_without_anything_still_gets_a_page(
    made_up: Callable[..., Facts], language: Language
) -> None:
    full = made_up(language)
    facts = Facts(company=full.company, reviewed_on=full.reviewed_on, span=full.span)
    assert tree(html.page(compose(facts, audience=Audience.BOARD, language=language))).all("h1")


def test_element_escapes_its_attributes() -> None:
    made = html.element("p", "x", class_='"><script>', aria_label="a&b", id=None)
    assert made == '<p class="&quot;&gt;&lt;script&gt;" aria-label="a&amp;b">x</p>'
