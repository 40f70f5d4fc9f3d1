"""`cmo voice`: what customers say, how it moves their mark, what rises, and whether the promise is kept."""

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from cmo.briefs.answers import Answer
from cmo.briefs.voice_answers import found_answer, heard_answer, promise_answer, topics_answer
from cmo.loop.observing import Progress
from cmo.loop.standing import standing
from cmo.loop.voice_kept import kept_voice
from cmo.measures import Language, Problem, Text
from cmo.value.aspects import ASPECTS
from cmo.value.lexicon import plain


def quiet(_: Text) -> None:
    """Nobody watches the progress."""


def heard(folder: Path, *, language: Language | None, progress: Progress = quiet) -> Answer:
    """Aspects with how content customers are and what that does to their mark; what rises.

    Raises:
        Problem: There has been no review, or there is no opinion in words.
    """
    now = standing(folder, language)
    return heard_answer(kept_voice(now.workspace, progress=progress).told, now.language)


def topics(folder: Path, *, language: Language | None, progress: Progress = quiet) -> Answer:
    """Topics of the opinions, found without being told, with quotes.

    Raises:
        Problem: There has been no review, or there is no opinion in words.
    """
    now = standing(folder, language)
    return topics_answer(kept_voice(now.workspace, progress=progress).told, now.language)


def promise(folder: Path, *, language: Language | None, progress: Progress = quiet) -> Answer:
    """What the positioning promises against what opinions say.

    Raises:
        Problem: There has been no review, or there is no opinion in words.
    """
    now = standing(folder, language)
    return promise_answer(kept_voice(now.workspace, progress=progress).told, now.language)


def searched(
    folder: Path,
    words: str,
    *,
    aspect: str | None,
    content: bool | None,
    top: int,
    language: Language | None,
) -> Answer:
    """What customers wrote, word for word, latest first.

    Args:
        folder: The company's folder.
        words: Words that all must occur, accents and case aside; all clauses where empty.
        aspect: One aspect only.
        content: Only the content, only the discontent, or both.
        top: How many to show.
        language: Language of the answer.

    Raises:
        Problem: No aspect is called so, there has been no review, or there is no opinion in words.
    """
    if aspect is not None and aspect not in ASPECTS:
        raise Problem(f"no aspect is called {aspect}; the aspects are {', '.join(ASPECTS)}")
    now = standing(folder, language)
    rows = pq.read_table(kept_voice(now.workspace, progress=quiet).clauses)
    asked = plain(words).split()
    kept = [
        place
        for place, (text, of, is_content) in enumerate(
            zip(
                rows["text"].to_pylist(), rows["aspect"].to_pylist(), rows["content"].to_pylist(), strict=True
            )
        )
        if aspect in {None, of}
        and content in {None, is_content}
        and all(word in plain(text) for word in asked)
    ]
    found = rows.take(np.array(kept, dtype=np.int64))
    shown = found.sort_by([("day", "descending")]).slice(0, top).to_pylist()
    dated = [{**row, "day": date.fromordinal(row["day"]).isoformat()} for row in shown]
    return found_answer(dated, of=found.num_rows, language=now.language)
