import json
from copy import deepcopy
from datetime import date

import pytest
from pydantic import ValidationError

from cmo.measures import Text, Window
from cmo.strategy.document import Strategy


def everything() -> dict[str, object]:
    return {
        "objectives": [
            {
                "id": "profit",
                "says": "12 M€ contribution in 2027",
                "measure": "sales.contribution",
                "at_least": 12000000,
                "by": date(2027, 12, 31),
            }
        ],
        "positioning": {"for": "people who read late", "unlike": {"fr": "les néons", "en": "neon lights"}},
        "plan": {
            "period": "2027-Q1",
            "budget": 1200000,
            "channels": {"search": {"spend": 400000, "min": 100000, "max": 600000}, "tv": {"spend": 500000}},
        },
        "beliefs": [
            {
                "id": "tv-best",
                "says": {
                    "fr": "La télé est notre canal le plus rentable",
                    "en": "TV is our most profitable channel",
                },
                "owner": "head-of-media",
                "confidence": 0.9,
                "claim": {"measure": "media.roi", "of": "tv", "is": "highest"},
            },
            {
                "id": "loyal",
                "says": "Most customers come back within a year",
                "claim": {"measure": "customers.repeat_rate", "at_least": 0.5},
            },
        ],
        "tests": [
            {
                "id": "geo-tv-2026",
                "kind": "geo",
                "channel": "tv",
                "treated": ["Lyon", "Lille"],
                "start": date(2026, 3, 2),
                "end": date(2026, 4, 12),
            }
        ],
        "team": [
            {
                "id": "head-of-media",
                "name": "Camille",
                "role": "marketing_manager",
                "skills": {"sea": 3, "copywriting": 2},
                "hours_per_week": 35,
            }
        ],
        "ideas": [{"id": "live-shopping", "says": "Sell in live video", "kind": "channel"}],
    }


def with_change(path: tuple[str | int, ...], value: object) -> dict[str, object]:
    document = deepcopy(everything())
    place: object = document
    for key in path[:-1]:
        place = place[key]  # type: ignore[index]
    place[path[-1]] = value  # type: ignore[index]
    return document


def refusals(document: object) -> list[tuple[tuple[str | int, ...], str]]:
    with pytest.raises(ValidationError) as refused:
        Strategy.model_validate(document)
    return [(line["loc"], line["msg"].removeprefix("Value error, ")) for line in refused.value.errors()]


def test_every_part_of_the_contract_is_read_and_written_back_as_given() -> None:
    assert Strategy.model_validate(everything()).as_mapping() == everything()


def test_days_and_texts_may_come_from_json() -> None:
    as_json = json.loads(json.dumps(everything(), default=date.isoformat))
    assert Strategy.model_validate(as_json) == Strategy.model_validate(everything())


def test_a_text_given_once_serves_both_languages() -> None:
    beliefs = Strategy.model_validate(everything()).beliefs
    assert beliefs[1].says == Text.same("Most customers come back within a year")
    assert Strategy.model_validate(with_change(("beliefs", 1, "says"), {"fr": "Oui"})).beliefs[
        1
    ].says == Text.same("Oui")


@pytest.mark.parametrize("nothing", [{}, {"beliefs": None, "plan": None, "team": []}])
def test_what_is_left_out_is_empty(nothing: dict[str, object]) -> None:
    assert Strategy.model_validate(nothing).as_mapping() == {}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (2027, Window(start=date(2027, 1, 1), end=date(2027, 12, 31))),
        ("2027-03", Window(start=date(2027, 3, 1), end=date(2027, 3, 31))),
        ("2027-Q4", Window(start=date(2027, 10, 1), end=date(2027, 12, 31))),
        ([date(2027, 4, 6), date(2028, 4, 5)], Window(start=date(2027, 4, 6), end=date(2028, 4, 5))),
    ],
)
def test_a_period_is_read_and_written_back(given: object, kept: Window) -> None:
    plan = Strategy.model_validate(with_change(("plan", "period"), given)).plan
    assert plan is not None
    assert plan.period == kept
    assert plan.as_mapping()["period"] == given


