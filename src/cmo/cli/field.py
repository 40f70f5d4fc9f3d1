"""Commands that look at the field: check and review."""

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
    from cmo.loop.standing import language_of
    from cmo.loop.unchanged import nothing_new

    spoken = language or language_of(workspace)
    with output.Progress(spoken) as progress:
        answer = nothing_new(workspace, progress=progress, language=spoken)
        if answer is None:
            from cmo.loop.review import review as reviewed

            answer = reviewed(workspace, progress=progress, language=spoken)
    output.give(answer, json=json)
