import random
from datetime import date
from io import StringIO
from textwrap import dedent

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, SearchStrategy
from ruamel.yaml import YAML

from cmo.ledger.rewriting import rewritten, written
from cmo.measures import Problem
from cmo.strategy.document import LISTS, Strategy
from cmo.workspace import Document, validated

FILE = """\
# What we believe
objectives: []   # none yet

beliefs:
  # the old favourite
  - {id: a, says: "Il y a", confidence: 0.9}  # since 2019
  # doubted by all
  - id: b   # eol
    says: {fr: "x", en: 'y'}
    # why 1.5
    claim: {measure: media.roi, of: tv, at_least: 1.50}   # break-even
  # the long one
  - id: c
    says: >
      long folded
      text
    confidence: .5

  # end of beliefs

team:   # us
  - {id: t, name: T}
plan:
  period: 2027
  budget: 1_000_000  # all of it
  channels:
    tv: {spend: 100}
    # new
    radio: {spend: 200}   # r
"""


def read(text: str) -> Strategy:
    return validated(Document.parse(text, name="strategy.yaml"), Strategy)


def by_id(strategy: Strategy) -> dict[str, object]:
    content = strategy.as_mapping()
    return {
        key: {item["id"]: item for item in part} if key in LISTS else part for key, part in content.items()
    }  # type: ignore[union-attr, index]


def edited(text: str, edit: str) -> list[str]:
    """Lines that differ after the edit of the content, with - and +."""
    content = read(text).as_mapping()
    exec(edit, {"it": content, "beliefs": content.get("beliefs"), "day": date(2027, 1, 31)})  # noqa: S102 - the table below is the input
    before = text.splitlines()
    target = Strategy.model_validate(content)
    after = rewritten(text, target, name="strategy.yaml")
    assert by_id(read(after)) == by_id(target)
    now = after.splitlines()
    return [f"-{line}" for line in before if line not in now] + [
        f"+{line}" for line in now if line not in before
    ]


