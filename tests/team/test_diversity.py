"""No table gives anybody away: not by a small number, not by what is left, not by what changed."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from cmo.team.diversity import K, may_replace, published

PEOPLE = [f"p{i}" for i in range(14)]
VALUES = ("a", "b", "c")
SAID = st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from(VALUES))


@given(SAID, st.integers(0, 10))
def test_every_number_and_what_is_left_is_of_five_or_more(said: dict[str, str], silent: int) -> None:
    n_team = len(said) + silent
    table = published(said, n_team=n_team)
    assert all(n >= K for n in table.counts.values())
    assert all(
        table.counts[value] == n for value, n in Counter(said.values()).items() if value in table.counts
    )
    assert table.rest + sum(table.counts.values()) == n_team
    if table.counts:
        assert table.rest == 0 or table.rest >= K
        assert max(table.counts.values()) < n_team


@given(st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from((*VALUES, ""))), max_size=60))
def test_two_tables_in_a_row_differ_by_five_people_or_more(events: list[tuple[str, str]]) -> None:
    said: dict[str, str] = {}
    shown: dict[str, str] = {}
    for who, value in events:
        said = {name: one for name, one in said.items() if name != who} | ({who: value} if value else {})
        if may_replace(shown, said):
            changed = {name for name in PEOPLE if shown.get(name) != said.get(name)}
            assert len(changed) >= K
            shown = dict(said)
        else:
            assert len({name for name in PEOPLE if shown.get(name) != said.get(name)}) < K


def test_one_who_is_otherwise_is_not_given_away() -> None:
    said = {f"p{i}": "a" for i in range(19)} | {"p19": "b"}
    assert published(said, n_team=20).counts == {}


def test_a_team_that_is_all_alike_is_not_told() -> None:
    assert published(dict.fromkeys(PEOPLE, "a"), n_team=len(PEOPLE)).counts == {}


def test_two_large_groups_are_told() -> None:
    said = {f"p{i}": "ab"[i % 2] for i in range(12)}
    assert published(said, n_team=12).counts == {"a": 6, "b": 6}