@pytest.mark.parametrize(
    ("path", "value", "place", "sentence"),
    [
        (("belief",), [], ("belief",), "unknown key 'belief': did you mean beliefs?"),
        (("positioning", "fort"), "x", ("positioning", "fort"), "unknown key 'fort': did you mean for?"),
        (("beliefs", 0, "confidance"), 1, ("beliefs", 0, "confidance"), "did you mean confidence?"),
        (("plan", "channels", "tv", "spent"), 1, ("plan", "channels", "tv", "spent"), "did you mean spend?"),
        (("ideas", 0, "zzz"), 1, ("ideas", 0, "zzz"), "known are id, kind, says"),
        (("beliefs", 0, "id"), "two words", ("beliefs", 0, "id"), "'two words' cannot be an id"),
        (("beliefs", 0, "id"), 12, ("beliefs", 0, "id"), "valid string"),
        (("beliefs", 1, "id"), "tv-best", ("beliefs", 1, "id"), "tv-best is the id of two beliefs"),
        (("beliefs", 0, "says"), " ", ("beliefs", 0, "says"), "one for each language"),
        (("beliefs", 0, "says"), {"de": "Ja"}, ("beliefs", 0, "says"), "one for each language"),
        (("beliefs", 0, "says"), {"fr": "Oui", "en": 1}, ("beliefs", 0, "says"), "one for each language"),
        (("beliefs", 0, "owner"), "head", ("beliefs", 0, "owner"), "head is nobody of the team"),
        (("beliefs", 0, "confidence"), 1.01, ("beliefs", 0, "confidence"), "less than or equal to 1"),
        (("beliefs", 0, "confidence"), "high", ("beliefs", 0, "confidence"), "valid number"),
        (("beliefs", 0, "confidence"), float("nan"), ("beliefs", 0, "confidence"), "finite number"),
        (("beliefs", 0, "claim"), "tv wins", ("beliefs", 0, "claim"), "expected a claim"),
        (
            ("beliefs", 0, "claim", "measure"),
            "media.rio",
            ("beliefs", 0, "claim"),
            "did you mean 'media.roi'?",
        ),
        (("beliefs", 0, "claim", "top"), 2, ("beliefs", 0, "claim"), "exactly one of"),
        (("objectives", 0, "measure"), "sales.profit", ("objectives", 0, "measure"), "no measure is called"),
        (("objectives", 0, "at_most"), 1, ("objectives", 0), "exactly one of at_least and at_most"),
        (("objectives", 0, "by"), "31/12/2027", ("objectives", 0, "by"), "write it as 2027-12-31"),
        (("plan", "period"), "2027-Q5", ("plan", "period"), "is no period"),
        (
            ("plan", "budget"),
            800000,
            ("plan",),
            "spend 900,000, which is 100,000 more than the budget of 800,000",
        ),
        (("plan", "budget"), -1, ("plan", "budget"), "greater than or equal to 0"),
        (
            ("plan", "channels", "tv", "min"),
            600000,
            ("plan", "channels", "tv"),
            "spend 500,000 is below min 600,000",
        ),
        (("plan", "channels", "tv", "max"), 1, ("plan", "channels", "tv"), "spend 500,000 is above max 1"),
        (("plan", "channels", "search", "min"), 700000, ("plan", "channels", "search"), "above max 600,000"),
        (
            ("tests", 0, "end"),
            date(2026, 3, 1),
            ("tests", 0),
            "ends on 2026-03-01, before it starts on 2026-03-02",
        ),
        (("tests", 0, "treated"), [], ("tests", 0), "the regions where the channel was changed"),
        (("team", 0, "hours_per_week"), 169, ("team", 0, "hours_per_week"), "less than or equal to 168"),
        (("team",), {"id": "x"}, ("team",), "expected a list"),
    ],
)
def test_a_mistake_is_refused_with_a_sentence_at_its_place(
    path: tuple[str | int, ...], value: object, place: tuple[str | int, ...], sentence: str
) -> None:
    (found,) = refusals(with_change(path, value))
    assert found[0] == place
    assert sentence in found[1]


def test_all_mistakes_are_told_at_once() -> None:
    document = with_change(("beliefs", 0, "confidence"), 2)
    document["beleifs"] = []
    document["plan"]["channels"]["tv"]["spend"] = -1  # type: ignore[index]
    assert [place for place, _ in refusals(document)] == [
        ("plan", "channels", "tv", "spend"),
        ("beliefs", 0, "confidence"),
        ("beleifs",),
    ]


def test_an_owner_needs_no_team() -> None:
    document = with_change(("beliefs", 0, "owner"), "Camille Roux")
    document["team"] = []
    assert Strategy.model_validate(document).beliefs[0].owner == "Camille Roux"


def test_the_schema_names_every_section_and_measure() -> None:
    schema = Strategy.model_json_schema()
    assert set(schema["properties"]) == set(everything())
    claim = schema["$defs"]["Belief"]["properties"]["claim"]["anyOf"][0]
    assert "media.roi" in claim["properties"]["measure"]["enum"]
    assert schema["additionalProperties"] is False
