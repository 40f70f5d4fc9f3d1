"""Many worlds lived one after the other, or two at a time; what is done is never done again."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from cmo.bench.results import Record, append, records
from cmo.measures import Text

Asked = Callable[[int, int], Record]
"""What is done with a world: its number and the bench's seed in, a record out; a function of a module."""
Progress = Callable[[Text], None]


def over_worlds(
    ask: Asked, path: Path, *, worlds: int, seed: int, processes: int, progress: Progress
) -> list[Record]:
    """Records of the worlds 1 to `worlds`; those that the results file lacks are lived and added to it."""
    done = {record["world"] for record in records(path)}
    todo = [number for number in range(1, worlds + 1) if number not in done]
    for count, record in enumerate(_lived(ask, todo, seed=seed, processes=processes), start=1):
        append(path, record)
        progress(
            Text(
                f"world {record['world']} lived, {len(todo) - count} to go",
                f"monde {record['world']} vécu, encore {len(todo) - count}",
            )
        )
    return [record for record in records(path) if record["world"] <= worlds]


def _lived(ask: Asked, todo: Sequence[int], *, seed: int, processes: int) -> Iterator[Record]:
    if processes == 1 or len(todo) < 2:
        yield from (ask(number, seed) for number in todo)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        for finished in as_completed([pool.submit(ask, number, seed) for number in todo]):
            yield finished.result()
