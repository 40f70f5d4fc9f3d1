"""Links to calendars; only their digests are kept."""

from django.utils import timezone

from cmo.ledger import models
from cmo.ledger.opening import writing


def keep_calendar(digest: str, *, who: str) -> None:
    """Remember a link to somebody's calendar."""
    with writing():
        models.CalendarLink.objects.create(digest=digest, who=who, made_at=timezone.now())


def end_calendars_of(who: str) -> int:
    """Take somebody's links back; how many there were."""
    with writing():
        return models.CalendarLink.objects.filter(who=who, ended_at=None).update(ended_at=timezone.now())


def owner_of_calendar(digest: str) -> str | None:
    """Whose calendar a link opens; nobody's where it was taken back or never made."""
    row = models.CalendarLink.objects.filter(digest=digest, ended_at=None).first()
    return None if row is None else row.who
