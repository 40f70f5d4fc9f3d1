"""Brief to pieces: concepts apart, limits kept, claims proven, figures never typed."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.communication.brief import Brief, Driver, Insight, Voice, broken_rules, lacking
from cmo.communication.campaign import Campaign, as_mapping, checked, of_mapping
from cmo.communication.channels import CHANNELS, Way, size_on
from cmo.communication.claims import Kind, Proof, blocked, claims_of
from cmo.communication.concepts import LEAST, distance, drafts, spread
from cmo.communication.facts import Fact, filled, refusals
from cmo.communication.pieces import Piece, remarks, values, written
from cmo.measures import Grade, Language, Text

TODAY = date(2026, 11, 23)
FACT = Fact(
    id="efficacy",
    says=Text("Customers satisfied with how well it works", "Avis satisfaits sur l'efficacité"),
    written=Text("88%", "88 %"),
    measure="value.satisfaction",
    subject="efficacy",
    as_of=TODAY,
    grade=Grade.D,
)
VOICE = Voice(
    company="Maison Lumen",
    stands=Text("shows where each ingredient comes from", "montre d'où vient chaque ingrédient"),
    unlike=Text("brands that only show faces", "les marques qui ne montrent que des visages"),
    mandatory=("Maison Lumen SAS, Lyon",),
    forbidden=("miracle",),
)


def brief(language: Language = "fr", **more: object) -> Brief:
    made = Brief(
        goal="Faire revenir",
        segment="overdue",
        message="Chaque ingrédient a une adresse" if language == "fr" else "Every ingredient has an address",
        link="https://lumen.example/",
        language=language,
        voice=VOICE,
        insight=Insight(verbatim="Odeur douce et naturelle, un plaisir.", source="feedback F1"),
        driver=Driver(
            id="ingredients",
            says=Text("the ingredients", "les ingrédients"),
            weight=0.38,
            measure="value.importance",
        ),
        facts=(FACT,),
    )
    return replace(made, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("n", [2, 3, 4])
def test_concepts_that_are_kept_lie_apart(language: Language, n: int) -> None:
    kept = spread(drafts(brief(language)), n)
    assert len(kept) == n
    assert all(distance(a, b) >= LEAST for a in kept for b in kept if a != b)


@given(st.sampled_from(drafts(brief())), st.sampled_from(drafts(brief())))
def test_distance_is_symmetric_within_bounds_and_none_to_itself(a: object, b: object) -> None:
    assert distance(a, b) == distance(b, a)  # type: ignore[arg-type]
    assert 0.0 <= distance(a, b) <= 1.0  # type: ignore[arg-type]
    assert distance(a, a) == 0.0  # type: ignore[arg-type]


def test_a_concept_told_twice_is_left_out() -> None:
    first = drafts(brief())[0]
    assert spread([first, replace(first, id="again")], 2) == (first,)


def test_a_pattern_without_its_ingredients_is_not_told() -> None:
    bare = brief(facts=(), insight=None, driver=None, voice=Voice(company="Lumen"))
    assert [one.id for one in drafts(bare)] == ["plain", "invitation"]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", [one.name for one in CHANNELS.values() if one.way is not Way.SITE])
def test_every_draft_fits_its_channel_and_needs_no_proof_it_does_not_have(
    language: Language, name: str
) -> None:
    made = brief(language)
    pieces = tuple(written(one, made, CHANNELS[name]) for one in drafts(made))
    campaign = Campaign(id="a", title="A", brief=made, pieces=pieces)
    assert checked(campaign, today=TODAY).stops == ()


def test_no_draft_types_a_figure_itself() -> None:
    for concept in drafts(brief()):
        assert refusals(concept.text, [FACT]) == ()


def test_what_is_too_long_is_told_with_how_much() -> None:
    piece = Piece(
        id="x:a", channel="x", arm="a", title="", body="mot " * 100 + "{{link}} Maison Lumen SAS, Lyon"
    )
    says = [one.says.en for one in remarks(piece, brief())]
    assert any("too many for X" in one for one in says)


def test_forbidden_words_and_missing_sentences_are_told() -> None:
    said = [one.en for one in broken_rules("A MIRACLE in a jar", VOICE)]
    assert said == [
        "“miracle” is a forbidden word",
        "the mandatory sentence is missing: Maison Lumen SAS, Lyon",
    ]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("The best cream.", {Kind.SUPERLATIVE}),
        ("La meilleure crème.", {Kind.SUPERLATIVE}),
        ("92 % of users.", {Kind.FIGURE}),
        ("Dermatologically tested.", {Kind.HEALTH}),
        ("Un geste écologique.", {Kind.ENVIRONMENT}),
        ("Résultat garanti.", {Kind.ABSOLUTE}),
        ("Mieux que les autres.", {Kind.COMPARISON}),
        ("{{efficacy}} are satisfied.", {Kind.FACT}),
        ("A customer said: “the best ever, 10 out of 10”", set()),
        ("See https://example.org/2026/best", set()),
        ("Come and see.", set()),
    ],
)
def test_claims_are_found_sentence_by_sentence(text: str, kinds: set[Kind]) -> None:
    assert {one.kind for one in claims_of(text, facts=[FACT], proofs={})} == kinds


def test_a_claim_is_held_back_until_it_has_a_proof_and_again_once_that_expired() -> None:
    (claim,) = claims_of("The best cream.", facts=[], proofs={})
    assert blocked([claim]) == (claim,)
    proof = Proof(says="first of nine in a test", source="https://example.org/test", until=TODAY)
    proofs = {claim.id: proof}
    assert blocked(claims_of("The best cream.", facts=[], proofs=proofs, today=TODAY)) == ()
    after = date(2027, 1, 1)
    assert len(blocked(claims_of("The best cream.", facts=[], proofs=proofs, today=after))) == 1


@given(st.text(max_size=60))
def test_a_hostile_draft_never_gets_a_figure_past_the_rule(text: str) -> None:
    outside = filled(text, {"efficacy": "", "link": "", "first_name": ""})
    if any(sign.isdigit() and sign.isdecimal() for sign in outside):
        assert refusals(text, [FACT])


@pytest.mark.parametrize(
    ("text", "n"),
    [("{{efficacy}} agree", 0), ("{{sales}} agree", 1), ("88 % agree", 1), ("the best, 88 %, {{x}}", 3)],
)
def test_drafts_of_a_language_model_are_held_to_the_facts(text: str, n: int) -> None:
    assert len(refusals(text, [FACT])) == n


def test_a_campaign_is_the_same_after_it_was_written_down() -> None:
    made = brief()
    concepts = spread(drafts(made), 3)
    pieces = tuple(written(one, made, CHANNELS["email"]) for one in concepts)
    proofs = {"a": Proof(says="b", source="c", until=TODAY)}
    campaign = Campaign(id="a", title="A", brief=made, concepts=concepts, pieces=pieces, proofs=proofs)
    assert of_mapping(as_mapping(campaign)) == campaign


def test_a_brief_says_what_it_lacks() -> None:
    assert len(lacking(brief(goal="", message="One. Two.", link="lumen"))) == 3
    assert lacking(brief()) == ()


def test_facts_are_shown_in_the_language_of_the_piece() -> None:
    french, english = (values(brief(one), link="L")["efficacy"] for one in ("fr", "en"))
    assert (french, english) == ("88\N{NARROW NO-BREAK SPACE}%", "88%")
    assert size_on(CHANNELS["x"], filled("{{link}}", values(brief(), link="L"))).used == 1
