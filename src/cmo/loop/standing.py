"""Where the company stands: the last review, and whether anything has changed since. Costs little."""

import getpass
from dataclasses import dataclass
from pathlib import Path

from cmo.ledger.opening import open_ledger
from cmo.ledger.reviews import Review, last_review
from cmo.measures import Language, Problem
from cmo.workspace import Workspace

STRATEGY = "strategy.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A workspace with its last review.

    Attributes:
        workspace: The company's folder, opened; its ledger is open too.
        language: Language to speak.
        review: The last review.
    """

    workspace: Workspace
    language: Language
    review: Review


def language_of(folder: Path) -> Language:
    """The company's language.

    Raises:
        Problem: The folder is no workspace.
    """
    return Workspace.open(folder).config.company.language


def opened(folder: Path) -> Workspace:
    """The workspace, with its ledger open.

    Raises:
        Problem: The folder is no workspace, or its ledger cannot be opened.
    """
    workspace = Workspace.open(folder)
    open_ledger(workspace.cmo)
    return workspace


def standing(folder: Path, language: Language | None) -> Standing:
    """The company's last review.

    Raises:
        Problem: There has been none.
    """
    workspace = opened(folder)
    review = last_review()
    if review is None:
        raise Problem(f"{folder}: nothing has been reviewed here yet; run cmo review -w {folder}")
    return Standing(
        workspace=workspace, language=language or workspace.config.company.language, review=review
    )


def user() -> str:
    """Who works at this terminal, for the record of changes."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
