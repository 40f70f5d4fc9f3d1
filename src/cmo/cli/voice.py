"""Commands on what customers say."""

from typing import Annotated, Literal

import typer

from cmo.cli import output
from cmo.cli.options import HERE, In, Json, Workspace

app = typer.Typer(
    help="What customers say. Without a command: aspects, what moves the mark, what rises.",
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def every(
    context: typer.Context, workspace: Workspace = HERE, *, json: Json = False, language: In = None
) -> None:
    """Show how content customers are with each aspect, what that does to their mark, and what rises."""
    if context.invoked_subcommand is not None:
        return
    from cmo.loop.standing import language_of
    from cmo.loop.voice import heard

    with output.Progress(language or language_of(workspace)) as progress:
        answer = heard(workspace, language=language, progress=progress)
    output.give(answer, json=json)


@app.command()
def topics(workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """Topics of the opinions, found without being told, with quotes that prove them."""
    from cmo.loop.voice import topics as found

    output.give(found(workspace, language=language), json=json)


@app.command()
def promise(workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """What the positioning promises against what opinions say."""
    from cmo.loop.voice import promise as held

    output.give(held(workspace, language=language), json=json)


@app.command()
def search(
    words: Annotated[list[str] | None, typer.Argument(help="Words that all must occur.")] = None,
    workspace: Workspace = HERE,
    *,
    aspect: Annotated[str | None, typer.Option(help="One aspect only.", show_default="all")] = None,
    tone: Annotated[
        Literal["content", "discontent"] | None, typer.Option(help="One tone only.", show_default="both")
    ] = None,
    top: Annotated[int, typer.Option(help="How many quotes to show.")] = 20,
    json: Json = False,
    language: In = None,
) -> None:
    """Search what customers wrote, word for word, latest first."""
    from cmo.loop.voice import searched

    output.give(
        searched(
            workspace,
            " ".join(words or []),
            aspect=aspect,
            content=None if tone is None else tone == "content",
            top=top,
            language=language,
        ),
        json=json,
    )
