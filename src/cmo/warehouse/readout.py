"""What reading all sources gave."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from cmo.warehouse.batches import Batch
from cmo.warehouse.opened import LEFT_OUT
from cmo.warehouse.refusals import Refusal, refused_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What was read of one file, or one table of a database.

    Attributes:
        table: The canonical table it fills.
        origin: Its path, or the database's table.
        state: unchanged, undone (what was last read of it was taken back), appended, changed or new.
        rows_in: Rows it has.
        rows_kept: Rows kept.
        rows_refused: Rows refused.
        rows_left_out: Rows that are none of the table, such as totals; kept, refused and left out make the
            rows it has.
        rows_restated: Kept rows that a later file replaces.
        rows_read: Rows that had to be read this time.
        seconds: Time it took.
        refused: Files of the refused rows.
    """

    table: str
    origin: str
    state: str
    rows_in: int
    rows_kept: int
    rows_refused: int
    rows_left_out: int
    rows_restated: int
    rows_read: int
    seconds: float
    refused: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReport:
    """What reading all sources of a workspace gave.

    Attributes:
        sources: File by file, table by table, in the order of cmo.yaml.
        seconds: Time it took.
        batch: The batch it made, or None where nothing was new.
        errors: Lists of the refused rows, of the batches whose rows count.
    """

    sources: tuple[Read, ...]
    seconds: float
    batch: Batch | None = None
    errors: tuple[Path, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether anything was read."""
        return any(one.state not in {"unchanged", "undone"} for one in self.sources)

    def total(self, what: str, *, table: str | None = None) -> int:
        """Sum of a count (`rows_in`, `rows_kept` …) over all sources, or over those of a table."""
        return sum(getattr(one, what) for one in self.sources if table in {None, one.table})

    def refusals(self, *, limit: int = 1000) -> Iterator[Refusal]:
        """Refused rows, at most `limit` of each source."""
        for one in self.sources:
            left = limit
            for path in one.refused:
                for row in refused_rows(path, limit=left):
                    left -= 1
                    yield Refusal(
                        origin=one.origin,
                        table=one.table,
                        row=row["row"],
                        column=row["column"],
                        value=row["value"],
                        rule=row["rule"],
                    )

    def left_out(self, table: str) -> Mapping[str, int]:
        """How many rows of a table's sources are none of its rows, by code of the reason."""
        tally: Counter[str] = Counter()
        for path in (path for one in self.sources if one.table == table for path in one.refused):
            rules = pq.read_table(path, columns=["rule"]).column("rule").to_pylist()
            tally.update(rule for rule in rules if rule in LEFT_OUT)
        return tally
