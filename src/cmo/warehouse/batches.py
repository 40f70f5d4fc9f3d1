"""The journal of imports: what each reading of the sources brought."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

KEPT = 5
"""What the last few batches replaced is kept, so that they can be taken back."""


def shown(origin: str) -> str:
    """What people call an origin: a file by its name, a stream as it is."""
    return origin.rpartition("/")[2] if origin.startswith("/") else origin


class Brought(BaseModel):
    """What a batch brought of one file, table or stream.

    Attributes:
        table: The canonical table it fills.
        origin: Its path, or the table's name.
        specification: Digest of all that says how it is read.
        state: new, appended, changed or gone.
        total: Rows read; valid, invalid and left out make them up.
        valid: Rows kept.
        invalid: Rows refused.
        left_out: Rows that are none of the table, such as totals.
        duplicate: Kept rows that repeat another row of the same reading, in the natural key where the table
            has one, else in all columns; None where there are too many to be counted at once.
        existing: Kept rows that were there before just so.
        restated: Kept rows that say something else than before of the same thing.
        withheld: Kept rows whose consent an unsubscription known before outweighs.
    """

    model_config = ConfigDict(frozen=True)

    table: str
    origin: str
    specification: str
    state: str
    total: int = 0
    valid: int = 0
    invalid: int = 0
    left_out: int = 0
    duplicate: int | None = 0
    existing: int = 0
    restated: int = 0
    withheld: int = 0


class Batch(BaseModel):
    """One reading of the sources that brought something.

    Attributes:
        number: Its number, from 1.
        at: When it was read.
        brought: What it brought, in the order of cmo.yaml.
        undone_at: When it was taken back, or None while it stands.
    """

    model_config = ConfigDict(frozen=True)

    number: int
    at: datetime
    brought: tuple[Brought, ...]
    undone_at: datetime | None = None

    def total(self, what: str) -> int:
        """Sum of a count (`total`, `valid` …) over what it brought."""
        return sum(getattr(one, what) or 0 for one in self.brought)