@pytest.mark.parametrize(
    ("edit", "lines"),
    [
        ("pass", []),
        (
            "beliefs[0]['confidence'] = 0.8",
            [
                '-  - {id: a, says: "Il y a", confidence: 0.9}  # since 2019',
                '+  - {id: a, says: "Il y a", confidence: 0.8}  # since 2019',
            ],
        ),
        (
            "del beliefs[0]['confidence']; beliefs[0]['owner'] = 't'",
            [
                '-  - {id: a, says: "Il y a", confidence: 0.9}  # since 2019',
                '+  - {id: a, says: "Il y a", owner: t}  # since 2019',
            ],
        ),
        (
            "beliefs[1]['claim'] = {'measure': 'media.roi', 'of': 'tv', 'is': 'highest'}",
            [
                "-    claim: {measure: media.roi, of: tv, at_least: 1.50}   # break-even",
                "+    claim: {measure: media.roi, of: tv, is: highest}   # break-even",
            ],
        ),
        ("beliefs[1]['says'] = 'z: #'", ["-    says: {fr: \"x\", en: 'y'}", '+    says: "z: #"']),
        ("beliefs[1]['confidence'] = 1", ["+    confidence: 1"]),
        (
            "beliefs[2]['says'] = 'short'",
            ["-    says: >", "-      long folded", "-      text", "+    says: short"],
        ),
        ("del beliefs[0]", ['-  - {id: a, says: "Il y a", confidence: 0.9}  # since 2019']),
        (
            "del beliefs[1:]",
            [
                "-  - id: b   # eol",
                "-    says: {fr: \"x\", en: 'y'}",
                "-    # why 1.5",
                "-    claim: {measure: media.roi, of: tv, at_least: 1.50}   # break-even",
                "-  - id: c",
                "-    says: >",
                "-      long folded",
                "-      text",
                "-    confidence: .5",
            ],
        ),
        (
            "beliefs.append({'id': 'd', 'says': 'New', 'claim': {'measure': 'value.nps', 'rising': True}})",
            [
                "+  - id: d",
                "+    says: New",
                "+    claim:",
                "+      measure: value.nps",
                "+      rising: true",
            ],
        ),
        ("it['team'].append({'id': 'u', 'name': 'U'})", ["+  - {id: u, name: U}"]),
        ("it['plan']['channels']['web'] = {'spend': 5}", ["+    web: {spend: 5}"]),
        ("del it['plan']['channels']['tv']", ["-    tv: {spend: 100}"]),
        (
            "it['ideas'] = [{'id': 'i', 'says': 'x', 'kind': 'channel'}]",
            ["+ideas:", "+  - id: i", "+    kind: channel"],
        ),
        ("del it['team']", ["-team:   # us", "-  - {id: t, name: T}"]),
        (
            "it['objectives'] = [{'id': 'o', 'says': 'x', 'measure': 'value.nps', 'at_least': 1, 'by': day}]",
            [
                "-objectives: []   # none yet",
                "+objectives:   # none yet",
                "+  - id: o",
                "+    measure: value.nps",
                "+    at_least: 1",
                "+    by: 2027-01-31",
            ],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_only_what_differs_is_touched(edit: str, lines: list[str]) -> None:
    found = [line for line in edited(FILE, edit) if line not in ("+    says: x", "+")]
    assert found == lines


def test_windows_line_ends_stay() -> None:
    content = read(FILE).as_mapping()
    content["positioning"] = {"for": "x"}
    after = rewritten(FILE.replace("\n", "\r\n"), Strategy.model_validate(content), name="s")
    assert after.count("\n") == after.count("\r\n")


@pytest.mark.parametrize("text", ["", "# only a comment\n", "beliefs:\n# nothing yet\n", "beliefs: [ ]"])
def test_an_empty_file_keeps_its_comments(text: str) -> None:
    target = Strategy.model_validate({"beliefs": [{"id": "a", "says": "x"}]})
    after = rewritten(text, target, name="strategy.yaml")
    assert read(after) == target
    assert all(line in after for line in text.splitlines() if line.startswith("#"))


def test_values_shared_by_an_anchor_are_not_changed_in_both_places() -> None:
    shared = dedent("""
        beliefs:
          - {id: a, says: x, claim: &it {measure: media.roi, of: tv, is: highest}}
          - {id: b, says: y, claim: *it}
    """)
    content = read(shared).as_mapping()
    content["beliefs"][1]["claim"] = {"measure": "media.roi", "of": "tv", "is": "lowest"}  # type: ignore[index]
    with pytest.raises(Problem, match="anchors"):
        rewritten(shared, Strategy.model_validate(content), name="strategy.yaml")


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_a_new_file_says_the_strategy(documents: SearchStrategy[dict[str, object]], data: DataObject) -> None:
    strategy = Strategy.model_validate(data.draw(documents))
    assert read(written(strategy)).as_mapping() == strategy.as_mapping()


def as_somebody_writes_it(strategy: Strategy, *, flow: bool, indent: int, seed: int) -> str:
    yaml = YAML()
    yaml.default_flow_style = None if flow else False
    yaml.indent(mapping=2, sequence=indent + 2, offset=indent)
    yaml.representer.ignore_aliases = lambda _: True
    out = StringIO()
    yaml.dump(strategy.as_mapping(), out)
    chance = random.Random(seed)
    lines = out.getvalue().splitlines()
    return "\n".join(
        f"{line}  # {i}" if chance.random() < 0.2 and line.endswith("}") else line
        for i, line in enumerate(lines)
    )


@settings(max_examples=60, deadline=None)
@given(st.data(), st.booleans(), st.sampled_from([0, 2, 4]))
def test_any_file_can_be_made_to_say_any_strategy(
    documents: SearchStrategy[dict[str, object]],
    data: DataObject,
    flow: bool,  # noqa: FBT001 - drawn by Hypothesis
    indent: int,
) -> None:
    before, after = (Strategy.model_validate(data.draw(documents)) for _ in range(2))
    text = as_somebody_writes_it(before, flow=flow, indent=indent, seed=data.draw(st.integers(0, 99)))
    try:
        read(text)
    except Problem:
        reject()  # the library that wrote it cannot read it
    result = rewritten(text, after, name="strategy.yaml")
    assert by_id(read(result)) == by_id(after)
    if by_id(before) == by_id(after):
        assert result == text
