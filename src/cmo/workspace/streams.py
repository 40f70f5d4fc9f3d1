"""What cmo.yaml may say of sources that are asked rather than opened: services, and what to read anew."""

import re
from datetime import date
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

PLACEHOLDER = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
"""${NAME}: a credential, taken from the environment or from the file of credentials."""


def _named(secret: str) -> str:
    if not PLACEHOLDER.search(secret):
        raise ValueError("a secret does not belong in this file: write ${NAME} and set NAME elsewhere")
    return secret


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("the name of a time zone was expected, such as UTC or Europe/Paris")
    return name


Name = Annotated[str, Field(min_length=1, max_length=200)]
Secret = Annotated[Name, AfterValidator(_named)]


class Auth(BaseModel):
    """How a REST service knows who asks. Exactly one of the three ways.

    Attributes:
        bearer: A token, as ${NAME}.
        user: Name for basic authentication.
        password: Its password, as ${NAME}.
        header: A header that carries a key.
        param: A parameter that carries a key.
        key: The key, as ${NAME}.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    bearer: Secret | None = None
    user: Name | None = None
    password: Secret | None = None
    header: Name | None = None
    param: Name | None = None
    key: Secret | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "Auth":
        given = {name for name, value in self.model_dump().items() if value is not None}
        ways: tuple[set[str], ...] = ({"bearer"}, {"user", "password"}, {"header", "key"}, {"param", "key"})
        if given not in ways:
            raise ValueError("bearer, or user and password, or header or param with key, was expected")
        return self


class Pages(BaseModel):
    """How the answers of a REST service are split into pages.

    Attributes:
        by: offset (limit and offset), number (page 1, 2 …), cursor (the answer names the next), link (the
            header Link names it), url (the answer holds the next address), none (one answer is all).
        limit: Records of a page, for offset.
        param: Parameter that takes the offset, the number or the cursor.
        limit_param: Parameter that takes the limit, for offset.
        next: Where the answer holds the cursor or the address, as paging.next.
        first: First number, for number.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: Literal["offset", "number", "cursor", "link", "url", "none"] = "none"
    limit: Annotated[int, Field(ge=1, le=100_000)] = 100
    param: Name | None = None
    limit_param: Name = "limit"
    next: Name | None = None
    first: Annotated[int, Field(ge=0, le=1)] = 1

    @model_validator(mode="after")
    def _has_next(self) -> "Pages":
        if self.by in {"cursor", "url"} and self.next is None:
            raise ValueError("next was expected: where the answer holds the next page, such as paging.next")
        return self


class Rest(BaseModel):
    """A REST service that answers with JSON.

    Attributes:
        url: Its address; ${NAME} is taken from the environment or the file of credentials.
        params: Parameters of the request.
        headers: Headers of the request.
        auth: How it knows who asks.
        records: Where the records stand in the answer, as data.items; told from it if not given.
        pages: How answers are split into pages.
        since: Parameter that takes the day or instant to read from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Annotated[str, Field(pattern=r"^(https?://|\$\{)", max_length=2000)]
    params: dict[str, str | int | float | bool] = Field(default_factory=dict)
    headers: dict[str, str] = Field(default_factory=dict)
    auth: Auth | None = None
    records: Name | None = None
    pages: Pages = Pages()
    since: Name | None = None


class Reading(BaseModel):
    """What is read anew of a stream, and what its values mean.

    Attributes:
        cursor: Column that grows with what is new; only rows from its last value on are read.
        lookback_days: Days before that value that are read once more, since they may be restated.
        key: Columns by which a row read later replaces one read before; the table's own key by default.
        start: First day to read, at the first reading.
        timezone: Time zone of instants without an offset; the company's by default.
        currency: Currency of the amounts; cmo converts none and refuses another than the company's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    cursor: Name | None = None
    lookback_days: Annotated[int, Field(ge=0, le=3660)] = 0
    key: tuple[Name, ...] = ()
    start: date | None = None
    timezone: Annotated[str, AfterValidator(_known_zone)] | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None

    @model_validator(mode="after")
    def _cursor_first(self) -> "Reading":
        if self.cursor is None and (self.lookback_days or self.key or self.start is not None):
            raise ValueError("cursor was expected with lookback_days, key or start")
        return self
