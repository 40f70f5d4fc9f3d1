"""The door for assistants that come over the network: a key of somebody, within its scopes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from asgiref.sync import sync_to_async
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from pydantic import AnyHttpUrl

ASSISTANT: Final = "assistant"
SEE: Final = "see"
PROPOSE: Final = "propose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """In whose name an assistant asks.

    Attributes:
        name: Who, as the log calls them.
        may: What the key and its owner may both do.
    """

    name: str
    may: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Lets in who holds a key.

    Attributes:
        who: Whose key it is; none where it opens nothing.
        site: Where the server is reached.
    """

    who: Callable[[str], Caller | None]
    site: str

    @property
    def settings(self) -> AuthSettings:
        """What every call must bring: a key that may at least see."""
        site = AnyHttpUrl(self.site)
        return AuthSettings(issuer_url=site, resource_server_url=site, required_scopes=[SEE])

    async def verify_token(self, token: str) -> AccessToken | None:
        """What a key may do, as the protocol has it."""
        caller = await sync_to_async(self.who)(token)
        if caller is None:
            return None
        return AccessToken(token=token, client_id=caller.name, scopes=sorted(caller.may), subject=caller.name)


def author() -> str:
    """In whose name the call at hand is made: the owner of the key, or the assistant at this machine."""
    token = get_access_token()
    return ASSISTANT if token is None else token.client_id


def included(permission: str) -> bool:
    """Whether the call at hand may do this; an assistant at this machine may what it was started with."""
    token = get_access_token()
    return token is None or permission in token.scopes
