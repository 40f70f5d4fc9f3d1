"""How a bench runs: worlds lived on where it stood, then its report, charts and answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from json import dumps
from pathlib import Path
from typing import Any

from cmo.bench.results import Record
from cmo.bench.worlds import Asked, Progress, over_worlds
from cmo.briefs.answers import Answer
from cmo.briefs.charts.render import svg
from cmo.measures import Language, Problem

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What is asked of every world and told of all of them.

    Attributes:
        name: Names its files.
        ask: What is done with a world.
        report: Records of all worlds in, what they say out, as data for JSON.
        charts: Vega-Lite specifications of a report by the name of their file.
        answer: A report in words.
    """

    name: str
    ask: Asked
    report: Callable[[Sequence[Record]], Data]
    charts: Callable[[Data, Language], Mapping[str, Data]]
    answer: Callable[[Data, Language], Answer]


def run(
    bench: Bench,
    folder: Path,
    *,
    worlds: int,
    seed: int,
    processes: int,
    progress: Progress,
    language: Language,
) -> Answer:
    """Live the worlds that are missing, and write what all of them say into a folder.

    Args:
        bench: Which bench.
        folder: Where `NAME-SEED.jsonl` grows by a line a world, and the report and its charts are written.
        worlds: How many worlds in all.
        seed: Source of all chance.
        processes: Worlds lived at a time.
        progress: Told of each world.
        language: Language of the answer and of the charts.

    Raises:
        Problem: The folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{bench.name}-{seed}.jsonl"
        found = over_worlds(bench.ask, path, worlds=worlds, seed=seed, processes=processes, progress=progress)
        data = bench.report(found)
        told = folder / f"{bench.name}.json"
        told.write_text(dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        for name, spec in bench.charts(data, language).items():
            drawing = svg(spec, language=language, name=name)
            (folder / f"{name}.svg").write_text(drawing + "\n", encoding="utf-8")
    except OSError as error:
        raise Problem(f"{folder}: the results cannot be written there ({error.strerror})") from error
    return bench.answer(data, language)
