"""What cmo.yaml may say of how the company speaks: who writes, by which ways, what every piece carries."""

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from cmo.workspace.streams import Name, Secret

_SENDER = re.compile(r"^[^<>\r\n]*<[^@<>\s]+@[^@<>\s]+>$")


def _known_sender(written: str) -> str:
    if not _SENDER.match(written):
        raise ValueError("Name <address@example.org> was expected")
    return written


def _web(written: str) -> str:
    if urlsplit(written).scheme not in {"http", "https"} or not urlsplit(written).netloc:
        raise ValueError("an address such as https://example.org was expected")
    return written.rstrip("/")


def _mail_server(written: str) -> str:
    if urlsplit(written).scheme not in {"smtp", "smtps"} or not urlsplit(written).hostname:
        raise ValueError("smtp://user:${PASSWORD}@host:587 or smtps://… was expected")
    return written


Web = Annotated[str, AfterValidator(_web)]


class Mailer(BaseModel):
    """How e-mail leaves: by an SMTP server, or by a provider.

    Attributes:
        smtp: smtp://user:${PASSWORD}@host:587 (STARTTLS where the server offers it) or smtps://….
        provider: A provider that django-anymail knows.
        key: Its key, as ${NAME}.
        per_minute: Most messages a minute.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    smtp: Annotated[str, AfterValidator(_mail_server)] | None = None
    provider: Literal["brevo", "mailjet", "mailgun", "postmark", "resend", "sendgrid", "sparkpost"] | None = (
        None
    )
    key: Secret | None = None
    per_minute: Annotated[int, Field(ge=1, le=100_000)] = 600

    @model_validator(mode="after")
    def _one_way(self) -> "Mailer":
        """One of the two ways, whole."""
        if (self.smtp is None) == (self.provider is None):
            raise ValueError("either smtp or provider was expected")
        if (self.provider is None) != (self.key is None):
            raise ValueError("provider and key were expected together")
        return self


class Account(BaseModel):
    """An account elsewhere: Mastodon, Bluesky, a webhook, listmonk, Mautic, Brevo.

    Attributes:
        url: Address of the server.
        user: Name or handle.
        secret: Token, password or signing secret, as ${NAME}.
        list: Number of the list that receives an audience.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Web
    user: Name | None = None
    secret: Secret
    list: Annotated[int, Field(ge=1)] | None = None


class Communication(BaseModel):
    """How the company speaks.

    Attributes:
        sender: Who writes e-mails, as Name <address>.
        office: Address at which people reach this office, for links, confirmations and the newsroom.
        site: Where links lead unless a campaign says otherwise.
        mail: How e-mail leaves.
        accounts: Accounts elsewhere, by name of the channel or tool.
        mandatory: Sentences that every piece carries.
        forbidden: Words that no piece may hold.
        tone: How it sounds.
        hours_per_week: Hours a week there are for publishing.
        days_between: Days between two messages to the same people.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sender: Annotated[str, AfterValidator(_known_sender)] | None = None
    office: Web | None = None
    site: Web | None = None
    mail: Mailer | None = None
    accounts: dict[Literal["mastodon", "bluesky", "webhook", "listmonk", "mautic", "brevo"], Account] = Field(
        default_factory=dict
    )
    mandatory: tuple[Annotated[str, Field(min_length=1, max_length=500)], ...] = ()
    forbidden: tuple[Annotated[str, Field(min_length=1, max_length=100)], ...] = ()
    tone: tuple[Annotated[str, Field(min_length=1, max_length=100)], ...] = ()
    hours_per_week: Annotated[float, Field(gt=0)] | None = None
    days_between: Annotated[int, Field(ge=1, le=60)] = 3
