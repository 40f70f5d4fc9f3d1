"""Work handed over to a tracker: GitHub issues, or any that takes a title and a body by HTTP."""

import json
import os
from http.client import HTTPException
from pathlib import Path
from typing import Final
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from cmo.briefs.answers import Answer, Data
from cmo.ledger.tasks import Task, take_step
from cmo.loop.team import team_of
from cmo.loop.workforce import take_up
from cmo.measures import Language, Problem, Text

TOKEN: Final = "CMO_TRACKER_TOKEN"  # noqa: S105 - the name of a variable, not a token
PATIENCE: Final = 20.0
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_MOST: Final = 1_000_000


class _NoRedirect(HTTPRedirectHandler):
    """What was handed over stays where it was sent, and so does the token."""

    def redirect_request(self, *_: object) -> None:
        """Refuse."""


def handed_over(
    folder: Path,
    name: str,
    *,
    to: str | None,
    file: Path | None,
    by: str,
    language: Language | None,
) -> Answer:
    """Hand a piece of work over, once; or write what would be sent.

    Args:
        folder: The company's folder.
        name: Which work.
        to: Address of the tracker's issues, `https://api.github.com/repos/owner/name/issues`.
        file: File to write instead.
        by: Who hands it over.
        language: Language of what is written.

    Raises:
        Problem: There is no such work, it was handed over already, or the tracker does not take it.
    """
    now = team_of(folder, language)
    task = now.force.tasks.get(name)
    if task is None:
        raise Problem(f"no work is called {name}: cmo team work lists it")
    if (to is None) == (file is None):
        raise Problem("say either where to hand it over (--to) or which file to write (--file)")
    payload = issue_of(task, now.language)
    if file is not None:
        try:
            file.write_text(json.dumps(payload, ensure_ascii=False, indent=2), encoding="utf-8")
        except OSError as error:
            raise Problem(f"{file}: the file cannot be written ({error.strerror})") from error
        return Answer(data={"file": str(file), "issue": payload}, lines=(str(file),))
    if task.elsewhere:
        raise Problem(f"{name} was handed over already: {task.elsewhere}")
    with now.workspace.writing():
        take_up(now.strategy, by=by)
        place = _sent(str(to), payload, key=f"cmo-{name}")
        take_step(name, state=task.state, elsewhere=place, by=by)
    said = Text(f"{name} was handed over: {place}", f"{name} a été transmis : {place}")
    return Answer(data={"work": name, "elsewhere": place, "issue": payload}, lines=(said.in_(now.language),))


def issue_of(task: Task, language: Language) -> Data:
    """A piece of work as GitHub's issues have it; other trackers take title and body too."""
    item = task.item
    skills = ", ".join(f"{skill} {level:g}" for skill, level in item.skills.items())
    lines = [
        item.says.in_(language),
        "",
        Text(f"Due {item.by}; {item.hours:g} hours.", f"Échéance : {item.by} ; {item.hours:g} heures.").in_(
            language
        ),
        *([Text(f"Needs: {skills}.", f"Demande : {skills}.").in_(language)] if skills else []),
        *([Text(f"For: {item.origin}.", f"Pour : {item.origin}.").in_(language)] if item.origin else []),
        f"<!-- cmo:{item.id} -->",
    ]
    return {"title": item.says.in_(language)[:250], "body": "\n".join(lines), "labels": ["cmo"]}


def _sent(address: str, payload: Data, *, key: str) -> str:
    """Post it, and tell the address the tracker gave it."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise Problem(f"{address}: a tracker is reached by https, or by http on this machine")
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/vnd.github+json",
        "User-Agent": "cmo",
        "Idempotency-Key": key,
    }
    token = os.environ.get(TOKEN)
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = Request(address, data=json.dumps(payload).encode(), headers=headers, method="POST")  # noqa: S310 - its scheme is checked above
    try:
        with build_opener(_NoRedirect).open(request, timeout=PATIENCE) as response:
            answered = response.read(_MOST)
    except HTTPError as error:
        raise Problem(f"{address} answered {error.code}: nothing was handed over; check {TOKEN}") from None
    except (OSError, HTTPException) as error:
        raise Problem(f"{address} cannot be reached ({error}): nothing was handed over") from None
    try:
        told = json.loads(answered)
    except ValueError:
        return address
    found = told.get("html_url") or told.get("url") if isinstance(told, dict) else None
    return str(found or address)
