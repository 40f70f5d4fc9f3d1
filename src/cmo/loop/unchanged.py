"""When nothing is new, the last review is the answer, and nothing is computed."""

from pathlib import Path

from cmo.briefs.answers import Answer
from cmo.ledger.reviews import last_review
from cmo.ledger.verdicts import verdicts
from cmo.loop.observing import Observed, Progress, observe
from cmo.loop.outcome import told
from cmo.loop.standing import opened
from cmo.measures import Language


def last_answer_or_news(folder: Path, *, progress: Progress, language: Language) -> Answer | Observed:
    """The last review once more, where nothing has changed since; otherwise what is to be reviewed.

    Raises:
        Problem: Something is wrong with what was given; the last review stands.
    """
    workspace = opened(folder)
    with workspace.writing():
        observed = observe(workspace, progress=progress)
    last = last_review()
    brief = workspace.cmo / "briefs" / f"board.{language}.html"
    if last is None or last.run.fingerprint != observed.fingerprint or not brief.exists():
        return observed
    return told(observed.report, verdicts(), brief=brief, new=False, language=language)
