"""The command that serves an AI assistant."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cmo.cli import output
from cmo.cli.options import HERE, In, Language, Workspace

if TYPE_CHECKING:
    from cmo.mcp.door import Caller


def mcp(
    workspace: Workspace = HERE,
    *,
    proposals: Annotated[
        bool, typer.Option("--proposals", help="Let the assistant put proposals before those who approve.")
    ] = False,
    http: Annotated[
        bool, typer.Option("--http", help="Answer over HTTP whoever holds a key of Data & settings.")
    ] = False,
    host: Annotated[str, typer.Option(help="Address to listen at, with --http.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen at, with --http.")] = 8766,
    language: In = None,
) -> None:
    """Serve an AI assistant (Model Context Protocol) on standard input and output, or over HTTP."""
    if http:
        _over_http(workspace, host, port, proposals=proposals, language=language)
        return
    from cmo.mcp.server import assistant_server

    assistant_server(workspace, language=language, proposals=proposals).run("stdio")


def _over_http(folder: Path, host: str, port: int, *, proposals: bool, language: Language | None) -> None:
    """Answer over HTTP; the keys are those of the office, so its settings come first."""
    from cmo.web.start import configure, opened, reached_at, refuse_in_the_clear

    workspace = configure(folder)
    refuse_in_the_clear(host)
    opened(workspace)
    from mcp.server.transport_security import TransportSecuritySettings

    from cmo.mcp.door import Caller, Door
    from cmo.mcp.server import assistant_server
    from cmo.web.api.door import live_token

    def who(letters: str) -> "Caller | None":
        token = live_token(letters)
        return None if token is None else Caller(name=token.owner.email, may=token.allowed)

    site = reached_at(host, port)
    names = [site.partition("://")[2], f"localhost:{port}", f"127.0.0.1:{port}", f"[::1]:{port}"]
    output.out.print(f"{site}/mcp", markup=False, highlight=False, soft_wrap=True)
    assistant_server(folder, language=language, proposals=proposals, door=Door(who=who, site=site)).run(
        "streamable-http",
        host=host,
        port=port,
        stateless_http=True,
        json_response=True,
        transport_security=TransportSecuritySettings(allowed_hosts=names, allowed_origins=[site]),
    )
