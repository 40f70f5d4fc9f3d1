import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, SearchStrategy

from cmo.ledger import models
from cmo.ledger import strategy as ledger_strategy
from cmo.ledger.opening import close_ledger, open_ledger
from cmo.ledger.rewriting import written
from cmo.ledger.strategy import apply_strategy, difference, export_strategy, remembered_strategy, revisions
from cmo.measures import Problem
from cmo.strategy.changes import Name, items_of
from cmo.strategy.document import Strategy
from cmo.workspace import Document, validated

ONE = """\
beliefs:
  - {id: a, says: A, confidence: 0.9}  # the oldest
  - {id: b, says: B}
"""


def read(file: Path) -> Strategy:
    return validated(Document.read(file), Strategy)


@pytest.fixture
def file(ledger: Path) -> Path:
    path = ledger / "strategy.yaml"
    path.write_text(ONE)
    return path


@pytest.fixture
def elsewhere(ledger: Path) -> Path:
    """The same strategy in another place, as a colleague or the web edits it."""
    folder = ledger / "elsewhere"
    folder.mkdir()
    return folder / "strategy.yaml"


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def says(changes: object) -> list[str]:
    return [change.says.en for change in changes]  # type: ignore[attr-defined]


def test_the_first_apply_remembers_everything(file: Path) -> None:
    assert says(difference(file).changes) == ["Added: belief a.", "Added: belief b."]
    assert says(apply_strategy(file, by="ana").changes) == ["Added: belief a.", "Added: belief b."]
    assert remembered_strategy() == read(file)
    assert difference(file).changes == ()


def test_applying_again_changes_nothing(file: Path) -> None:
    apply_strategy(file, by="ana")
    again = apply_strategy(file, by="ana")
    assert (again.changes, again.elsewhere, again.conflicts) == ((), (), ())
    assert len(revisions()) == 1


def test_who_changed_what_and_when_is_remembered(file: Path) -> None:
    apply_strategy(file, by="ana")
    edit(file, "0.9", "0.6")
    apply_strategy(file, by="bo")
    last, first = revisions()
    assert (last.number, last.made_by, says(last.changes)) == (
        2,
        "bo",
        ["Changed: belief a, confidence 0.9 → 0.6."],
    )
    assert (first.number, first.made_by, first.made_at < last.made_at) == (1, "ana", True)
    assert last.changes[0].before == {"id": "a", "says": "A", "confidence": 0.9}


def test_items_are_remembered_in_the_order_of_the_file(file: Path) -> None:
    apply_strategy(file, by="ana")
    edit(file, "beliefs:\n", "beliefs:\n  - {id: first, says: F}\n")
    apply_strategy(file, by="ana")
    assert [belief.id for belief in remembered_strategy().beliefs] == ["first", "a", "b"]


def test_an_item_taken_out_of_the_file_is_taken_out(file: Path) -> None:
    apply_strategy(file, by="ana")
    edit(file, "  - {id: b, says: B}\n", "")
    assert says(apply_strategy(file, by="ana").changes) == ["Removed: belief b."]
    assert remembered_strategy() == read(file)


def test_edits_made_elsewhere_are_kept_and_told(file: Path, elsewhere: Path) -> None:
    apply_strategy(file, by="ana")
    export_strategy(elsewhere)
    edit(elsewhere, "says: B", "says: B2")
    apply_strategy(elsewhere, by="bo")
    edit(file, "0.9", "0.6")
    merged = apply_strategy(file, by="ana")
    assert says(merged.changes) == ["Changed: belief a, confidence 0.9 → 0.6."]
    assert says(merged.elsewhere) == ["Changed: belief b, says B → B2."]
    assert items_of(remembered_strategy())[Name("beliefs", "b")]["says"] == "B2"
    # and they do not look like an edit of the file afterwards
    again = apply_strategy(file, by="ana")
    assert again.changes == ()
    assert says(again.elsewhere) == ["Changed: belief b, says B → B2."]
    assert export_strategy(file)
    assert file.read_text() == ONE.replace("0.9", "0.6").replace("says: B}", "says: B2}")


