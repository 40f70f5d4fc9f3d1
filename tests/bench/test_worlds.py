from pathlib import Path

import pytest

from cmo.bench.results import Record, append, records
from cmo.bench.worlds import over_worlds
from cmo.measures import Text


def lived(number: int, seed: int) -> Record:
    return {"world": number, "seed": seed}


def refused(number: int, seed: int) -> Record:
    raise AssertionError(f"world {number} of seed {seed} was lived again")


@pytest.mark.parametrize("processes", [1, 2])
def test_worlds_that_lack_are_lived_and_told_of(tmp_path: Path, processes: int) -> None:
    path, said = tmp_path / "truth-7.jsonl", list[Text]()
    append(path, {"world": 2, "seed": "before"})
    found = over_worlds(lived, path, worlds=3, seed=7, processes=processes, progress=said.append)
    assert [(one["world"], one["seed"]) for one in found] == [(1, 7), (2, "before"), (3, 7)]
    assert len(said) == 2
    assert records(path) == found


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    path = tmp_path / "truth-7.jsonl"
    for world in (1, 2, 3):
        append(path, {"world": world})
    found = over_worlds(refused, path, worlds=2, seed=7, processes=1, progress=lambda _: None)
    assert [one["world"] for one in found] == [1, 2]
