"""Commands on press releases and the press."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from cmo.cli import output
from cmo.cli.options import HERE, By, In, Json, Workspace

app = typer.Typer(
    help="Press: releases, the newsroom, contacts and pitches. Without a command: all releases.",
    rich_markup_mode=None,
)
Name = Annotated[str, typer.Argument(help="Name of the release.")]


@app.callback(invoke_without_command=True)
def every(
    context: typer.Context, workspace: Workspace = HERE, *, json: Json = False, language: In = None
) -> None:
    """List all releases with their state."""
    if context.invoked_subcommand is not None:
        return
    from cmo.loop.press import listed

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
    """Keep a release as a file says it, and tell what must be put right."""
    from cmo.loop.press import write as written
    from cmo.loop.standing import user

    output.give(written(workspace, name, file, by=by or user(), language=language), json=json)


@app.command()
def ask(
    name: Name, workspace: Workspace = HERE, *, by: By = None, json: Json = False, language: In = None
) -> None:
    """Ask for approval of a release as it is."""
    from cmo.loop.press import ask as asked
    from cmo.loop.standing import user

    output.give(asked(workspace, name, by=by or user(), language=language), json=json)


@app.command()
def approve(
    name: Name,
    workspace: Workspace = HERE,
    *,
    refuse: Annotated[str, typer.Option(help="Refuse it, with this reason.")] = "",
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Approve a release that somebody else wrote, or refuse it with a reason."""
    from cmo.loop.press import approve as approved
    from cmo.loop.standing import user

    output.give(approved(workspace, name, refuse=refuse, by=by or user(), language=language), json=json)


@app.command()
def publish(
    name: Name, workspace: Workspace = HERE, *, by: By = None, json: Json = False, language: In = None
) -> None:
    """Put an approved release into the newsroom, when its embargo ends; again, it is a correction."""
    from cmo.loop.press import publish as published
    from cmo.loop.standing import user

    output.give(published(workspace, name, by=by or user(), language=language), json=json)


@app.command()
def kit(
    name: Name,
    workspace: Workspace = HERE,
    *,
    to: Annotated[Path, typer.Option(help="The PDF file.", show_default=False)],
    json: Json = False,
    language: In = None,
) -> None:
    """Write the press kit of a release as an accessible PDF."""
    from cmo.loop.press import kit as written

    output.give(written(workspace, name, to=to, language=language), json=json)


@app.command()
def contacts(workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """List the press, and what each was offered."""
    from cmo.loop.press import contacts as known

    output.give(known(workspace, language=language), json=json)


@app.command()
def contact(
    address: Annotated[str, typer.Argument(help="The e-mail address.")],
    workspace: Workspace = HERE,
    *,
    name: Annotated[str, typer.Option(help="Name.", show_default=False)],
    outlet: Annotated[str, typer.Option(help="Where they write.")] = "",
    beat: Annotated[str, typer.Option(help="What they write about.")] = "",
    json: Json = False,
    language: In = None,
) -> None:
    """Add somebody of the press, or change what is known of them."""
    from cmo.loop.press import contact as added

    output.give(added(workspace, address, name=name, outlet=outlet, beat=beat, language=language), json=json)


@app.command()
def pitch(  # noqa: PLR0913 - an option each
    address: Annotated[str, typer.Argument(help="To whom.")],
    release: Annotated[str, typer.Argument(help="Which release.")],
    workspace: Workspace = HERE,
    *,
    state: Annotated[
        Literal["found", "pitched", "replied", "covered", "declined"], typer.Option(help="How far it is.")
    ] = "pitched",
    words: Annotated[str, typer.Option(help="What was said.")] = "",
    url: Annotated[str, typer.Option(help="Where the article is.")] = "",
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Write down how far a story offered to somebody is."""
    from cmo.loop.press import Offer
    from cmo.loop.press import pitch as pitched
    from cmo.loop.standing import user

    offer = Offer(address=address, release=release, state=state, words=words, url=url)
    output.give(pitched(workspace, offer, by=by or user(), language=language), json=json)
