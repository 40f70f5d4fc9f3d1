"""The JSON Schema of cmo.yaml, which knows the canonical tables, so that editors complete and check it."""

from typing import Any

from cmo.warehouse.exports.known import FORMATS
from cmo.warehouse.tables import TABLES, CanonicalTable
from cmo.workspace import Config


def workspace_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of cmo.yaml."""
    schema = Config.model_json_schema()
    sources = schema["properties"]["sources"]
    anything = sources.pop("additionalProperties")
    sources["properties"] = {name: _of_table(table, anything) for name, table in TABLES.items()}
    sources["additionalProperties"] = False
    schema["$defs"]["Source"]["properties"]["format"]["anyOf"][0] = {"type": "string", "enum": list(FORMATS)}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "cmo.yaml", **schema}


def _of_table(table: CanonicalTable, anything: dict[str, Any]) -> dict[str, Any]:
    columns = ", ".join(
        f"{column.name} (required)" if column.required else column.name for column in table.columns
    )
    return {**anything, "description": f"{table.says.en}; columns: {columns}"}
