"""The rows that were put aside, told again without reading any source."""

from itertools import islice

import pyarrow.parquet as pq

from cmo.warehouse.manifest import Manifest
from cmo.warehouse.opened import LEFT_OUT
from cmo.warehouse.refusals import Refusal
from cmo.workspace import Workspace


def remembered_refusals(workspace: Workspace, table: str, *, most: int) -> tuple[Refusal, ...]:
    """The rows of a table that were refused, each with the rule that it breaks.

    Args:
        workspace: The company's folder.
        table: Canonical name.
        most: How many at most.
    """
    warehouse = workspace.cmo / "warehouse"
    refused = (
        Refusal(
            origin=imported.origin,
            table=table,
            row=row["row"],
            column=row["column"],
            value=row["value"],
            rule=row["rule"],
        )
        for imported in Manifest.read(warehouse).tables.get(table, ())
        for part in imported.parts
        if part.refused is not None
        for batch in pq.ParquetFile(warehouse / part.refused).iter_batches(1000)
        for row in batch.to_pylist()
        if row["rule"] not in LEFT_OUT
    )
    return tuple(islice(refused, most))
