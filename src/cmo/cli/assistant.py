"""The command that serves an AI assistant."""

from typing import Annotated

import typer

from cmo.cli.options import HERE, In, Workspace


def mcp(
    workspace: Workspace = HERE,
    *,
    proposals: Annotated[
        bool, typer.Option("--proposals", help="Let the assistant put proposals before those who approve.")
    ] = False,
    language: In = None,
) -> None:
    """Serve an AI assistant on standard input and output (Model Context Protocol)."""
    from cmo.mcp.server import assistant_server

    assistant_server(workspace, language=language, proposals=proposals).run("stdio")