def test_a_conflict_refuses_the_whole_apply_and_loses_nothing(file: Path, elsewhere: Path) -> None:
    apply_strategy(file, by="ana")
    export_strategy(elsewhere)
    edit(elsewhere, "confidence: 0.9", "confidence: 0.7")
    apply_strategy(elsewhere, by="bo")
    edit(file, "0.9", "0.6")
    edit(file, "says: B", "says: B2")
    before, text = remembered_strategy(), file.read_text()
    with pytest.raises(Problem) as refused:
        apply_strategy(file, by="ana")
    (sentence,) = refused.value.sentences
    assert "belief a was changed in two places" in sentence
    assert "confidence 0.9 → 0.6" in sentence
    assert "confidence 0.9 → 0.7" in sentence
    assert (remembered_strategy(), file.read_text(), len(revisions())) == (before, text, 2)
    with pytest.raises(Problem, match="not applied"):
        export_strategy(file)
    # the way out that the sentence tells
    edit(file, "0.6", "0.7")
    assert says(apply_strategy(file, by="ana").changes) == ["Changed: belief b, says B → B2."]
    edit(file, "0.7", "0.6")
    assert says(apply_strategy(file, by="ana").changes) == ["Changed: belief a, confidence 0.7 → 0.6."]


def test_the_same_edit_in_two_places_is_no_conflict(file: Path, elsewhere: Path) -> None:
    apply_strategy(file, by="ana")
    export_strategy(elsewhere)
    for place in (file, elsewhere):
        edit(place, "0.9", "0.5")
        apply_strategy(place, by="ana")
    assert len(revisions()) == 2


def test_a_copy_of_an_earlier_state_is_taken_at_that_state(file: Path, elsewhere: Path) -> None:
    apply_strategy(file, by="ana")
    elsewhere.write_text(ONE)
    edit(file, "0.9", "0.5")
    apply_strategy(file, by="ana")
    merged = difference(elsewhere)
    assert (merged.changes, merged.conflicts) == ((), ())
    assert says(merged.elsewhere) == ["Changed: belief a, confidence 0.9 → 0.5."]


def test_an_unknown_file_that_differs_is_a_conflict_and_never_takes_anything_out(
    file: Path, elsewhere: Path
) -> None:
    apply_strategy(file, by="ana")
    elsewhere.write_text("beliefs: [{id: a, says: other}, {id: c, says: C}]")
    merged = difference(elsewhere)
    assert [conflict.here.name for conflict in merged.conflicts] == [Name("beliefs", "a")]
    assert says(merged.changes) == ["Added: belief c."]


def test_two_edits_that_do_not_hold_together_are_refused(file: Path, elsewhere: Path) -> None:
    file.write_text(ONE + "team: [{id: ana, name: Ana}, {id: bo, name: Bo}]\n")
    apply_strategy(file, by="ana")
    export_strategy(elsewhere)
    edit(elsewhere, "  - id: bo\n    name: Bo\n", "")
    apply_strategy(elsewhere, by="ana")
    edit(file, "says: B", "says: B, owner: bo")
    with pytest.raises(Problem, match=r"do not hold together: beliefs.1.owner: bo is nobody of the team"):
        apply_strategy(file, by="ana")
    assert len(revisions()) == 2


def test_a_file_that_is_not_valid_changes_nothing(file: Path) -> None:
    edit(file, "0.9", "9")
    with pytest.raises(Problem, match=r"strategy.yaml, line 2, beliefs\[1\].confidence"):
        apply_strategy(file, by="ana")
    assert revisions() == ()


