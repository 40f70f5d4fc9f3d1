"""Audiences and campaigns handed to tools that mail in bulk: listmonk, Mautic, Brevo. Requests only."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cmo.communication.networks import Request, as_json


class Tool(StrEnum):
    """A tool that mails in bulk."""

    LISTMONK = "listmonk"
    MAUTIC = "mautic"
    BREVO = "brevo"


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """An account at such a tool.

    Attributes:
        tool: Which.
        url: Its address.
        user: User name, where it has one.
        secret: Password, token or key.
        list: Number of the list that receives the audience.
    """

    tool: Tool
    url: str
    user: str
    secret: str
    list: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Somebody who agreed to be written to.

    Attributes:
        address: Address.
        name: Name, as far as known.
        person: As the company's tables call them.
    """

    address: str
    name: str
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message, as a draft over there: nothing is sent by handing it over.

    Attributes:
        name: Its name.
        subject: Its subject.
        page: Its words as HTML.
        text: The same as text.
        sender: Who writes, as Name <address>.
    """

    name: str
    subject: str
    page: str
    text: str
    sender: str


def people(there: There, those: Sequence[Addressee]) -> Iterator[Request]:
    """Requests that put people on the list; sent again, they change nothing."""
    if there.tool is Tool.LISTMONK:
        for one in those:
            said = {
                "email": one.address,
                "name": one.name,
                "status": "enabled",
                "lists": [there.list],
                "preconfirm_subscriptions": True,
                "attribs": {"cmo_person": one.person},
            }
            yield as_json("POST", f"{there.url}/api/subscribers", said, _basic(there))
    elif there.tool is Tool.MAUTIC:
        for at in range(0, len(those), 200):
            batch = [
                {"email": one.address, "firstname": one.name, "tags": [f"cmo-{there.list}"]}
                for one in those[at : at + 200]
            ]
            yield as_json("POST", f"{there.url}/api/contacts/batch/new", batch, _basic(there))
    else:
        said_all = {
            "listIds": [there.list],
            "jsonBody": [{"email": one.address, "attributes": {"FIRSTNAME": one.name}} for one in those],
            "emailBlacklist": False,
            "updateExistingContacts": True,
        }
        yield as_json("POST", f"{there.url}/v3/contacts/import", said_all, {"api-key": there.secret})


def draft(there: There, one: Draft) -> Request:
    """The request that makes a draft of a campaign."""
    if there.tool is Tool.LISTMONK:
        said: dict[str, object] = {
            "name": one.name,
            "subject": one.subject,
            "lists": [there.list],
            "type": "regular",
            "content_type": "html",
            "body": one.page,
            "altbody": one.text,
            "from_email": one.sender,
        }
        return as_json("POST", f"{there.url}/api/campaigns", said, _basic(there))
    if there.tool is Tool.MAUTIC:
        said = {
            "name": one.name,
            "subject": one.subject,
            "emailType": "list",
            "lists": [there.list],
            "customHtml": one.page,
            "plainText": one.text,
            "isPublished": False,
        }
        return as_json("POST", f"{there.url}/api/emails/new", said, _basic(there))
    name, _, address = one.sender.rpartition("<")
    said = {
        "name": one.name,
        "subject": one.subject,
        "sender": {"name": name.strip(), "email": address.rstrip("> ")},
        "htmlContent": one.page,
        "recipients": {"listIds": [there.list]},
    }
    return as_json("POST", f"{there.url}/v3/emailCampaigns", said, {"api-key": there.secret})


def taken(tool: Tool, status: int) -> bool:
    """Whether the tool took it; who is on the list already is told by 409 at listmonk."""
    return 200 <= status < 300 or (tool is Tool.LISTMONK and status == 409)


def _basic(there: There) -> dict[str, str]:
    joined = b64encode(f"{there.user}:{there.secret}".encode()).decode()
    return {"Authorization": f"Basic {joined}"}
