"""Commands on challenges: what the field says against us, and our answer."""

from typing import Annotated

import typer

from cmo.cli import output
from cmo.cli.options import HERE, In, Json, Workspace

app = typer.Typer(
    help="What must be answered: fallen beliefs and missed forecasts. Without a command: all that wait.",
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def every(
    context: typer.Context, workspace: Workspace = HERE, *, json: Json = False, language: In = None
) -> None:
    """List what waits for an answer, the most urgent first."""
    if context.invoked_subcommand is not None:
        return
    from cmo.loop.challenging import challenges

    output.give(challenges(workspace, language=language), json=json)


@app.command()
def answer(
    number: Annotated[int, typer.Argument(help="Number of the challenge.")],
    workspace: Workspace = HERE,
    *,
    accept: Annotated[bool, typer.Option("--accept", help="Accept what the field says.")] = False,
    reject: Annotated[str | None, typer.Option(help="Keep to it, for this reason.")] = None,
    test: Annotated[bool, typer.Option("--test", help="Test it.")] = False,
    json: Json = False,
    language: In = None,
) -> None:
    """Answer a challenge: accept, reject with a reason, or test."""
    from cmo.loop.challenging import answered
    from cmo.strategy.challenge import ChallengeState

    given = {
        ChallengeState.ACCEPTED: accept,
        ChallengeState.REJECTED: reject is not None,
        ChallengeState.TEST: test,
    }
    chosen = [state for state, asked in given.items() if asked]
    if len(chosen) != 1:
        raise typer.BadParameter("give exactly one of --accept, --reject REASON, --test")
    told = answered(workspace, number, state=chosen[0], words=reject or "", language=language)
    output.give(told, json=json)
