"""When nothing is new, the last review is the answer, and nothing is computed."""

from pathlib import Path

from cmo.briefs.answers import Answer
from cmo.ledger.reviews import last_review
from cmo.ledger.verdicts import verdicts
from cmo.loop.observing import Progress, observe
from cmo.loop.outcome import told
from cmo.loop.standing import opened
from cmo.measures import Language


def nothing_new(folder: Path, *, progress: Progress, language: Language) -> Answer | None:
    """The last review once more, where no source and no belief has changed since; otherwise none.

    Raises:
        Problem: Something is wrong with what was given; the last review stands.
    """
    workspace = opened(folder)
    last = last_review()
    if last is None:
        return None
    with workspace.writing():
        observed = observe(workspace, progress=progress)
    brief = workspace.cmo / "briefs" / f"board.{language}.html"
    if last.run.fingerprint != observed.fingerprint or not brief.exists():
        return None
    return told(observed.report, verdicts(), brief=brief, new=False, language=language)
