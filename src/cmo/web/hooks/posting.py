"""The post: looks now and then for what happened, and carries messages until they arrive.

Whatever is cut off is done again from the rows: a message may arrive twice, with the same id.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Final

from django.utils import timezone

from cmo.web.hooks.secrets import secrets_in_force
from cmo.web.hooks.sending import GONE, Outcome, send
from cmo.web.hooks.signing import signed
from cmo.web.models import Delivery, DeliveryState, Subscription

WAITS: Final = tuple(
    timedelta(seconds=one) for one in (30, 2 * 60, 10 * 60, 3600, 6 * 3600, 12 * 3600, 24 * 3600)
)
"""How long is waited after each try that failed; after the last it is given up."""
AT_A_TIME: Final = 20
_JITTER: Final = 0.2
Send = Callable[..., Outcome]


def carry(now: datetime, *, by: Send = send) -> int:
    """Try all messages that are due.

    Args:
        now: The instant.
        by: Sends one.

    Returns:
        How many were tried.
    """
    due = (
        Delivery.objects.select_related("event", "subscription")
        .filter(state=DeliveryState.WAITING, due_at__lte=now, subscription__ended_at=None)
        .order_by("due_at")[:AT_A_TIME]
    )
    tried = 0
    for delivery in due:
        _try(delivery, by=by)
        tried += 1
    return tried


def _try(delivery: Delivery, *, by: Send) -> None:
    subscription, at = delivery.subscription, timezone.now()
    if subscription.made_by is None or not subscription.made_by.is_active:
        end(subscription, "whoever made it is not here any more")
        return
    name, body = message_of(delivery)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "cmo",
        **signed(name, body, at=at, secrets=secrets_in_force(subscription, at)),
    }
    outcome = by(subscription.url, body, headers=headers)
    delivery.n_tries += 1
    delivery.tried_at = at
    delivery.answered = f"{outcome.status or '–'} {outcome.said}"[:300]
    if outcome.arrived:
        delivery.state = DeliveryState.DELIVERED
    elif delivery.n_tries > len(WAITS):
        delivery.state = DeliveryState.FAILED
    else:
        wait = WAITS[delivery.n_tries - 1] * SystemRandom().uniform(1 - _JITTER, 1 + _JITTER)
        delivery.due_at = at + wait
    if outcome.status == GONE:
        delivery.state = DeliveryState.FAILED
        end(subscription, "410: the receiver is gone")
    delivery.save(update_fields=["n_tries", "tried_at", "answered", "state", "due_at"])


def message_of(delivery: Delivery) -> tuple[str, bytes]:
    """The id of a message and what it says; both are the same each time."""
    event = delivery.event
    said = {"type": event.kind, "timestamp": event.at.isoformat(), "data": event.data}
    return f"msg_{event.pk}_{delivery.subscription_id}", json.dumps(said, ensure_ascii=False).encode()


def end(subscription: Subscription, why: str) -> None:
    """Tell an address no more."""
    Subscription.objects.filter(pk=subscription.pk, ended_at=None).update(
        ended_at=timezone.now(), why_ended=why[:200]
    )
