"""Commands on events."""

from pathlib import Path
from typing import Annotated

import typer

from cmo.cli import output
from cmo.cli.options import HERE, By, In, Json, Workspace

app = typer.Typer(
    help="Events, their guests and what a contact costs. Without a command: all of them.",
    rich_markup_mode=None,
)
Name = Annotated[str, typer.Argument(help="Name of the event.")]


@app.callback(invoke_without_command=True)
def every(
    context: typer.Context, workspace: Workspace = HERE, *, json: Json = False, language: In = None
) -> None:
    """List all events with guests, cost and what is due afterwards."""
    if context.invoked_subcommand is not None:
        return
    from cmo.loop.gatherings import listed

    output.give(listed(workspace, language=language), json=json)


@app.command()
def write(
    name: Name,
    file: Annotated[Path, typer.Argument(help="A YAML file with its fields.")],
    workspace: Workspace = HERE,
    *,
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Keep an event as a file says it, and open its page for registration."""
    from cmo.loop.gatherings import write as written
    from cmo.loop.standing import user

    output.give(written(workspace, name, file, by=by or user(), language=language), json=json)


@app.command()
def came(
    name: Name,
    address: Annotated[str, typer.Argument(help="The guest's e-mail address.")],
    workspace: Workspace = HERE,
    *,
    came: Annotated[bool, typer.Option("--came/--missed", help="Whether they came.")] = True,
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Write down whether a guest came."""
    from cmo.loop.gatherings import came as told
    from cmo.loop.standing import user

    output.give(told(workspace, name, address, came=came, by=by or user(), language=language), json=json)
