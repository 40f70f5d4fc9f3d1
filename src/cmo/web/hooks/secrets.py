"""Secrets of addresses that are told: derived from the key of the office, none lies in the database."""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.conf import settings

from cmo.web.models import Subscription

BOTH_FOR: Final = timedelta(hours=24)
"""How long the secret before still signs too, once there is a new one."""


def secret_of(subscription: Subscription, generation: int | None = None) -> bytes:
    """The secret of a subscription, 256 bits."""
    number = subscription.generation if generation is None else generation
    said = f"webhook {subscription.pk} {subscription.made_at.isoformat()} {number}"
    return hmac.new(settings.SECRET_KEY.encode(), said.encode(), sha256).digest()


def secrets_in_force(subscription: Subscription, now: datetime) -> tuple[bytes, ...]:
    """The secrets that sign now, the newest first."""
    before = subscription.generation - 1
    if subscription.rotated_at is not None and now - subscription.rotated_at < BOTH_FOR:
        return secret_of(subscription), secret_of(subscription, before)
    return (secret_of(subscription),)
