"""A file of results that grows by a line a world, so that a bench that was killed goes on where it stood."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

Record = Mapping[str, Any]


def records(path: Path) -> list[Record]:
    """Whole lines of a results file, the last world told of each number; a torn last line does not count."""
    if not path.exists():
        return []
    found = {record["world"]: record for record in _whole(path.read_text(encoding="utf-8"))}
    return [found[world] for world in sorted(found)]


def append(path: Path, record: Record) -> None:
    """Add a world, on a line of its own whatever the file ended with."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as stream:
        stream.seek(0, 2)
        if stream.tell():
            stream.seek(-1, 2)
            if stream.read(1) != b"\n":
                stream.write(b"\n")
        stream.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
        stream.flush()


def _whole(text: str) -> Iterator[Record]:
    for line in text.splitlines():
        try:
            record = json.loads(line)
        except json.JSONDecodeError:
            continue
        if isinstance(record, dict) and "world" in record:
            yield record
