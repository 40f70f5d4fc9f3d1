"""The command that opens the office."""

from typing import Annotated

import typer

from cmo.cli import output
from cmo.cli.options import HERE, Workspace


def serve(
    workspace: Workspace = HERE,
    *,
    host: Annotated[
        str, typer.Option(help="Address to listen at: this machine alone by default.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen at.")] = 8765,
) -> None:
    """Open the office: pages and background work, until told to stop."""
    from cmo.web.server import serve as served

    served(
        workspace,
        host=host,
        port=port,
        say=lambda line: output.out.print(line, markup=False, highlight=False, soft_wrap=True),
    )
