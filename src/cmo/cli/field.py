"""Commands that work on the field: check, review, plan."""

from typing import Annotated

import typer

from cmo.cli import output
from cmo.cli.options import HERE, In, Json, Workspace


def check(workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """Read all sources; tell how healthy each table is and what each area can answer."""
    from cmo.loop.checking import check as checked
    from cmo.loop.standing import language_of

    spoken = language or language_of(workspace)
    with output.Progress(spoken) as progress:
        answer = checked(workspace, progress=progress, language=spoken)
    output.give(answer, json=json)


def review(workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """The main job: read what is new, measure, confront, brief. All or nothing; nothing new costs nothing."""
    from cmo.briefs.answers import Answer
    from cmo.loop.standing import language_of
    from cmo.loop.unchanged import last_answer_or_news

    spoken = language or language_of(workspace)
    with output.Progress(spoken) as progress:
        found = last_answer_or_news(workspace, progress=progress, language=spoken)
        if not isinstance(found, Answer):
            from cmo.loop.review import review as reviewed

            found = reviewed(workspace, found, progress=progress, language=spoken)
    output.give(found, json=json)


def plan(  # noqa: PLR0913 - each is an option of the command
    workspace: Workspace = HERE,
    *,
    budget: Annotated[float | None, typer.Option(help="Money in all.", show_default="the plan's")] = None,
    any_budget: Annotated[bool, typer.Option("--any-budget", help="Choose the total too.")] = False,
    caution: Annotated[float, typer.Option(help="Weight of the worst cases, 0 to 1.")] = 0.0,
    committed: Annotated[
        list[str] | None, typer.Option(help="Money that is promised: tv=20000. May be repeated.")
    ] = None,
    together: Annotated[
        list[str] | None, typer.Option(help="Channels bounded together: tv,radio=10000:50000.")
    ] = None,
    json: Json = False,
    language: In = None,
) -> None:
    """The budget allocation with its expected profit against the plan in force."""
    from cmo.loop.planning import plan as planned
    from cmo.loop.planning import terms_of
    from cmo.loop.standing import language_of

    terms = terms_of(
        budget=budget,
        any_budget=any_budget,
        caution=caution,
        committed=committed or (),
        together=together or (),
    )
    with output.Progress(language or language_of(workspace)) as progress:
        answer = planned(workspace, terms=terms, progress=progress, language=language)
    output.give(answer, json=json)