def test_export_makes_the_file_and_says_whether_it_changed(file: Path, elsewhere: Path) -> None:
    apply_strategy(file, by="ana")
    assert export_strategy(elsewhere)
    assert read(elsewhere) == read(file)
    assert not export_strategy(elsewhere)
    assert not export_strategy(file)
    assert [path.name for path in elsewhere.parent.iterdir()] == ["strategy.yaml"]


def test_a_crash_between_writing_and_noting_an_export_loses_nothing(
    file: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply_strategy(file, by="ana")
    export_strategy(elsewhere)
    edit(elsewhere, "says: B", "says: B2")
    apply_strategy(elsewhere, by="bo")

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ledger_strategy, "_agree", crash)
        with pytest.raises(KeyboardInterrupt):
            export_strategy(file)
    merged = apply_strategy(file, by="ana")
    assert (merged.changes, merged.elsewhere) == ((), ())
    assert items_of(remembered_strategy())[Name("beliefs", "b")]["says"] == "B2"


def test_a_ledger_of_a_folder_may_move_with_it(new_folder: Callable[[], Path], tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    shutil.move(new_folder(), home / ".cmo")
    (home / "strategy.yaml").write_text(ONE)
    open_ledger(home / ".cmo")
    apply_strategy(home / "strategy.yaml", by="ana")
    close_ledger()
    shutil.move(home, tmp_path / "moved")
    file = tmp_path / "moved" / "strategy.yaml"
    edit(file, "0.9", "0.6")
    open_ledger(tmp_path / "moved" / ".cmo")
    assert says(apply_strategy(file, by="ana").changes) == ["Changed: belief a, confidence 0.9 → 0.6."]
    assert models.Checkout.objects.count() == 1


@contextmanager
def fresh(new_folder: Callable[[], Path]) -> Iterator[Path]:
    folder = new_folder()
    open_ledger(folder)
    try:
        yield folder
    finally:
        close_ledger()
        shutil.rmtree(folder)


_few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_few
@given(st.data())
def test_what_was_exported_changes_nothing_when_it_is_applied(
    new_folder: Callable[[], Path], documents: SearchStrategy[dict[str, object]], data: DataObject
) -> None:
    strategy = Strategy.model_validate(data.draw(documents))
    with fresh(new_folder) as folder:
        file, other = folder / "strategy.yaml", folder / "other.yaml"
        file.write_text(written(strategy), encoding="utf-8")
        apply_strategy(file, by="x")
        assert remembered_strategy().as_mapping() == strategy.as_mapping()
        export_strategy(other)
        assert read(other).as_mapping() == strategy.as_mapping()
        for one in (file, other):
            merged = apply_strategy(one, by="x")
            assert (merged.changes, merged.elsewhere, merged.conflicts) == ((), (), ())
        assert len(revisions()) <= 1


@_few
@given(st.data())
def test_whatever_two_hands_do_every_edit_is_kept_or_refused_with_its_name(
    new_folder: Callable[[], Path], documents: SearchStrategy[dict[str, object]], data: DataObject
) -> None:
    base, mine, theirs = (Strategy.model_validate(data.draw(documents)) for _ in range(3))
    with fresh(new_folder) as folder:
        here, there = folder / "here.yaml", folder / "there.yaml"
        for file in (here, there):
            file.write_text(written(base), encoding="utf-8")
            apply_strategy(file, by="x")
        there.write_text(written(theirs), encoding="utf-8")
        apply_strategy(there, by="them")
        here.write_text(written(mine), encoding="utf-8")
        merged = difference(here)
        try:
            apply_strategy(here, by="me")
        except Problem:
            assert items_of(remembered_strategy()) == items_of(theirs)
            return
        assert not merged.conflicts
        now = items_of(remembered_strategy())
        for name in {*items_of(base), *items_of(mine), *items_of(theirs)}:
            was, one, other = (items_of(part).get(name) for part in (base, mine, theirs))
            assert now.get(name) == (one if one != was else other)
        export_strategy(here)
        assert items_of(read(here)) == now
