"""Briefs: one fact base, a reading for each audience."""

from pathlib import Path

from cmo.briefs import markdown
from cmo.briefs.answers import Answer
from cmo.briefs.document import Audience
from cmo.briefs.readings import compose
from cmo.briefs.write import write_brief
from cmo.loop.facts import facts_of
from cmo.loop.standing import opened
from cmo.measures import Language, Problem
from cmo.workspace import Workspace


def brief_to(folder: Path, audience: str, *, to: Path, language: Language | None) -> Answer:
    """Write the brief for one audience.

    Raises:
        Problem: No such audience or ending, nothing reviewed yet, or the file cannot be written.
    """
    known = _audience(audience)
    workspace = opened(folder)
    spoken = language or workspace.config.company.language
    write_brief(facts_of(workspace), audience=known, language=spoken, to=to)
    return Answer(data={"file": str(to), "audience": audience, "language": spoken}, lines=(str(to),))


def reading(folder: Path, audience: str, *, language: Language | None) -> str:
    """The brief for one audience, as Markdown.

    Raises:
        Problem: No such audience, or nothing reviewed yet.
    """
    known = _audience(audience)
    workspace = opened(folder)
    spoken = language or workspace.config.company.language
    return markdown.text(compose(facts_of(workspace), audience=known, language=spoken))


def board_brief(workspace: Workspace, *, language: Language) -> Path:
    """Write the board's page into the workspace's own folder, as a review does."""
    folder = workspace.cmo / "briefs"
    folder.mkdir(exist_ok=True)
    path = folder / f"board.{language}.html"
    write_brief(facts_of(workspace), audience=Audience.BOARD, language=language, to=path)
    return path


def _audience(name: str) -> Audience:
    if name not in tuple(Audience):
        raise Problem(f"no brief is written for {name}: choose one of {', '.join(Audience)}")
    return Audience(name)
