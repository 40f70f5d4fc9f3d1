"""The command that tells of the market."""

from typing import Annotated

import typer

from cmo.cli import output
from cmo.cli.options import HERE, In, Json, Workspace


def market(
    workspace: Workspace = HERE,
    *,
    every: Annotated[
        bool, typer.Option("--all", help="The whole timeline, not only the last 400 days.")
    ] = False,
    json: Json = False,
    language: In = None,
) -> None:
    """Tell how large the market is and who has it, what happened in it, and who else does the job."""
    from cmo.loop.market import market as told

    output.give(told(workspace, every=every, language=language), json=json)
