import json
import re
from copy import deepcopy
from datetime import date
from io import StringIO

import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

from cmo.measures import Problem, Text, Window
from cmo.strategy.document import Strategy
from cmo.workspace import Document, validated


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
                "absences": [[date(2026, 12, 24), date(2027, 1, 2)], "2027-08"],
                "wishes": ["video"],
            }
        ],
        "suppliers": [
            {
                "id": "studio",
                "says": "A studio",
                "kind": "agency",
                "skills": {"video": 4},
                "price_per_hour": 90,
            }
        ],
        "competitors": [{"id": "spas", "sector": "spas", "job": "a pause", "price": 80.0, "lost": 0.1}],
        "work": [
            {
                "id": "spring-film",
                "says": "The film of spring",
                "skills": {"video": 3},
                "hours": 40,
                "by": date(2027, 2, 28),
            },
            {
                "id": "spring-cut",
                "says": "A cut",
                "hours": 8,
                "by": date(2027, 3, 15),
                "after": ["spring-film"],
            },
        ],
        "ideas": [{"id": "live-shopping", "says": "Sell in live video", "kind": "channel"}],
        "choices": [
            {
                "id": "no-tv",
                "says": "We leave TV to others",
                "kind": "refuse",
                "goals": ["profit"],
                "refuses": ["tv"],
            }
        ],
        "bets": [
            {
                "id": "search-first",
                "says": "Search brings the growth",
                "goal": "profit",
                "channels": ["search"],
                "money": 20000,
                "hours": {"head-of-media": 7},
                "owner": "head-of-media",
                "expects": [50000, 200000],
                "assumes": ["tv-best"],
                "by": date(2027, 3, 31),
            }
        ],
    }


def with_change(path: tuple[str | int, ...], value: object) -> dict[str, object]:
    document = deepcopy(everything())
    place: object = document
    for key in path[:-1]:
        place = place[key]  # type: ignore[index]
    place[path[-1]] = value  # type: ignore[index]
    return document


def yaml_of(document: dict[str, object]) -> str:
    written = StringIO()
    YAML(typ="safe", pure=True).dump(document, written)
    return written.getvalue()


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


@pytest.mark.parametrize(
    ("place", "given", "sentence"),
    [
        (("bets", 0, "goal"), "growth", "growth is no objective"),
        (("bets", 0, "assumes"), ["luck"], "luck is no belief"),
        (("bets", 0, "channels"), ["radio"], "radio is no channel of the plan"),
        (("bets", 0, "hours"), {"nobody": 3}, "nobody is no member of the team"),
        (("bets", 0, "expects"), [2, 1], "from low to high"),
        (("choices", 0, "goals"), ["fame"], "fame is no objective"),
        (("choices", 0, "kind"), "how", "only a choice of kind refuse"),
        (("beliefs", 0, "holders"), {"nobody": 0.5}, "nobody is no member of the team"),
    ],
)
def test_a_stake_on_nothing_known_is_refused(
    place: tuple[str | int, ...], given: object, sentence: str
) -> None:
    with pytest.raises(ValidationError, match=sentence):
        Strategy.model_validate(with_change(place, given))


