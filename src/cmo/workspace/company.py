"""Who the company is."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _known_timezone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("a time zone of the tz database was expected, such as Europe/Paris")
    return name


class Company(BaseModel):
    """The company whose marketing is confronted.

    Attributes:
        name: Its name.
        currency: ISO 4217 code of the currency all money is in.
        language: Language of its texts, fr or en.
        timezone: Time zone its days are counted in.
        sector: What it sells, in its own words.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: Annotated[str, Field(min_length=1, max_length=200)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "EUR"
    language: Literal["fr", "en"] = "en"
    timezone: Annotated[str, AfterValidator(_known_timezone)] = "UTC"
    sector: Annotated[str, Field(max_length=200)] | None = None

    @property
    def clock(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.timezone)
