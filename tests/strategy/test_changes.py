import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmo.measures import Text
from cmo.strategy.changes import (
    Change,
    FieldChange,
    Item,
    Kind,
    Merge,
    Name,
    changes,
    items_of,
    merge,
    strategy_of,
)
from cmo.strategy.document import Strategy

_NAMES = st.sampled_from(
    [Name("beliefs", "a"), Name("beliefs", "b"), Name("team", "a"), Name("plan", ""), Name("ideas", "z")]
)
_ITEMS = st.fixed_dictionaries(
    {"id": st.just("x")}, optional={"n": st.integers(0, 2), "says": st.sampled_from("pq")}
)
_VERSIONS = st.dictionaries(_NAMES, _ITEMS)


def replayed(items: dict[Name, Item], made: tuple[Change, ...]) -> dict[Name, Item]:
    result = dict(items)
    for change in made:
        assert result.get(change.name) == change.before
        if change.after is None:
            del result[change.name]
        else:
            result[change.name] = change.after
    return result


def belief(**fields: object) -> dict[str, object]:
    return {"id": "tv-best", "says": "TV is best", "confidence": 0.9} | fields


def one_change(before: dict[str, object] | None, after: dict[str, object] | None) -> Change:
    name = Name("beliefs", "tv-best")
    (found,) = changes({name: before} if before else {}, {name: after} if after else {})
    return found


def test_a_strategy_is_its_items() -> None:
    strategy = Strategy.model_validate(
        {
            "beliefs": [belief(), belief(id="b")],
            "plan": {"period": 2027, "budget": 10},
            "positioning": {},
            "objectives": [
                {"id": "o", "says": "x", "measure": "sales.revenue", "at_least": 1, "by": "2027-12-31"}
            ],
        }
    )
    items = items_of(strategy)
    assert list(items) == [
        Name("objectives", "o"), Name("plan", ""), Name("beliefs", "tv-best"), Name("beliefs", "b"),
    ]  # fmt: skip
    assert items[Name("objectives", "o")]["by"] == "2027-12-31"
    assert items_of(strategy_of(items)) == items


@pytest.mark.parametrize(
    ("before", "after", "kind", "en", "fr"),
    [
        (None, belief(), Kind.ADDED, "Added: belief tv-best.", "Ajout : conviction tv-best."),
        (belief(), None, Kind.REMOVED, "Removed: belief tv-best.", "Retrait : conviction tv-best."),
        (
            belief(),
            belief(confidence=0.65, owner="Ana Roux"),
            Kind.CHANGED,
            "Changed: belief tv-best, confidence 0.9 → 0.65, owner nothing → “Ana Roux”.",
            "Changement : conviction tv-best, confidence 0,9 → 0,65, owner rien → « Ana Roux ».",
        ),
        (
            belief(claim={"measure": "sales.revenue", "at_least": 1500}),
            belief(claim={"measure": "sales.revenue", "between": [1500, 900]}),
            Kind.CHANGED,
            "Changed: belief tv-best, claim.at_least 1,500 → nothing, claim.between nothing → 1,500, 900.",
            "Changement : conviction tv-best, claim.at_least 1 500 → rien, claim.between rien → 1 500, 900.",
        ),
        (
            belief(),
            belief(says={"fr": "La télé", "en": "TV"}),
            Kind.CHANGED,
            "Changed: belief tv-best, says “TV is best” → TV.",
            "Changement : conviction tv-best, says « TV is best » → « La télé ».",
        ),
    ],
    ids=["added", "removed", "fields", "claim", "text"],
)
def test_a_change_is_a_sentence_in_both_languages(
    before: dict[str, object] | None, after: dict[str, object] | None, kind: Kind, en: str, fr: str
) -> None:
    change = one_change(before, after)
    assert change.kind is kind
    assert change.says.en == en
    plain = change.says.in_("fr").replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert plain == fr


def test_a_field_change_tells_its_path_and_values() -> None:
    change = one_change(
        belief(claim={"measure": "m", "at_least": 1}), belief(claim={"measure": "m", "at_least": 2})
    )
    assert change.fields == (FieldChange(path="claim.at_least", before=1, after=2),)
    assert change.fields[0].says == Text("claim.at_least 1 → 2", "claim.at_least 1 → 2")


@given(_VERSIONS, _VERSIONS)
def test_changes_lead_from_the_one_to_the_other(before: dict[Name, Item], after: dict[Name, Item]) -> None:
    assert replayed(before, changes(before, after)) == after
    assert changes(after, after) == ()


@given(_VERSIONS, _VERSIONS, _VERSIONS)
def test_a_merge_keeps_every_change_or_says_that_it_cannot(
    base: dict[Name, Item], document: dict[Name, Item], remembered: dict[Name, Item]
) -> None:
    merged = merge(base, document=document, remembered=remembered)
    disputed = {conflict.here.name for conflict in merged.conflicts}
    for name in {*base, *document, *remembered}:
        was, here, there, now = (part.get(name) for part in (base, document, remembered, merged.items))
        assert (name in disputed) == (here not in (was, there) and there != was)
        assert now == (here if here != was and name not in disputed else there)
    assert replayed(remembered, merged.changes) == merged.items
    assert disputed.isdisjoint(change.name for change in (*merged.changes, *merged.elsewhere))


@given(_VERSIONS, _VERSIONS, _VERSIONS)
def test_both_hands_get_the_same_result_and_conflicts(
    base: dict[Name, Item], one: dict[Name, Item], other: dict[Name, Item]
) -> None:
    first, second = merge(base, document=one, remembered=other), merge(base, document=other, remembered=one)
    assert {c.here.name for c in first.conflicts} == {c.here.name for c in second.conflicts}
    if not first.conflicts:
        assert first.items == second.items


@given(_VERSIONS, _VERSIONS)
def test_where_only_one_hand_changed_something_that_is_the_result(
    base: dict[Name, Item], changed: dict[Name, Item]
) -> None:
    mine = merge(base, document=changed, remembered=base)
    theirs = merge(base, document=base, remembered=changed)
    assert mine == Merge(items=changed, changes=changes(base, changed), elsewhere=(), conflicts=())
    assert theirs == Merge(items=changed, changes=(), elsewhere=changes(base, changed), conflicts=())


def test_a_conflict_tells_both_versions_and_what_to_do() -> None:
    name = Name("beliefs", "tv-best")
    merged = merge(
        {name: belief()}, document={name: belief(confidence=0.6)}, remembered={name: belief(confidence=0.7)}
    )
    (conflict,) = merged.conflicts
    assert conflict.says.en == (
        "The belief tv-best was changed in two places: here (confidence 0.9 → 0.6), and elsewhere since "
        "(confidence 0.9 → 0.7). Write the other version into the file and apply it; then change it again if "
        "you still want to."
    )
    assert conflict.says.fr.startswith(
        "Changé à deux endroits, conviction tv-best : ici (confidence 0,9 → 0,6), et ailleurs depuis"
    )
    removed = merge({name: belief()}, document={}, remembered={name: belief(confidence=0.7)})
    assert "here (removed)" in removed.conflicts[0].says.en
