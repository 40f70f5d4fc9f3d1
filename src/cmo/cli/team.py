"""Commands of the team: people, load, who does what, what is lacking, work, requests."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cmo.cli import output
from cmo.cli.options import HERE, By, In, Json, Language, Workspace

if TYPE_CHECKING:
    from cmo.team.work import State

app = typer.Typer(
    help="The team: people with their load. Without a command: everybody.", rich_markup_mode=None
)
Work = Annotated[str, typer.Argument(help="Name of the work.")]
Words = Annotated[str, typer.Option("--because", help="The reason, or what there is to say.")]


@app.callback(invoke_without_command=True)
def everybody(
    context: typer.Context, workspace: Workspace = HERE, *, json: Json = False, language: In = None
) -> None:
    """Show everybody with role, skills, hours and load."""
    if context.invoked_subcommand is not None:
        return
    from cmo.loop.team import people

    output.give(people(workspace, language=language), json=json)


@app.command()
def staff(
    workspace: Workspace = HERE,
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Give the work to them.")] = False,
    json: Json = False,
    language: In = None,
) -> None:
    """Find out who does what in which week: most is done, loads are fair, people grow."""
    from cmo.loop.team import staffing

    output.give(staffing(workspace, keep=keep, language=language), json=json)


@app.command()
def gaps(workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """Say what is lacking, what would help and at which price; and who cannot fall ill."""
    from cmo.loop.team import gaps as lacking

    output.give(lacking(workspace, language=language), json=json)


@app.command()
def work(
    workspace: Workspace = HERE,
    *,
    every: Annotated[bool, typer.Option("--all", help="Done and dropped too.")] = False,
    json: Json = False,
    language: In = None,
) -> None:
    """List the work that is asked for, with its state."""
    from cmo.loop.team import work as asked

    output.give(asked(workspace, every=every, language=language), json=json)


@app.command()
def add(  # noqa: PLR0913 - an option each
    name: Work,
    says: Annotated[str, typer.Argument(help="What is to be done.")],
    workspace: Workspace = HERE,
    *,
    hours: Annotated[float, typer.Option(help="Hours it takes.")],
    due: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Its last day.")],
    needs: Annotated[str, typer.Option(help="Skills and levels: video=3,copywriting=2.")] = "",
    after: Annotated[str, typer.Option(help="Work that must be done before, with commas between.")] = "",
    department: Annotated[str | None, typer.Option(help="Who is asked, if not marketing.")] = None,
    worth: Annotated[float, typer.Option(min=0, help="Money that depends on it.")] = 0.0,
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Ask for a piece of work: of the team, or of another department."""
    from cmo.loop.standing import user
    from cmo.loop.team import add_work, new_item

    item = new_item(
        name,
        says,
        hours=hours,
        by=due.date(),
        skills=_levels(needs),
        department=department,
        after=tuple(one.strip() for one in after.split(",") if one.strip()),
        worth=worth,
    )
    output.give(add_work(workspace, item, by=by or user(), language=language), json=json)


@app.command()
def give(
    name: Work,
    who: Annotated[str, typer.Argument(help="Id of who gets it.")],
    workspace: Workspace = HERE,
    *,
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Give a piece of work to somebody; the plan leaves it with them."""
    _step(workspace, name, None, who=who, by=by, json=json, language=language)


@app.command()
def begin(
    name: Work, workspace: Workspace = HERE, *, by: By = None, json: Json = False, language: In = None
) -> None:
    """Say that a piece of work is under way."""
    from cmo.team.work import State

    _step(workspace, name, State.UNDER_WAY, by=by, json=json, language=language)


@app.command()
def done(
    name: Work,
    workspace: Workspace = HERE,
    *,
    took: Annotated[float | None, typer.Option(help="Hours it took.", show_default="not said")] = None,
    because: Words = "",
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Say that a piece of work is done; the hours it took teach what others will take."""
    from cmo.team.work import State

    _step(workspace, name, State.DONE, hours=took, words=because, by=by, json=json, language=language)


@app.command()
def drop(
    name: Work,
    workspace: Workspace = HERE,
    *,
    because: Words = "",
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Say that a piece of work will not be done."""
    from cmo.team.work import State

    _step(workspace, name, State.DROPPED, words=because, by=by, json=json, language=language)


@app.command()
def requests(workspace: Workspace = HERE, *, json: Json = False, language: In = None) -> None:
    """List what other departments are asked for, and what they say to it."""
    from cmo.loop.team import requests as asked

    output.give(asked(workspace, language=language), json=json)


@app.command()
def accept(
    name: Work,
    workspace: Workspace = HERE,
    *,
    because: Words = "",
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Accept what another department is asked for, in its name."""
    from cmo.team.work import State

    _step(workspace, name, State.ACCEPTED, words=because, by=by, json=json, language=language)


@app.command()
def decline(
    name: Work,
    because: Words,
    workspace: Workspace = HERE,
    *,
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Decline what another department is asked for, with a reason."""
    from cmo.team.work import State

    _step(workspace, name, State.DECLINED, words=because, by=by, json=json, language=language)


@app.command()
def calendar(
    who: Annotated[str, typer.Argument(help="Id of the person.")],
    to: Annotated[Path, typer.Option(help="File to write: .ics.")],
    workspace: Workspace = HERE,
    *,
    json: Json = False,
    language: In = None,
) -> None:
    """Write somebody's work of the coming weeks as a calendar (iCal)."""
    from cmo.loop.team_calendar import calendar_to

    output.give(calendar_to(workspace, who, to=to, language=language), json=json)


@app.command()
def handover(
    name: Work,
    workspace: Workspace = HERE,
    *,
    to: Annotated[
        str | None, typer.Option(help="Address of the tracker's issues.", show_default=False)
    ] = None,
    file: Annotated[Path | None, typer.Option(help="Write what would be sent instead.")] = None,
    by: By = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Hand a piece of work over to a tracker, once: GitHub issues, or whatever takes title and body."""
    from cmo.loop.standing import user
    from cmo.loop.team_handover import handed_over

    told = handed_over(workspace, name, to=to, file=file, by=by or user(), language=language)
    output.give(told, json=json)


@app.command()
def diversity(
    workspace: Workspace = HERE,
    *,
    declare: Annotated[
        str | None, typer.Option(help="Say something of yourself: gender=female; gender= takes it back.")
    ] = None,
    by: Annotated[str | None, typer.Option(help="Your id, to declare.", show_default=False)] = None,
    json: Json = False,
    language: In = None,
) -> None:
    """Numbers of people by what they chose to say of themselves, never fewer than five."""
    from cmo.loop import team

    if declare is None:
        output.give(team.diversity(workspace, language=language), json=json)
        return
    question, separator, value = declare.partition("=")
    if not separator or by is None:
        raise typer.BadParameter("write --declare question=answer --by your-id")
    output.give(team.declared(workspace, by, question, value, language=language), json=json)


def _step(  # noqa: PLR0913 - each is a fact of the step
    workspace: Path,
    name: str,
    state: "State | None",
    *,
    by: str | None,
    json: bool,
    language: Language | None,
    who: str = "",
    hours: float | None = None,
    words: str = "",
) -> None:
    from cmo.loop.standing import user
    from cmo.loop.team import step

    told = step(
        workspace, name, state=state, who=who, hours=hours, words=words, by=by or user(), language=language
    )
    output.give(told, json=json)


def _levels(said: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in said.split(","):
        if part.strip():
            skill, _, level = part.partition("=")
            try:
                found[skill.strip()] = float(level or 1)
            except ValueError:
                raise typer.BadParameter(f"{part}: write a skill and its level, as video=3") from None
    return found
