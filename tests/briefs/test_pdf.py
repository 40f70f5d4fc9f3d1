import io
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from cmo.briefs import pdf
from cmo.briefs.document import Audience
from cmo.briefs.facts import Company, Facts
from cmo.briefs.readings import compose
from cmo.measures import LANGUAGES, Language
from cmo.strategy.verdict import Verdict

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def made(facts: Facts, *, audience: Audience = Audience.BOARD, language: Language = "en") -> bytes:
    return pdf.document(compose(facts, audience=audience, language=language), written_on=NOON)


def opened(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def words(reader: PdfReader, *, pages: int) -> str:
    """What the first pages say, without spaces."""
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in reader.pages[:pages]))


def flat(sentence: str) -> str:
    return re.sub(r"\s+", "", sentence)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("audience", Audience)
def test_document_is_tagged_titled_and_in_its_language(
    made_up: Callable[..., Facts], audience: Audience, language: Language
) -> None:
    brief = compose(made_up(language), audience=audience, language=language)
    reader = opened(pdf.document(brief, written_on=NOON))
    root = reader.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == brief.title
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_data().replace(b'="1"', b">1<")
    assert flat(brief.headline) in words(reader, pages=1)


def test_pages_are_a4(made_up: Callable[..., Facts]) -> None:
    for page in opened(made(made_up())).pages:
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)


def descriptions(node: Any) -> Iterator[str]:
    if isinstance(node, IndirectObject):
        node = node.get_object()
    if isinstance(node, ArrayObject):
        for item in node:
            yield from descriptions(item)
    elif isinstance(node, DictionaryObject):
        if node.get("/S") == "/Figure":
            yield str(node["/Alt"])
        if "/K" in node:
            yield from descriptions(node["/K"])


def test_every_chart_is_described_in_the_language_of_the_document(made_up: Callable[..., Facts]) -> None:
    brief = compose(made_up("fr"), audience=Audience.BOARD, language="fr")
    reader = opened(pdf.document(brief, written_on=NOON))
    told = list(descriptions(reader.root_object["/StructTreeRoot"]))
    assert [flat(one) for one in told] == [flat(one.description) for one in brief.illustrations()]


def test_hostile_words_are_printed_as_words(made_up: Callable[..., Facts], hostile_words: str) -> None:
    found = words(opened(made(made_up(hostile=True))), pages=1)
    for piece in ("#evil(1)]=x", "<script>alert(1)</script>", "$y$*b*_c_`d`|\\"):
        assert piece in flat(hostile_words)
        assert piece in found


def test_signs_that_no_font_holds_are_boxed_and_said(made_up: Callable[..., Facts]) -> None:
    facts = made_up("fr")
    name = Company(name="漢字 \U0001f600 Ω é", language="fr")
    facts = Facts(company=name, reviewed_on=facts.reviewed_on, span=facts.span)
    found = words(opened(made(facts, language="fr")), pages=1)
    assert "Ωé" in found
    if "漢" not in found:
        assert "□□□Ωé" in found
        assert flat("sont remplacés par □") in found


def test_same_facts_give_the_same_bytes(made_up: Callable[..., Facts]) -> None:
    team = [made(made_up(), audience=Audience.TEAM) for _ in range(2)]
    assert team[0] == team[1]


def test_board_brief_costs_less_than_two_seconds(made_up: Callable[..., Facts]) -> None:
    facts = made_up("fr")
    made(facts, audience=Audience.PRODUCT)  # the renderer of charts takes its time to start, once
    began = time.process_time()
    made(facts, language="fr")
    assert time.process_time() - began < 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_company_without_anything_still_gets_a_document(
    made_up: Callable[..., Facts], language: Language
) -> None:
    full = made_up(language)
    facts = Facts(company=full.company, reviewed_on=full.reviewed_on, span=full.span)
    assert len(opened(made(facts, language=language)).pages) == 1


def test_chart_too_tall_for_the_first_page_leaves_it_to_the_headline(
    made_up: Callable[..., Facts], held: Callable[..., Verdict]
) -> None:
    beliefs = tuple(
        held(f"b{i:02}", f"Belief {i} " * 8, "", None, 0.5, "media.roi", i / 40) for i in range(40)
    )
    facts = replace(made_up(), verdicts=beliefs, estimates=())
    found = words(opened(made(facts, audience=Audience.TEAM)), pages=1)
    assert found.startswith(flat("Maison Lumen · Brief for the marketing team · 1 November 2026"))
    assert flat("What to do") in found
