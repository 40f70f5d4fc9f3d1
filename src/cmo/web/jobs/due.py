"""Campaigns whose day has come: the worker sends their first batch in the name of who gave them the day."""

from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings

from cmo.communication.campaign import Stage, of_mapping
from cmo.ledger.works import Work, works
from cmo.loop.campaign_life import due_on, embargo_of
from cmo.loop.campaigns import KIND, stage_of
from cmo.loop.testing import today_of
from cmo.web.jobs.queue import Kind, ask_job
from cmo.web.models import Job, User
from cmo.web.rights import Action
from cmo.workspace import Workspace

EVERY: Final = timedelta(minutes=1)
AGAIN: Final = timedelta(hours=1)
"""Time after which a campaign that could not be sent is tried again."""
_looked: dict[str, datetime] = {}


def send_due(now: datetime) -> int:
    """Ask for the first batch of every campaign that is due; how many were asked for.

    Args:
        now: This instant; one looks once a minute.
    """
    before = _looked.get("at")
    if before is not None and now - before < EVERY:
        return 0
    _looked["at"] = now
    workspace = Workspace.open(settings.CMO_FOLDER)
    return sum(_ask(one, now) for one in works(KIND) if _is_due(one, workspace, now))


def _is_due(found: Work, workspace: Workspace, now: datetime) -> bool:
    if stage_of(found) is not Stage.SCHEDULED or not of_mapping(found.content).on("email"):
        return False
    on, embargo = due_on(found), embargo_of(found)
    return (
        on is not None and on <= today_of(workspace) and (embargo is None or embargo <= now.astimezone(UTC))
    )


def _ask(found: Work, now: datetime) -> int:
    by = User.objects.filter(email=found.steps[-1].taken_by, is_active=True).first()
    if by is None or not by.may(Action.SEND):
        return 0
    arguments = {"campaign": found.key, "by": by.email}
    if Job.objects.filter(kind=Kind.SEND, arguments=arguments, asked_at__gt=now - AGAIN).exists():
        return 0
    ask_job(Kind.SEND, by=by, language="fr" if by.language == "fr" else "en", arguments=arguments)
    return 1
