"""Where messages may go: never into the network that the office stands in, unless its keeper allows it."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from cmo.measures import Problem

ALLOWED: Final = "CMO_WEBHOOK_NETWORKS"
"""Networks of one's own that may be told, as 10.1.0.0/16, separated by commas."""
_WRAPS: Final = tuple(ip_network(one) for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
"""IPv6 networks whose addresses stand for IPv4 ones, public or not."""
Lookup = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A place that was looked up and may be told.

    Attributes:
        secure: Whether it is reached by HTTPS.
        host: Its name, as the certificate and the header must have it.
        address: The one address that was looked at, and that is connected to.
        port: Its port.
        path: The path with its query.
    """

    secure: bool
    host: str
    address: str
    port: int
    path: str


def look_up(host: str, port: int) -> list[str]:
    """All addresses of a name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def target_of(url: str, *, look: Lookup = look_up) -> Target:
    """Where an address leads; the name is looked up once, and what was looked at is what is connected to.

    Args:
        url: The address.
        look: Finds the addresses of a name.

    Raises:
        Problem: It is no address, leads to a network of one's own, or would be told in the clear.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise Problem(f"{url[:200]!r} is no address: https://name/path was expected") from error
    host = parts.hostname or ""
    if parts.scheme not in {"https", "http"} or not host or "@" in parts.netloc or parts.fragment:
        raise Problem(f"{url[:200]!r} is no address that can be told: https://name/path was expected")
    try:
        found = [ip_address(one.partition("%")[0]) for one in look(host, port)]
    except (OSError, ValueError, UnicodeError) as error:
        raise Problem(f"{host}: no such name is known") from error
    own = [one for one in found if _allowed(one)]
    if not found or any(one not in own and not _public(one) for one in found):
        raise Problem(
            f"{host} leads into a network of its own, which is not told: name it in {ALLOWED} to allow it"
        )
    if parts.scheme == "http" and len(own) < len(found):
        raise Problem(f"{host}: messages go by https alone to other networks")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(secure=parts.scheme == "https", host=host, address=str(found[0]), port=port, path=path)


def _public(one: IPv4Address | IPv6Address) -> bool:
    if isinstance(one, IPv6Address):
        if one.ipv4_mapped is not None:
            return _public(one.ipv4_mapped)
        if any(one in wrap for wrap in _WRAPS):
            return False
    return one.is_global and not one.is_multicast


def _allowed(one: IPv4Address | IPv6Address) -> bool:
    return any(one in network for network in _networks())


def _networks() -> list[IPv4Network | IPv6Network]:
    said = os.environ.get(ALLOWED, "")
    try:
        return [ip_network(one.strip()) for one in said.split(",") if one.strip()]
    except ValueError as error:
        raise Problem(f"{ALLOWED} is {said!r}, networks such as 10.1.0.0/16 were expected") from error
