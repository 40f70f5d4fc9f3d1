"""What a mail provider tells by webhook: bounces, complaints and unsubscriptions, through django-anymail."""

import os
from typing import Any, Final

from anymail.signals import tracking

from cmo.communication.consent import Kind
from cmo.communication.returned import Returned
from cmo.loop.consenting import came_back

SECRET: Final = os.environ.get("CMO_MAIL_WEBHOOK", "")
"""`user:password` that the provider's webhook is called with; without it no such address answers."""
_KINDS: Final = {
    "bounced": Kind.HARD_BOUNCE,
    "rejected": Kind.HARD_BOUNCE,
    "deferred": Kind.SOFT_BOUNCE,
    "complained": Kind.COMPLAINT,
    "unsubscribed": Kind.WITHDRAWN,
}
"""What becomes of an event; opens and clicks that a provider tells of are not taken."""


def listen() -> None:
    """Take what providers tell."""
    tracking.connect(told, dispatch_uid="cmo")


def told(sender: object, event: Any, **_: object) -> None:
    """Write down one event of a provider, once.

    Args:
        sender: The webhook that was called.
        event: What it told, as django-anymail normalises it.
    """
    kind = _KINDS.get(str(event.event_type))
    if kind is None or not event.recipient:
        return
    came_back(
        Returned(kind=kind, address=str(event.recipient), message_id="", status=str(event.event_id or ""))
    )
