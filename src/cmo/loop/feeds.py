"""Following feeds: each entry is counted once, by day and topic, into a file of signals."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any, Final
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import feedparser  # type: ignore[import-untyped]  # it ships no types

from cmo.briefs.answers import Answer
from cmo.briefs.voice import Voice
from cmo.market.naming import speaks_of
from cmo.measures import Language, Problem
from cmo.workspace import Workspace

NAME: Final = "feeds.json"
LARGEST: Final = 20_000_000
PATIENCE: Final = 20
HEAD: Final = ("date", "topic", "volume", "source", "total")


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What is followed, and what was counted so far.

    Attributes:
        feeds: Files and addresses.
        topics: Words that are counted.
        entries: Each entry that was read: source and key → day and words.
    """

    feeds: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    entries: Mapping[str, Mapping[str, str]]


def followed(
    folder: Path, feeds: tuple[str, ...], *, topics: tuple[str, ...], to: Path, language: Language | None
) -> Answer:
    """Read feeds and count.

    Args:
        folder: The company's folder.
        feeds: Files or addresses to follow from now on too.
        topics: Words to count from now on too; what was read before is counted anew for them.
        to: The file of signals to write, in the folder.
        language: Language of the answer.

    Raises:
        Problem: There is nothing to follow or to count, or a feed cannot be read.
    """
    workspace = Workspace.open(folder)
    path = (workspace.folder / to).resolve()
    if not path.is_relative_to(workspace.folder.resolve()):
        raise Problem(f"{to} lies outside {folder}: signals are written in the folder of the company")
    with workspace.writing():
        known = _remembered(workspace)
        following = Followed(
            feeds=tuple(dict.fromkeys((*known.feeds, *feeds))),
            topics=tuple(dict.fromkeys((*known.topics, *topics))),
            entries=known.entries,
        )
        if not following.feeds or not following.topics:
            raise Problem("give a feed and --topics: cmo radar follow news.xml --topics 'refill, solid soap'")
        read = {key: entry for feed in following.feeds for key, entry in _read(feed, workspace.folder)}
        new = sum(key not in known.entries for key in read)
        kept = Followed(feeds=following.feeds, topics=following.topics, entries={**known.entries, **read})
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, _counted(kept))
        _write(workspace.cmo / NAME, json.dumps(asdict(kept), ensure_ascii=False))
    listed = any(str(to) == source.path for source in workspace.config.sources.get("signals", ()))
    voice = Voice(language or workspace.config.company.language)
    said = voice.say(
        "{new} new entries of {feeds} feeds counted for {topics} topics, in {file}.",
        "{new} nouvelles entrées de {feeds} flux comptées pour {topics} sujets, dans {file}.",
        new=voice.count(new),
        feeds=voice.count(len(kept.feeds)),
        topics=voice.count(len(kept.topics)),
        file=str(to),
    )
    name_it = voice.say(
        "Name it in cmo.yaml, under sources: signals: path: {file}",
        "Nommez-le dans cmo.yaml, sous sources: signals: path: {file}",
        file=str(to),
    )
    return Answer(
        data={
            "new": new,
            "entries": len(kept.entries),
            "feeds": list(kept.feeds),
            "topics": list(kept.topics),
            "file": str(to),
            "a_source": listed,
        },
        lines=(said,) if listed else (said, name_it),
    )


def _read(feed: str, folder: Path) -> Iterable[tuple[str, dict[str, str]]]:
    """The entries of a feed that say when they appeared, each under a key that stays."""
    parsed = feedparser.parse(_bytes(feed, folder))
    if not parsed.entries and parsed.bozo:
        raise Problem(f"{feed} is no RSS or Atom feed: {parsed.bozo_exception}")
    source = parsed.feed.get("title") or feed
    for entry in parsed.entries:
        told = entry.get("published_parsed") or entry.get("updated_parsed")
        if told is None:
            continue
        words = f"{entry.get('title', '')} {entry.get('summary', '')}"
        key = f"{source} {entry.get('id') or entry.get('link') or words}"
        day = date(*told[:3]).isoformat()
        yield key, {"source": str(source), "day": day, "words": words}


def _bytes(feed: str, folder: Path) -> bytes:
    if urlsplit(feed).scheme not in {"http", "https"}:
        try:
            return (folder / feed).read_bytes()
        except OSError as error:
            raise Problem(f"{feed} cannot be read: {error.strerror}") from error
    asked = Request(feed, headers={"User-Agent": "cmo"})  # noqa: S310 - http and https only, checked above
    try:
        with urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310 - the same
            found: bytes = answer.read(LARGEST + 1)
    except (URLError, TimeoutError) as error:
        raise Problem(f"{feed} cannot be read: {getattr(error, 'reason', error)}") from error
    if len(found) > LARGEST:
        raise Problem(f"{feed} is larger than {LARGEST // 1_000_000} MB, which no feed is")
    return found


def _counted(kept: Followed) -> str:
    """Signals as CSV: every topic on every day a source spoke, none included, beside all its entries."""
    totals: dict[tuple[str, str], int] = defaultdict(int)
    named: dict[tuple[str, str, str], int] = defaultdict(int)
    for entry in kept.entries.values():
        day, source = entry["day"], entry["source"]
        totals[day, source] += 1
        for topic in kept.topics:
            named[day, source, topic] += speaks_of(entry["words"], topic)
    out = StringIO(newline="")
    write = csv.writer(out, lineterminator="\n")
    write.writerow(HEAD)
    write.writerows(
        (day, topic, n, source, totals[day, source]) for (day, source, topic), n in sorted(named.items())
    )
    return out.getvalue()


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def _remembered(workspace: Workspace) -> Followed:
    try:
        said: Any = json.loads((workspace.cmo / NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Followed(entries={})
    return Followed(feeds=tuple(said["feeds"]), topics=tuple(said["topics"]), entries=said["entries"])
