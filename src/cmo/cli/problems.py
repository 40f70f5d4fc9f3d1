"""Commands on customers' problems and where they stand with those who build the product."""

from typing import Annotated

import typer

from cmo.cli import output
from cmo.cli.options import HERE, In, Json, Workspace

app = typer.Typer(
    help="Customers' problems, what is at stake, and where they stand. Without a command: all of them.",
    rich_markup_mode=None,
)

Name = Annotated[str, typer.Argument(help="Id of the problem, such as delivery.")]


@app.callback(invoke_without_command=True)
def every(
    context: typer.Context, workspace: Workspace = HERE, *, json: Json = False, language: In = None
) -> None:
    """List the problems, those with most value at stake first."""
    if context.invoked_subcommand is not None:
        return
    from cmo.loop.problems import problems

    output.give(problems(workspace, language=language), json=json)


@app.command()
def show(problem: Name, workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """Show all that is known of a problem: quotes, segments, stake, and its life."""
    from cmo.loop.problems import one_problem

    output.give(one_problem(workspace, problem, language=language), json=json)


@app.command()
def state(
    problem: Name,
    to: Annotated[
        str,
        typer.Argument(
            help="proposed, accepted, in_build, shipped, effect_measured or declined.", metavar="STATE"
        ),
    ],
    workspace: Workspace = HERE,
    *,
    because: Annotated[str, typer.Option("--because", help="What there is to say.")] = "",
    json: Json = False,
    language: In = None,
) -> None:
    """Take a problem one stage further; who did it, when and why is remembered."""
    from cmo.loop.problems import moved
    from cmo.loop.standing import user

    output.give(moved(workspace, problem, to, by=user(), words=because, language=language), json=json)
