"""Files as a company would have them, byte for byte the same whenever the content is."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

_EPOCH = (1980, 1, 1, 0, 0, 0)
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def instants(seconds: np.ndarray[Any, np.dtype[np.int64]], *, start: str) -> pa.Array:
    """Seconds since a day as timestamps without a zone."""
    return pa.array(np.datetime64(start, "s") + seconds.astype("timedelta64[s]"))


def write_csv(path: Path, table: pa.Table) -> None:
    """Write a table as CSV with a comma and quotes where needed."""
    options = pyarrow.csv.WriteOptions(quoting_header="needed", quoting_style="needed")
    pyarrow.csv.write_csv(table, path, options)


def append_lines(path: Path, lines: Sequence[str], *, every: int) -> None:
    """Slip raw lines into a text file, the nth after n times `every` lines."""
    content = path.read_text(encoding="utf-8").splitlines(keepends=True)
    for number, line in enumerate(lines, start=1):
        content.insert(min(number * every, len(content)), line + "\n")
    path.write_text("".join(content), encoding="utf-8")


def write_parquet(path: Path, table: pa.Table) -> None:
    """Write a table as Parquet, compressed."""
    pyarrow.parquet.write_table(table, path, compression="zstd", store_schema=False)


def _cell(value: object, reference: str) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float):
        return f'<c r="{reference}"><v>{value}</v></c>'
    return f'<c r="{reference}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


def write_xlsx(path: Path, table: pa.Table, *, sheet: str) -> None:
    """Write a table as a workbook of one sheet (at most 26 columns), without a date of creation."""
    rows: list[list[object]] = [list(table.column_names), *(list(row.values()) for row in table.to_pylist())]
    body = "".join(
        f'<row r="{n}">{"".join(_cell(v, f"{chr(65 + i)}{n}") for i, v in enumerate(row))}</row>'
        for n, row in enumerate(rows, start=1)
    )
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_CONTENT}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_CONTENT}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{escape(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_SHEET}"><sheetData>{body}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), _HEAD + content, zipfile.ZIP_DEFLATED)


def _laid_out(value: object, depth: int) -> object:
    """Maps and lists as YAML nodes: blocks near the top, one line each below."""
    if isinstance(value, Mapping):
        mapping = CommentedMap((key, _laid_out(item, depth - 1)) for key, item in value.items())
        if depth <= 0:
            mapping.fa.set_flow_style()
        return mapping
    if isinstance(value, list | tuple):
        items = CommentedSeq(_laid_out(item, depth - 1) for item in value)
        if depth <= 0:
            items.fa.set_flow_style()
        return items
    return value


def write_yaml(path: Path, content: Mapping[str, object], *, blocks: int) -> None:
    """Write a mapping as YAML; the first `blocks` levels stand on lines of their own."""
    yaml = YAML()
    yaml.width = 4096  # a line is broken by structure, never by length
    yaml.representer.ignore_aliases = lambda *_: True
    yaml.allow_unicode = True
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        yaml.dump(_laid_out(content, blocks), stream)


def write_json(path: Path, content: Mapping[str, object]) -> None:
    """Write a mapping as JSON, sorted and indented."""
    path.write_text(
        json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n",
        encoding="utf-8",
        newline="\n",
    )
