from pathlib import Path

from cmo.bench.results import append, records


def test_what_was_appended_comes_back_in_order_of_worlds(tmp_path: Path) -> None:
    path = tmp_path / "new" / "truth-1.jsonl"
    for world in (3, 1):
        append(path, {"world": world, "claims": []})
    assert [record["world"] for record in records(path)] == [1, 3]


def test_a_torn_line_costs_its_world_alone(tmp_path: Path) -> None:
    path = tmp_path / "truth-1.jsonl"
    append(path, {"world": 1})
    with path.open("a", encoding="utf-8") as stream:
        stream.write('{"world": 2, "cla')
    append(path, {"world": 3})
    assert [record["world"] for record in records(path)] == [1, 3]


def test_no_file_is_no_record(tmp_path: Path) -> None:
    assert records(tmp_path / "none.jsonl") == []
