"""Commands that tell what is known: measures, beliefs, briefs."""

from pathlib import Path
from typing import Annotated

import typer

from cmo.cli import output
from cmo.cli.options import HERE, In, Json, Workspace


def measures(workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """List all measures, and which of them the data answers."""
    from cmo.loop.answers import known_measures

    output.give(known_measures(workspace, language), json=json)


def measure(
    name: Annotated[str, typer.Argument(help="Name of the measure, such as sales.revenue.")],
    workspace: Workspace = HERE,
    *,
    of: Annotated[str | None, typer.Option(help="One subject only.")] = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Show the estimates of one measure, each with its interval."""
    from cmo.loop.answers import one_measure

    output.give(one_measure(workspace, name, of=of, language=language), json=json)


def beliefs(
    workspace: Workspace = HERE,
    *,
    holders: Annotated[bool, typer.Option(help="How well those who hold them knew the field.")] = False,
    json: Json = False,
    language: In = None,
) -> None:
    """Show each belief's verdict and why."""
    if holders:
        from cmo.loop.mapping import held

        output.give(held(workspace, language=language), json=json)
        return
    from cmo.loop.answers import judged_beliefs

    output.give(judged_beliefs(workspace, language), json=json)


def brief(
    audience: Annotated[str, typer.Argument(help="For whom: board, sales, product or team.")],
    to: Annotated[Path, typer.Option(help="File to write: .html, .pdf or .md.")],
    workspace: Workspace = HERE,
    *,
    json: Json = False,
    language: In = None,
) -> None:
    """Write a brief for one audience."""
    from cmo.loop.briefing import brief_to

    output.give(brief_to(workspace, audience, to=to, language=language), json=json)
