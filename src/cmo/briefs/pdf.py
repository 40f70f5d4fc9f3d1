"""A brief as a PDF that assistive tools can read (PDF/UA-1). Data reach Typst as JSON, never as source."""

import json
import re
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, Final

import typst

from cmo.briefs.charts.render import svg
from cmo.briefs.charts.theme import FONT
from cmo.briefs.document import Brief
from cmo.measures import Problem

_SERIF: Final = "Libertinus Serif"
_UNDRAWABLE: Final = "could not be displayed with font"
_DRAWN_FOR_SURE: Final = re.compile(
    "[^\\n\\u0020-\\u007e\\u00a0-\\u024f\\u0370-\\u04ff\\u1e00-\\u1eff\\u2000-\\u2040\\u2070-\\u20c0\\u2190-\\u22ff"
    "\\u25a0-\\u25ff]"
)
"""All but the signs that the fonts inside Typst are known to hold."""
_BOX: Final = "□"


def document(brief: Brief, *, written_on: datetime) -> bytes:
    """The whole document.

    Args:
        brief: What to set.
        written_on: The instant that the file gives as its making, so that the same facts give the same bytes.

    Raises:
        Problem: Typst refused the document.
    """
    data = json.dumps(_data(brief), ensure_ascii=False)
    try:
        return _compiled(data, written_on)
    except typst.TypstError as error:
        if _UNDRAWABLE not in str(error):
            raise Problem(
                f"The brief could not be set as a PDF: {error}. Write it as .html or .md."
            ) from error
    replaced = json.dumps(_without_undrawable(_data(brief)), ensure_ascii=False)
    return _compiled(replaced, written_on)


def _compiled(data: str, written_on: datetime) -> bytes:
    source = files("cmo.briefs").joinpath("templates", "brief.typ").read_bytes()
    made: bytes = typst.compile(
        source,
        sys_inputs={"brief": data},
        pdf_standards="ua-1",
        timestamp=int(written_on.astimezone(UTC).timestamp()),
    )
    return made


def _data(brief: Brief) -> dict[str, Any]:
    """The brief as data, with each chart drawn in the letters of the document."""
    data = brief.as_data()
    drawn = {
        chart.name: svg(chart.chart.wide, language=brief.language, name=chart.name).replace(FONT, _SERIF)
        for chart in brief.illustrations()
    }
    for chart in _charts(data):
        chart["chart"] = drawn[chart["name"]]
    tables = [chart["table"] for chart in _charts(data)]
    return data | {"drawn": tables, "replaced": ""}


def _charts(data: dict[str, Any]) -> list[dict[str, Any]]:
    parts = (data["opening"], *(section["blocks"] for section in data["sections"]))
    return [block for blocks in parts for block in blocks if block["kind"] == "illustration"]


def _without_undrawable(data: dict[str, Any]) -> dict[str, Any]:
    """The same with a box for every sign that no font here holds, and a sentence that says so."""
    cleaned: dict[str, Any] = _boxed(data)
    return cleaned | {"replaced": data["words"]["replaced"]}


def _boxed(value: Any) -> Any:
    match value:
        case str():
            return _DRAWN_FOR_SURE.sub(_BOX, value)
        case list():
            return [_boxed(item) for item in value]
        case tuple():
            return [_boxed(item) for item in value]
        case dict():
            return {key: _boxed(item) for key, item in value.items()}
        case _:
            return value
