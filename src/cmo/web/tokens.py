"""Links nobody can guess; only their digests are kept."""

import secrets
from hashlib import sha256


def new_token() -> str:
    """A fresh token of 256 bits for an address."""
    return secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode()).hexdigest()
