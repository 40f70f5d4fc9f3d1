"""The roll of customers: one row for each, written by a review, replaced at once or not at all."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cmo.customers.evidence_roll import roll
from cmo.customers.purchases.fitting import Unsupported
from cmo.ledger.reviews import remembered_evidence
from cmo.loop.observing import Progress
from cmo.measures import Language, Problem, Text
from cmo.warehouse.field import Field
from cmo.warehouse.manifest import fsync_folder
from cmo.workspace import Workspace

READS = ("orders", "customers", "media")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRoll:
    """A roll as it was last written.

    Attributes:
        path: Its Parquet file.
        about: What it says and how it was made.
    """

    path: Path
    about: dict[str, Any]

    def table(self, columns: Sequence[str], *, segment: str | None = None) -> pa.Table:
        """Some columns, of one segment or of all."""
        filters = None if segment is None else [("segment", "=", segment)]
        found = pq.read_table(self.path, columns=[*columns], filters=filters)
        return found if isinstance(found, pa.Table) else pa.table({})

    def numbers(self, name: str) -> np.ndarray:
        """A column as numbers."""
        return np.asarray(self.table((name,))[name].to_numpy())


def path_of(workspace: Workspace) -> Path:
    """Where the roll lies."""
    return workspace.cmo / "customers" / "roll.parquet"


def keep_roll(workspace: Workspace, field: Field, *, progress: Progress) -> None:
    """Write the roll of the field, unless the one that is kept is of the same orders.

    A base that cannot support a model has no roll; the one before is taken away, since it speaks of other
    orders.

    Args:
        workspace: The company's folder.
        field: Its tables.
        progress: Told what is being done.
    """
    path = path_of(workspace)
    if "orders" not in field.tables or "customer_id" not in field.columns("orders"):
        path.unlink(missing_ok=True)
        return
    at_hand = tuple(table for table in READS if table in field.tables)
    of = f"{version('chief-marketing-officer')} {field.fingerprint(at_hand)}"
    if path.exists() and _about(path).get("of") == of:
        return
    progress(Text("writing down every customer", "inscription de chaque client"))
    try:
        found = roll(field)
    except Unsupported:
        path.unlink(missing_ok=True)
        return
    schema = found.schema.with_metadata({"cmo": json.dumps({**found.about, "of": of})})
    path.parent.mkdir(exist_ok=True)
    temporary = path.with_suffix(".new")
    with pq.ParquetWriter(
        temporary, schema, compression="zstd", use_dictionary=["channel", "segment"]
    ) as file:
        for batch in found.batches:
            file.write_batch(batch.cast(schema))
    with temporary.open("rb") as written:
        os.fsync(written.fileno())
    temporary.replace(path)
    fsync_folder(path.parent)


def kept_roll(workspace: Workspace, language: Language) -> KeptRoll:
    """The roll that the last review wrote.

    Raises:
        Problem: There is none, with the reason.
    """
    path = path_of(workspace)
    if not path.exists():
        gap = remembered_evidence("customers.clv").gap("customers.clv")
        why = gap.reason.in_(language) if gap is not None else ""
        raise Problem(
            Text(
                f"There is no roll of customers: {why or 'run cmo review first'}",
                f"Il n'y a pas de registre des clients : {why or 'lancez d’abord cmo review'}",
            ).in_(language)
        )
    return KeptRoll(path=path, about=_about(path))


def _about(path: Path) -> dict[str, Any]:
    try:
        metadata = pq.read_schema(path).metadata or {}
        found = json.loads(metadata.get(b"cmo", b"{}"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
