"""Sending one message: to the address that was looked at, without following anybody elsewhere."""

import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Final

from cmo.measures import Problem
from cmo.web.hooks.address import Lookup, Target, look_up, target_of

PATIENCE: Final = 10.0
"""Seconds that a receiver has to answer."""
_MOST_SAID: Final = 200
GONE: Final = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a message.

    Attributes:
        status: What was answered, 0 where nobody answered.
        said: What was answered, or why nobody did.
    """

    status: int
    said: str

    @property
    def arrived(self) -> bool:
        """Whether the receiver took it; being sent on elsewhere is not taking it."""
        return 200 <= self.status < 300


class Pinned(HTTPConnection):
    """A connection to one address, whatever its name leads to by now."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port, timeout=PATIENCE)
        self.target = target

    def connect(self) -> None:
        """Connect; over TLS the certificate must be that of the name."""
        self.sock = socket.create_connection((self.target.address, self.target.port), PATIENCE)
        if self.target.secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.target.host)


def send(url: str, body: bytes, *, headers: Mapping[str, str], look: Lookup = look_up) -> Outcome:
    """Send a message once.

    Args:
        url: Where to.
        body: What.
        headers: With its signature.
        look: Finds the addresses of a name.
    """
    try:
        target = target_of(url, look=look)
    except Problem as problem:
        return Outcome(status=0, said=str(problem)[:_MOST_SAID])
    connection = Pinned(target)
    try:
        connection.request("POST", target.path, body=body, headers=dict(headers))
        response = connection.getresponse()
        said = response.read(_MOST_SAID).decode("utf-8", "replace")
    except (OSError, HTTPException, ValueError) as error:
        return Outcome(status=0, said=f"{type(error).__name__}: {error}"[:_MOST_SAID])
    finally:
        connection.close()
    return Outcome(status=response.status, said="".join(one if one.isprintable() else " " for one in said))
