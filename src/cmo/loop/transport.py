"""The only door to other machines for what is published.

HTTP with a time limit, and mail by SMTP or a provider.
"""

import smtplib
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime, parseaddr
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from importlib import import_module
from typing import Any, Final, Protocol
from urllib.parse import unquote, urlsplit

from django.conf import settings as django_settings
from django.core.mail import EmailMultiAlternatives

from cmo.communication.mail import Mail
from cmo.measures import Problem
from cmo.warehouse.credentials import Credentials
from cmo.workspace import Workspace

PATIENCE: Final = 20.0
"""Seconds that another machine has to answer."""


class Again(Exception):  # noqa: N818 - no error of ours: the other side asks to come back later
    """The other side could not take it now; another try may succeed."""


class Refused(Exception):  # noqa: N818 - an answer, not an error
    """The other side will not take it.

    Attributes:
        hard: Whether the address itself is at fault.
    """

    def __init__(self, says: str, *, hard: bool = False) -> None:
        super().__init__(says)
        self.hard = hard


class Post(Protocol):
    """A way for mail to leave: `handing` is called when it may be on its way, not before."""

    def send(self, mail: Mail, *, handing: Callable[[], None]) -> str:
        """Send one message; what the other side calls it, empty where it does not say."""
        ...

    def close(self) -> None:
        """Hang up."""
        ...


@dataclass(slots=True, kw_only=True, eq=False)
class SmtpPost:
    """Mail by an SMTP server, one connection for many messages.

    Attributes:
        host: Server.
        port: Port.
        user: Name; empty without sign-in.
        password: Password.
        tls: Whether the connection is encrypted from its first byte.
    """

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    _line: smtplib.SMTP | None = field(default=None, repr=False)

    def send(self, mail: Mail, *, handing: Callable[[], None]) -> str:
        """Send one message.

        Raises:
            Again: The server is not there, or asks to come back.
            Refused: The server refuses the address or the message.
        """
        sender = parseaddr(mail.sender)[1]
        try:
            line = self._open()
            _expect(line.mail(sender), {250})
            code, says = line.rcpt(mail.to)
            if code not in {250, 251}:
                line.rset()
                raise _refusal(code, says, address=True)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Again(str(error)) from error
        handing()
        try:
            code, says = line.data(wire(mail))
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise LineLost(str(error)) from error
        if code != 250:
            raise _refusal(code, says, address=False)
        return ""

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._line.quit()
            self._line = None

    def _open(self) -> smtplib.SMTP:
        if self._line is None:
            if self.tls:
                context = ssl.create_default_context()
                line: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=PATIENCE, context=context)
            else:
                line = smtplib.SMTP(self.host, self.port, timeout=PATIENCE)
            line.ehlo_or_helo_if_needed()
            if not self.tls and line.has_extn("starttls"):
                line.starttls(context=ssl.create_default_context())
                line.ehlo()
            if self.user:
                line.login(self.user, self.password)
            self._line = line
        return self._line


class LineLost(Exception):  # noqa: N818 - nobody knows whether the message arrived
    """The line broke while a message was on its way."""


@dataclass(slots=True, kw_only=True, eq=False)
class ProviderPost:
    """Mail by a provider's API, through django-anymail.

    Attributes:
        provider: Its name.
        key: Its key.
    """

    provider: str
    key: str = field(repr=False)
    _backend: Any = field(default=None, repr=False)

    def send(self, mail: Mail, *, handing: Callable[[], None]) -> str:
        """Send one message.

        Raises:
            Again: The provider is not there, or asks to come back.
            Refused: The provider refuses the message.
        """
        if self._backend is None:
            module = import_module(f"anymail.backends.{self.provider}")
            names = {"postmark": "server_token"}
            self._backend = module.EmailBackend(**{names.get(self.provider, "api_key"): self.key})
        message = EmailMultiAlternatives(
            mail.subject, mail.text, mail.sender, [mail.to], headers=dict(mail.headers)
        )
        message.attach_alternative(mail.page, "text/html")
        handing()
        try:
            self._backend.send_messages([message])
        except Exception as error:  # each provider raises its own kinds
            code = getattr(getattr(error, "response", None), "status_code", None)
            if code is None:
                raise LineLost(str(error)) from error
            if code == 429 or code >= 500:
                raise Again(f"{self.provider} answered {code}") from error
            raise Refused(f"{self.provider} answered {code}") from error
        return str(getattr(getattr(message, "anymail_status", None), "message_id", "") or "")

    def close(self) -> None:
        """Nothing stays open."""


def post_of(workspace: Workspace) -> Post:
    """The way by which the company's mail leaves.

    Raises:
        Problem: cmo.yaml names none, or a credential is missing.
    """
    said = workspace.config.communication.mail
    if said is None:
        raise Problem(
            f"{workspace.folder}/cmo.yaml says no way for mail to leave: "
            "write communication: {mail: {smtp: smtp://user:${PASSWORD}@host:587}}"
        )
    where = workspace.document.where(("communication", "mail"))
    credentials = Credentials.of(workspace)
    if said.smtp is None:
        if not hasattr(django_settings, "ANYMAIL"):
            django_settings.ANYMAIL = {}
        key = credentials.resolved(said.key or "", where=where)
        return ProviderPost(provider=said.provider or "", key=key)
    place = urlsplit(credentials.resolved(said.smtp, where=where))
    tls = place.scheme == "smtps"
    return SmtpPost(
        host=place.hostname or "localhost",
        port=place.port or (465 if tls else 587),
        user=unquote(place.username or ""),
        password=unquote(place.password or ""),
        tls=tls,
    )


def wire(mail: Mail) -> bytes:
    """A message as it travels."""
    message = EmailMessage(policy=WIRE)
    message["From"], message["To"], message["Subject"] = mail.sender, mail.to, mail.subject
    message["Date"] = format_datetime(datetime.now(tz=UTC))
    for name, value in mail.headers.items():
        message[name] = value
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.page, subtype="html", cte="quoted-printable")
    return message.as_bytes()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What another machine answered.

    Attributes:
        status: HTTP status.
        headers: Headers, names in small letters.
        body: Body.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


def http(method: str, url: str, *, headers: Mapping[str, str], body: bytes | None) -> Answered:
    """Ask another machine; redirects are not followed.

    Raises:
        Again: It is not there, or does not answer in time.
    """
    place = urlsplit(url)
    kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
    line = kind(place.hostname or "", place.port, timeout=PATIENCE)
    path = place.path or "/"
    try:
        line.request(
            method, f"{path}?{place.query}" if place.query else path, body=body, headers=dict(headers)
        )
        response = line.getresponse()
        return Answered(
            status=response.status,
            headers={name.lower(): value for name, value in response.getheaders()},
            body=response.read(),
        )
    except (OSError, HTTPException) as error:
        raise Again(f"{place.netloc} does not answer: {error}") from error
    finally:
        line.close()


def _expect(answer: tuple[int, bytes], codes: set[int]) -> None:
    if answer[0] not in codes:
        raise smtplib.SMTPResponseException(*answer)


def _refusal(code: int, says: bytes, *, address: bool) -> Exception:
    told = f"{code} {says.decode('utf-8', 'replace')}"
    return Refused(told, hard=address and code == 550) if code >= 500 else Again(told)
