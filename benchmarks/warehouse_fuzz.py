"""Mutated exports of every known tool, read and guessed: no defect, no hang, no line lost.

    python benchmarks/warehouse_fuzz.py --files 10000 --imported 500 --first 0

Each file is an export made by code (tests/warehouse/exports/made_exports.py) to which one to six things
happened: cut, doubled, flipped and inserted bytes, quotes, delimiters, NULs, marks, lines in another order.
All are opened as the format they were and guessed without it; of some the whole import is run. A file gives
rows whose number is that of its lines, or one sentence.
"""

import argparse
import csv
import io
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests/warehouse/exports"))
from made_exports import TRAPS, Case, cases, mutated

from cmo.measures import Problem
from cmo.warehouse.exports.headers import repaired
from cmo.warehouse.guess import guessed
from cmo.warehouse.intake import read_sources
from cmo.warehouse.opened import Unread
from cmo.warehouse.opening import Custom, open_file
from cmo.warehouse.sources import Declared
from cmo.warehouse.survey import format_of, survey
from cmo.warehouse.tables import TABLES
from cmo.workspace import Source, Workspace

WAYS = ("as it comes", "semicolons", "tabs in UTF-16", "windows lines", "mangled", "a workbook renamed csv")
SECONDS = 60
LOST = "LINES LOST"


def n_records(path: Path, encoding: str, delimiter: str) -> int:
    text = path.read_bytes().decode(encoding).lstrip("\ufeff")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    return sum(any(repaired(cell).lstrip("\ufeff").strip() for cell in row) for row in rows)


def opened(path: Path, case: Case) -> str:
    source = Source(path=str(path), format=case.format)
    one = Declared(table=TABLES[case.table], source=source, where="w", columns_where="c", specification="s")
    try:
        custom = Custom(currency="EUR", timezone="Europe/Paris")
        written, _ = open_file(path, format_of(path), survey(path), one, custom=custom)
        unread: list[Unread] = []
        n_rows = sum(batch.num_rows for batch in written.rows(unread))  # type: ignore[attr-defined]
        guess = guessed(path, said={"format": case.format})
    except Problem:
        return "refused in one sentence"
    if guess.encoding is None or guess.delimiter is None:
        return "read (workbook)"
    if n_rows + len(unread) + 1 != n_records(path, guess.encoding, guess.delimiter):
        return LOST
    return "read, every line accounted for"


def imported(path: Path, case: Case) -> str:
    (path.parent / "cmo.yaml").write_text(
        f"company: {{name: A, timezone: Europe/Paris}}\nsources:\n  {case.table}: {{path: {path.name}}}\n"
    )
    try:
        report = read_sources(Workspace.open(path.parent))
    except Problem:
        return "import refused in one sentence"
    parts = sum(report.total(what) for what in ("rows_kept", "rows_refused", "rows_left_out"))
    return "imported whole" if report.total("rows_in") == parts else "IMPORT LOST LINES"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--imported", type=int, default=500)
    parser.add_argument("--first", type=int, default=0)
    arguments = parser.parse_args()
    made, tally = list(cases(seed=7)), Counter[str]()
    slowest, begun = 0.0, time.process_time()
    for seed in range(arguments.first, arguments.first + arguments.files):
        rng = random.Random(seed)
        case = rng.choice(made)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "subscribed_members.csv"
            TRAPS[rng.choice(WAYS)](case, path)
            path.write_bytes(mutated(path.read_bytes(), rng))
            signal.alarm(SECONDS)
            at = time.process_time()
            try:
                became = opened(path, case)
                tally[became] += 1
                if became == LOST:
                    print(f"seed {seed}, {case.name}: {LOST}", flush=True)
                if seed - arguments.first < arguments.imported:
                    tally[imported(path, case)] += 1
            except Exception as error:  # noqa: BLE001 - a defect is what is looked for
                tally["DEFECT"] += 1
                print(f"seed {seed}, {case.name}: {type(error).__name__}: {error}", flush=True)
            slowest = max(slowest, time.process_time() - at)
            signal.alarm(0)
    for what, n in sorted(tally.items()):
        print(f"{n:>8}  {what}")
    print(f"{time.process_time() - begun:.0f} CPU s in all, the slowest file {slowest:.2f} CPU s")


if __name__ == "__main__":
    main()