def test_the_owner_is_one_of_the_holders_of_a_belief() -> None:
    strategy = Strategy.model_validate(with_change(("beliefs", 0, "holders"), {"head-of-media": 0.7}))
    assert strategy.beliefs[0].confidences == {"head-of-media": 0.7}
    assert Strategy.model_validate(everything()).beliefs[0].confidences == {"head-of-media": 0.9}


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
    ("path", "value", "sentence"),
    [
        (("belief",), [], "belief: the key belief is not known here; Did you mean beliefs?"),
        (("positioning", "fort"), "x", "positioning.fort: Did you mean for?"),
        (("beliefs", 0, "confidance"), 1, "beliefs[1].confidance: Did you mean confidence?"),
        (("plan", "channels", "tv", "spent"), 1, "plan.channels.tv.spent: Did you mean spend?"),
        (("ideas", 0, "zzz"), 1, "ideas[1].zzz: the keys here are id, says, kind"),
        (("beliefs", 0, "id"), "two words", "beliefs[1].id: 'two words' cannot be an id"),
        (("beliefs", 0, "id"), 12, "beliefs[1].id: '12' was given, a valid string was expected"),
        (("beliefs", 1, "id"), "tv-best", "beliefs[2].id: tv-best is the id of two beliefs"),
        (("beliefs", 0, "says"), " ", "beliefs[1].says: one for each language"),
        (("beliefs", 0, "says"), {"de": "Ja"}, "beliefs[1].says: one for each language"),
        (("beliefs", 0, "says"), {"fr": "Oui", "en": 1}, "beliefs[1].says: one for each language"),
        (("beliefs", 0, "owner"), "head", "beliefs[1].owner: known are head-of-media"),
        (("beliefs", 0, "confidence"), 1.01, "beliefs[1].confidence: less than or equal to 1"),
        (("beliefs", 0, "confidence"), "high", "beliefs[1].confidence: 'high' was given, a valid number"),
        (("beliefs", 0, "claim"), "tv wins", "beliefs[1].claim: expected a claim"),
        (("beliefs", 0, "claim", "measure"), "media.rio", "beliefs[1].claim: did you mean 'media.roi'?"),
        (("beliefs", 0, "claim", "top"), 2, "beliefs[1].claim: exactly one of"),
        (("objectives", 0, "measure"), "sales.revenu", "objectives[1].measure: did you mean sales.revenue?"),
        (("objectives", 0, "at_most"), 1, "objectives[1].at_least: exactly one of at_least and at_most"),
        (("objectives", 0, "by"), "31/12/2027", "objectives[1].by: write it as 2027-12-31"),
        (("plan", "period"), "2027-Q5", "plan.period: is no period"),
        (("plan", "budget"), 800000, "plan.budget: spend 900,000, which is 100,000 more than"),
        (("plan", "budget"), -1, "plan.budget: greater than or equal to 0"),
        (("plan", "channels", "tv", "min"), 600000, "plan.channels.tv.spend: is below min 600,000"),
        (("plan", "channels", "tv", "max"), 1, "plan.channels.tv.spend: is above max 1"),
        (("plan", "channels", "search", "min"), 700000, "plan.channels.search.min: above max 600,000"),
        (
            ("tests", 0, "end"),
            "2026-03-01",
            "tests[1].end: ends on 2026-03-01, before it starts on 2026-03-02",
        ),
        (("tests", 0, "treated"), [], "tests[1].treated: the regions where the channel was changed"),
        (("team", 0, "hours_per_week"), 169, "team[1].hours_per_week: less than or equal to 168"),
        (("team",), {"id": "x"}, "team: expected a list"),
        (("team", 0, "skills", "sea"), 6, "team[1].skills.sea: less than or equal to 5"),
        (("team", 0, "absences"), ["Easter"], "team[1].absences[1]: is no period"),
        (("team", 0, "proofs"), {"seo": "a diploma"}, "team[1].proofs.seo: add it to skills"),
        (("suppliers", 0, "kind"), "training", "suppliers[1].kind: say what it costs"),
        (("work", 1, "after"), ["spring-cut"], "work[2].after: waits for itself"),
        (("work", 0, "after"), ["spring"], "work[1].after: did you mean spring"),
        (("work", 0, "start"), "2027-03-01", "work[1].start: start is after by 2027-02-28"),
    ],
)
def test_a_mistake_is_refused_with_a_sentence_at_its_place(
    path: tuple[str | int, ...], value: object, sentence: str
) -> None:
    written = yaml_of(with_change(path, value))
    with pytest.raises(Problem) as refused:
        validated(Document.parse(written, name="strategy.yaml"), Strategy)
    (found,) = refused.value.sentences
    place, _, rest = sentence.partition(": ")
    assert re.match(rf"strategy\.yaml, line \d+, {re.escape(place)}: ", found)
    for part in rest.split("; "):
        assert part in found


def test_all_mistakes_are_told_at_once() -> None:
    document = with_change(("beliefs", 0, "confidence"), 2)
    document["beleifs"] = []
    document["plan"]["channels"]["tv"]["spend"] = -1  # type: ignore[index]
    with pytest.raises(ValidationError) as refused:
        Strategy.model_validate(document)
    assert [line["loc"] for line in refused.value.errors()] == [
        ("plan", "channels", "tv", "spend"),
        ("beliefs", 0, "confidence"),
        ("beleifs",),
    ]


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError, match="finite number"):
        Strategy.model_validate(with_change(("beliefs", 0, "confidence"), float("nan")))


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
