"""Options that several commands take."""

from pathlib import Path
from typing import Annotated, Literal

import typer

Language = Literal["en", "fr"]  # as cmo.measures has it; help does not wait for the rooms

Workspace = Annotated[
    Path, typer.Option("--workspace", "-w", help="The folder of the company.", show_default="this folder")
]
Json = Annotated[bool, typer.Option("--json", help="Print only JSON on standard output.")]
In = Annotated[
    Language | None,
    typer.Option("--language", "-l", help="Language of the answer.", show_default="the company's"),
]
By = Annotated[str | None, typer.Option(help="Who acts.", show_default="who works at this terminal")]

HERE = Path()
