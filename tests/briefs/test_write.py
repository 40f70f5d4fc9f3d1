from collections.abc import Callable
from pathlib import Path

import pytest

from cmo.briefs.document import Audience
from cmo.briefs.facts import Facts
from cmo.briefs.write import write_brief
from cmo.measures import Problem


@pytest.mark.parametrize(
    ("name", "start"), [("a.html", b"<!doctype html>"), ("b.PDF", b"%PDF-"), ("c.md", b"Maison")]
)
def test_ending_of_the_file_says_how(
    made_up: Callable[..., Facts], tmp_path: Path, name: str, start: bytes
) -> None:
    write_brief(made_up(), audience=Audience.PRODUCT, language="en", to=tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(start)
    assert [one.name for one in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["brief.docx", "brief", "brief.html.txt"])
def test_other_endings_are_refused_with_the_three_that_are_allowed(
    made_up: Callable[..., Facts], tmp_path: Path, name: str
) -> None:
    with pytest.raises(Problem, match=r"\.html, \.pdf or \.md"):
        write_brief(made_up(), audience=Audience.BOARD, language="en", to=tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_missing_folder_is_named(made_up: Callable[..., Facts], tmp_path: Path) -> None:
    with pytest.raises(Problem, match="cannot be written there"):
        write_brief(made_up(), audience=Audience.BOARD, language="en", to=tmp_path / "none" / "a.md")


def test_brief_that_fails_leaves_the_old_one(
    made_up: Callable[..., Facts], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = tmp_path / "a.md"
    to.write_text("old")

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(Problem, match="No space left"):
        write_brief(made_up(), audience=Audience.BOARD, language="en", to=to)
    assert to.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.md"]
