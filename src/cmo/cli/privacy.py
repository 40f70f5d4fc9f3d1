"""Commands on personal data: tell, erase, forget in time, and the register."""

from pathlib import Path
from typing import Annotated

import typer

from cmo.cli import output
from cmo.cli.options import HERE, By, In, Json, Workspace

app = typer.Typer(
    help="Personal data: export, erase, retention, register.", no_args_is_help=True, rich_markup_mode=None
)
Who = Annotated[str, typer.Argument(help="An e-mail address, or what your tables call the person.")]


@app.command()
def export(
    who: Who,
    workspace: Workspace = HERE,
    *,
    to: Annotated[
        Path, typer.Option(help="The file, .json; a .csv is written beside it.", show_default=False)
    ],
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Write all that is known of a person, across warehouse, ledger and files."""
    from cmo.loop.privacy import export as exported
    from cmo.loop.standing import user

    output.give(exported(workspace, who, to=to, by=by or user(), language=language), json=json)


@app.command()
def erase(
    who: Who, workspace: Workspace = HERE, *, by: By = None, json: Json = False, language: In = None
) -> None:
    """Erase a person; a hash remains, so that nobody writes to them again."""
    from cmo.loop.privacy import erased
    from cmo.loop.standing import user

    output.give(erased(workspace, who, by=by or user(), language=language), json=json)


@app.command()
def retention(
    workspace: Workspace = HERE,
    *,
    apply: Annotated[bool, typer.Option("--apply", help="Forget what was kept for too long.")] = False,
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Say what has been kept for too long; a click by the person counts as contact, an open does not."""
    from cmo.loop.privacy import retention as kept
    from cmo.loop.standing import user

    output.give(kept(workspace, apply=apply, by=by or user(), language=language), json=json)


@app.command()
def register(workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """Print the register of processing, made from the tables themselves."""
    from cmo.loop.privacy import register as registered

    output.give(registered(workspace, language=language), json=json)
