"""What mail servers and mailboxes send back: delivery reports (RFC 3464) and complaints (ARF, RFC 5965)."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from typing import Final, cast

from cmo.communication.consent import Kind, normal

_ADDRESS: Final = re.compile(r"[^\s<>;,]+@[^\s<>;,]+")
_STATUS: Final = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
_UNKNOWN: Final = re.compile(r"^5\.1\.|^5\.4\.4|^5\.7\.1\b")
_FULL: Final = "5.2.2"
"""A mailbox that is full may be emptied: not the end of an address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """Something that came back.

    Attributes:
        kind: A soft or hard bounce, or a complaint.
        address: Whom the message was for.
        message_id: Which message, as far as the report tells.
        status: The server's status, as `5.1.1`; empty for a complaint.
    """

    kind: Kind
    address: str
    message_id: str
    status: str = ""


def returned_of(raw: bytes) -> tuple[Returned, ...]:
    """What a message tells of messages that came back; nothing where it is no report.

    A delivery that was delayed is no bounce. A failure of class 5 is hard, save a full mailbox.

    Args:
        raw: The message, as it was received.
    """
    message: Message = message_from_bytes(raw, policy=policy.default)
    parts: list[Message] = list(message.walk())
    original = _original_id(parts)
    found: list[Returned] = []
    for part in parts:
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            blocks = part.get_payload()
            if isinstance(blocks, list):
                found += [one for block in blocks if (one := _bounce(cast("Message", block), original))]
        elif kind == "message/feedback-report":
            found += _complaint(part, parts, original)
    return tuple(found)


def _bounce(block: Message, original: str) -> Returned | None:
    action = str(block.get("Action", "")).strip().casefold()
    address = _address(str(block.get("Original-Recipient") or block.get("Final-Recipient") or ""))
    if action != "failed" or not address:
        return None
    told = _STATUS.search(str(block.get("Status", ""))) or _STATUS.search(
        str(block.get("Diagnostic-Code", ""))
    )
    status = "" if told is None else told[0]
    hard = status.startswith("5") and status != _FULL
    kind = Kind.HARD_BOUNCE if hard or _UNKNOWN.match(status) else Kind.SOFT_BOUNCE
    return Returned(kind=kind, address=address, message_id=original, status=status)


def _complaint(part: Message, parts: list[Message], original: str) -> list[Returned]:
    payload = part.get_payload()
    fields = payload[0] if isinstance(payload, list) and payload else part
    text = fields.as_string() if isinstance(fields, Message) else str(payload)
    said = {name.casefold(): value.strip() for name, value in re.findall(r"(?m)^([\w-]+):[ \t]*(.*)$", text)}
    if said.get("feedback-type", "abuse").casefold() == "not-spam":
        return []
    address = _address(said.get("original-rcpt-to", "")) or _address(_header(parts, "To"))
    return [Returned(kind=Kind.COMPLAINT, address=address, message_id=original)] if address else []


def _original_id(parts: list[Message]) -> str:
    return _header(parts, "Message-ID")


def _header(parts: list[Message], name: str) -> str:
    """A header of the message that came back."""
    for part in parts:
        kind = part.get_content_type()
        if kind in {"message/rfc822", "message/rfc822-headers", "text/rfc822-headers"}:
            payload = part.get_payload()
            inner = payload[0] if isinstance(payload, list) and payload else None
            if isinstance(inner, Message):
                return str(inner.get(name, "")).strip()
            found = re.search(rf"(?im)^{name}:[ \t]*(.*)$", str(payload))
            return "" if found is None else found[1].strip()
    return ""


def _address(written: str) -> str:
    found = _ADDRESS.search(written.replace("rfc822;", " "))
    return "" if found is None else normal(found[0])
