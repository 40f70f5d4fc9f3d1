"""Writing a brief to a file: the ending of its name says how."""

import os
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final

from cmo.briefs import html, markdown, pdf
from cmo.briefs.document import Audience, Brief
from cmo.briefs.facts import Facts
from cmo.briefs.readings import compose
from cmo.measures import Language, Problem

_WRITERS: Final[Mapping[str, Callable[[Brief, datetime], bytes]]] = {
    ".html": lambda brief, _: html.page(brief).encode(),
    ".pdf": lambda brief, day: pdf.document(brief, written_on=day),
    ".md": lambda brief, _: markdown.text(brief).encode(),
}


def write_brief(facts: Facts, *, audience: Audience, language: Language, to: Path) -> None:
    """Write the brief for one audience; the same facts give the same bytes, and no reader meets half a file.

    Args:
        facts: What to write from.
        audience: For whom.
        language: In which language.
        to: The file, ending in .html, .pdf or .md; its folder must exist.

    Raises:
        Problem: The ending is another one, or the file cannot be written.
    """
    write_page(compose(facts, audience=audience, language=language), day=facts.reviewed_on, to=to)


def write_page(brief: Brief, *, day: date, to: Path) -> None:
    """Write a brief that is composed already.

    Args:
        brief: What to write.
        day: The day it is dated.
        to: The file, ending in .html, .pdf or .md; its folder must exist.

    Raises:
        Problem: The ending is another one, or the file cannot be written.
    """
    writer = _WRITERS.get(to.suffix.lower())
    if writer is None:
        raise Problem(
            f"{to}: a brief is written as .html, .pdf or .md, not as {to.suffix or 'a file without ending'}."
        )
    content = writer(brief, datetime.combine(day, time.min, tzinfo=UTC))
    try:
        _replace(to, content)
    except OSError as error:
        raise Problem(f"{to}: the brief cannot be written there ({error.strerror}).") from error


def _replace(to: Path, content: bytes) -> None:
    """Put the content in the place of the file in one step."""
    with tempfile.NamedTemporaryFile(dir=to.parent, prefix=f".{to.name}-", delete=False) as draft:
        held = Path(draft.name)
        try:
            draft.write(content)
            draft.flush()
            os.fsync(draft.fileno())
            held.chmod(0o644)
            held.replace(to)
        except BaseException:
            held.unlink(missing_ok=True)
            raise
