"""Links of our own: an opaque token for each message, the address behind it known to the ledger alone.

A link holds no name, no address, no campaign: a token and the number of the link. The token follows from a
secret and the message's identity, so that a message made again is the same message.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cmo.warehouse.utm import build_link

_BYTES: Final = 16


def token_of(secret: bytes, *identity: str) -> str:
    """The token of a message: 128 bits that nobody can guess without the secret, always the same.

    Args:
        secret: Of the workspace, at least 32 bytes.
        identity: What tells the message from all others.
    """
    said = "\x1f".join(identity).encode()
    return urlsafe_b64encode(hmac.new(secret, said, sha256).digest()[:_BYTES]).decode().rstrip("=")


def digest_of(token: str) -> str:
    """What the ledger keeps of a token."""
    return sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """The addresses of the office that a message leads to.

    Attributes:
        site: The office's own address, without a slash at the end.
    """

    site: str

    def through(self, token: str, number: int) -> str:
        """The address of a link."""
        return f"{self.site}/open/r/{token}/{number}/"

    def leave(self, token: str) -> str:
        """Where one unsubscribes, by one click (RFC 8058) or on a page."""
        return f"{self.site}/open/leave/{token}/"

    def confirm(self, token: str) -> str:
        """Where one confirms."""
        return f"{self.site}/open/confirm/{token}/"


def targets(link: str, *, source: str, medium: str, campaign: str, content: str) -> Sequence[str]:
    """Where the links of a piece lead, with UTM parameters: of the first link now, more later.

    Raises:
        Problem: The address or a value cannot be used.
    """
    values = {"source": source, "medium": medium, "campaign": campaign, "content": content}
    return (build_link(link, values)[0],)
