"""The schema that editors check cmo.yaml with."""

import json

from cmo.warehouse.schema import workspace_schema
from cmo.warehouse.tables import TABLES


def test_the_schema_names_every_table_and_its_columns() -> None:
    schema = workspace_schema()
    sources = schema["properties"]["sources"]
    assert set(sources["properties"]) == set(TABLES)
    assert "order_id (required)" in sources["properties"]["orders"]["description"]
    assert sources["additionalProperties"] is False
    assert json.loads(json.dumps(schema)) == schema


def test_a_source_may_be_one_or_several() -> None:
    allowed = json.dumps(workspace_schema()["properties"]["sources"]["properties"]["media"])
    assert '"$ref": "#/$defs/Source"' in allowed
    assert '"type": "array"' in allowed
