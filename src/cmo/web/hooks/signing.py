"""Signatures of messages, as Standard Webhooks has them."""

import hmac
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final

_PREFIX: Final = "whsec_"


def written(secret: bytes) -> str:
    """A secret as receivers take it."""
    return _PREFIX + b64encode(secret).decode()


def signed(name: str, body: bytes, *, at: datetime, secrets: Sequence[bytes]) -> dict[str, str]:
    """The headers of a message.

    Args:
        name: Its id, the same each time it is tried.
        body: What is sent.
        at: When it is sent.
        secrets: Each signs.

    References:
        Standard Webhooks 1.0, https://github.com/standard-webhooks/standard-webhooks.
    """
    second = str(int(at.timestamp()))
    said = b".".join((name.encode(), second.encode(), body))
    signatures = (b64encode(hmac.new(secret, said, sha256).digest()).decode() for secret in secrets)
    return {
        "webhook-id": name,
        "webhook-timestamp": second,
        "webhook-signature": " ".join(f"v1,{one}" for one in signatures),
    }
