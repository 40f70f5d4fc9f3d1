"""Commands on the sources that are asked: databases and REST services."""

import typer

from cmo.cli import output
from cmo.cli.options import HERE, In, Json, Workspace

app = typer.Typer(help="Databases and REST services that sources are read from.", rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def connectors(
    context: typer.Context, workspace: Workspace = HERE, *, json: Json = False, language: In = None
) -> None:
    """List them: key, cursor, look-back window, and how far each was read."""
    if context.invoked_subcommand is None:
        from cmo.loop.connectors import connectors as listed

        output.give(listed(workspace, language=language), json=json)


@app.command()
def check(workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """Ask each whether it can be reached with its credentials; nothing is read."""
    from cmo.loop.connectors import check_connectors

    output.give(check_connectors(workspace, language=language), json=json)
