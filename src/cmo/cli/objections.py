"""Commands to convince: objections and their answers, the sales kit, questions to the fact base."""

from typing import Annotated

import typer

from cmo.cli import output
from cmo.cli.options import HERE, In, Json, Workspace

app = typer.Typer(
    help="What audiences hold against us, and our answers. Without a command: all of them.",
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def every(
    context: typer.Context,
    workspace: Workspace = HERE,
    *,
    audience: Annotated[str | None, typer.Option(help="One audience only.")] = None,
    json: Json = False,
    language: In = None,
) -> None:
    """List objections with their answers, those without one first."""
    if context.invoked_subcommand is not None:
        return
    from cmo.loop.objections import listed

    output.give(listed(workspace, audience=audience, language=language), json=json)


@app.command()
def note(
    audience: Annotated[str, typer.Argument(help="board, sales, product, customers, developers or press.")],
    says: Annotated[str, typer.Argument(help="The objection, in their words.")],
    workspace: Workspace = HERE,
    *,
    segment: Annotated[str, typer.Option(help="Segment of customers.", show_default=False)] = "",
    raised_by: Annotated[str, typer.Option(help="Who raised it.", show_default=False)] = "",
    json: Json = False,
    language: In = None,
) -> None:
    """Note an objection."""
    from cmo.loop.objections import noted
    from cmo.loop.standing import user

    told = noted(
        workspace, audience, says, segment=segment, raised_by=raised_by, by=user(), language=language
    )
    output.give(told, json=json)


@app.command()
def answer(
    number: Annotated[int, typer.Argument(help="Number of the objection.")],
    words: Annotated[str, typer.Argument(help="The answer; a figure is named: {{media.roi:tv}}.")],
    workspace: Workspace = HERE,
    *,
    french: Annotated[str, typer.Option(help="The answer in French.", show_default="the same")] = "",
    json: Json = False,
    language: In = None,
) -> None:
    """Answer an objection; its figures are names of facts, and stay true as the facts change."""
    from cmo.loop.objections import answered
    from cmo.loop.standing import user
    from cmo.measures import Text

    told = answered(workspace, number, Text(words, french or words), by=user(), language=language)
    output.give(told, json=json)


@app.command()
def kit(
    workspace: Workspace = HERE,
    *,
    segment: Annotated[str | None, typer.Option(help="One segment only.")] = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Show the sales kit: whom to call, what to say, what they will hold against it."""
    from cmo.loop.objections import kit as told

    output.give(told(workspace, segment=segment, language=language), json=json)


def ask(
    question: Annotated[str, typer.Argument(help="The question, in plain words.")],
    workspace: Workspace = HERE,
    *,
    json: Json = False,
    language: In = None,
) -> None:
    """Answer a question from the fact base; what no fact answers is said to be so."""
    from cmo.loop.objections import asked

    output.give(asked(workspace, question, language=language), json=json)
