"""`cmo customers identities`: which records are one person; partings are remembered and can be undone."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cmo.briefs.answers import Answer
from cmo.briefs.cohort_answers import identities_answer
from cmo.customers.counts.identity import identities
from cmo.customers.evidence_known import shared_keys
from cmo.loop.roll import kept_roll, path_of
from cmo.loop.standing import standing, user
from cmo.measures import Language, Problem
from cmo.warehouse.engines import open_field
from cmo.workspace import Workspace

Pair = tuple[str, str]


def identified(folder: Path, *, part: str | None, join: str | None, language: Language | None) -> Answer:
    """Persons among the records, once two were parted or joined again, if that was asked.

    Args:
        folder: The company's folder; it has been reviewed.
        part: Two records, with a comma between them, that are two persons; or None.
        join: Two records whose parting is taken back; or None.
        language: Language of the answer.

    Raises:
        Problem: There has been no review, or the two records were not linked, or not parted.
    """
    now = standing(folder, language)
    keys = shared_keys(open_field(now.workspace))
    with now.workspace.writing():
        apart = _partings(now.workspace)
        if part is not None:
            pair = _pair(part)
            linked = {(link.one, link.other) for one in identities(keys).persons for link in one.links}
            if pair not in linked:
                raise Problem(f"{part}: these two share no key; cmo customers identities lists who does")
            _remember(now.workspace, pair, action="part")
            apart.add(pair)
        if join is not None:
            pair = _pair(join)
            if pair not in apart:
                raise Problem(f"{join}: these two records were not parted, so there is nothing to take back")
            _remember(now.workspace, pair, action="join")
            apart.discard(pair)
    worth: dict[str, float] = {}
    if path_of(now.workspace).exists():
        held = kept_roll(now.workspace, now.language).table(("customer_id", "value"))
        worth = dict(zip(held["customer_id"].to_pylist(), held["value"].to_pylist(), strict=True))
    return identities_answer(
        identities(keys, undone=apart),
        worth=worth,
        language=now.language,
        currency=now.workspace.config.company.currency,
    )


def _pair(written: str) -> Pair:
    one, comma, other = (piece.strip() for piece in written.partition(","))
    if not comma or not one or not other or one == other:
        raise Problem(f"{written}: name two records with a comma between them, such as C17,C203")
    return (min(one, other), max(one, other))


def _journal(workspace: Workspace) -> Path:
    return workspace.cmo / "customers" / "partings.jsonl"


def _partings(workspace: Workspace) -> set[Pair]:
    path = _journal(workspace)
    apart: set[Pair] = set()
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            said: dict[str, Any] = json.loads(line)
            pair = (str(said["one"]), str(said["other"]))
            (apart.add if said["action"] == "part" else apart.discard)(pair)
    return apart


def _remember(workspace: Workspace, pair: Pair, *, action: str) -> None:
    path = _journal(workspace)
    path.parent.mkdir(exist_ok=True)
    entry = {
        "at": datetime.now(tz=UTC).isoformat(timespec="seconds"),
        "by": user(),
        "action": action,
        "one": pair[0],
        "other": pair[1],
    }
    with path.open("a", encoding="utf-8") as journal:
        journal.write(json.dumps(entry, ensure_ascii=False) + "\n")
