"""Commands of the radar: what rises, on which ring it is, which feeds are followed."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from cmo.cli import output
from cmo.cli.options import HERE, In, Json, Workspace

app = typer.Typer(help="What rises outside. Without a command: every topic.", rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def every(
    context: typer.Context, workspace: Workspace = HERE, *, json: Json = False, language: In = None
) -> None:
    """Show each topic's chance to rise, its ring and ceiling, and how well the radar keeps its word."""
    if context.invoked_subcommand is not None:
        return
    from cmo.loop.radar import radar

    output.give(radar(workspace, language=language), json=json)


@app.command()
def move(
    topic: Annotated[str, typer.Argument(help="Name of the topic.")],
    ring: Annotated[Literal["watch", "try", "adopt", "drop"], typer.Argument(help="Where to.")],
    workspace: Workspace = HERE,
    *,
    because: Annotated[str, typer.Option("--because", help="The reason.")] = "",
    json: Json = False,
    language: In = None,
) -> None:
    """Move a topic to a ring; who did it, when and why is remembered."""
    from cmo.loop.radar import moved

    output.give(moved(workspace, topic, ring, words=because, language=language), json=json)


@app.command()
def follow(
    feeds: Annotated[
        list[str] | None, typer.Argument(help="Files or addresses of RSS or Atom feeds.")
    ] = None,
    workspace: Workspace = HERE,
    *,
    topics: Annotated[str, typer.Option(help="Words to count, with commas between.")] = "",
    to: Annotated[Path, typer.Option(help="File of signals, in the folder of the company.")] = Path(
        "data/feeds.csv"
    ),
    json: Json = False,
    language: In = None,
) -> None:
    """Count how often feeds speak of topics; without feeds, those followed before are read again."""
    from cmo.loop.feeds import followed

    words = tuple(word.strip() for word in topics.split(",") if word.strip())
    output.give(followed(workspace, tuple(feeds or ()), topics=words, to=to, language=language), json=json)
