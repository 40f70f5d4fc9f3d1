"""Several questions to the warehouse in one: what they share is computed once."""

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from cmo.warehouse.field import Field


def collected(field: Field, parts: Mapping[str, ir.Table]) -> dict[str, pa.Table]:
    """The rows of several expressions, by name, from a single query.

    Args:
        field: Where the tables lie.
        parts: Expressions over them; columns of one name have one type.
    """
    columns = {name: kind for part in parts.values() for name, kind in part.schema().items()}
    stacked = ibis.union(
        *(
            part.select(
                part=ibis.literal(label),
                **{
                    name: part[name].cast(kind) if name in part.columns else ibis.null(kind)
                    for name, kind in columns.items()
                },
            )
            for label, part in parts.items()
        )
    )
    found = field.collect(stacked)
    return {
        name: found.filter(pc.equal(found["part"], name)).select(list(part.columns))
        for name, part in parts.items()
    }
