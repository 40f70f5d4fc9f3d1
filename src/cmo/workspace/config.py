"""What cmo.yaml may say."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from cmo.workspace.communication import Communication
from cmo.workspace.company import Company
from cmo.workspace.streams import Reading, Rest

_ENGINE = re.compile(r"^(duckdb|sc://[A-Za-z0-9._\-\[\]:]+(:\d{1,5})?(/[^\s]*)?)$")


def _known_engine(engine: str) -> str:
    if not _ENGINE.match(engine):
        raise ValueError("duckdb or sc://host:port was expected")
    return engine


def _as_text(value: Any) -> Any:
    """A column called 2024 or an expression that is a number is read by YAML as a number."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Expression = Annotated[str, BeforeValidator(_as_text), Field(min_length=1)]


class Source(BaseModel):
    """Where the rows of a canonical table are, and how they are written there.

    Attributes:
        path: A file, or a pattern of files (csv, tsv, json lines, parquet, xlsx; text may be gzipped). A
            relative path starts at the workspace and stays in it.
        table: A table of the database at `url`.
        url: sqlite:///file, postgresql://user:${PASSWORD}@host/database or mysql://… ${NAME} is taken from
            the environment or the file of credentials.
        rest: A REST service that answers with JSON.
        read: Of a table or a REST service: what is read anew, and what its values mean.
        format: The known export that the file is (google_ads, meta_ads, shopify …), where its header alone
            does not tell.
        columns: Canonical name to the source's column, or to an SQL expression over the source's columns.
        decimal: The decimal mark of the numbers, where it cannot be told from them.
        dates: Whether 03/04/2026 is 3 April or 4 March.
        encoding: Encoding of the text, where it cannot be told.
        delimiter: What stands between two cells, where it cannot be told.
        sheet: The sheet of a workbook; the first by default.
        period: The first day that a file is about which does not say it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)

    path: Annotated[str, Field(min_length=1, max_length=4000)] | None = None
    table: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    url: Annotated[str, Field(min_length=1, max_length=2000)] | None = None
    rest: Rest | None = None
    read: Reading | None = None
    format: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    columns: dict[str, Expression] = Field(default_factory=dict)
    decimal: Literal[",", "."] | None = None
    dates: Literal["day_first", "month_first"] | None = None
    encoding: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    sheet: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    period: date | None = None

    @model_validator(mode="after")
    def _one_place(self) -> "Source":
        """A file, a table of a database or a REST service: one of them."""
        if sum(place is not None for place in (self.path, self.table, self.rest)) != 1:
            raise ValueError("either path, or table with url, or rest, was expected")
        if (self.table is None) != (self.url is None):
            raise ValueError("table and url were expected together")
        if self.format is not None and self.path is None:
            raise ValueError("format is for files; a table of a database has none")
        if self.read is not None and self.path is not None:
            raise ValueError("read is for tables and REST services; a file is read whole, or where it grew")
        return self


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


Sources = Annotated[
    tuple[Source, ...],
    BeforeValidator(_as_list, json_schema_input_type=Source | list[Source]),
    Field(min_length=1),
]


class Channels(BaseModel):
    """Names that count as one channel; the data stays as it was read.

    Attributes:
        standard: Whether the well-known names count (fb, ig and facebook_ads as meta …).
        names: Channel to the other names it goes by here; they come before the well-known ones.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    standard: bool = False
    names: dict[str, tuple[Annotated[str, Field(min_length=1)], ...]] = Field(default_factory=dict)


class Config(BaseModel):
    """What cmo.yaml says.

    Attributes:
        company: Who the company is.
        engine: Where the counting is done: duckdb, embedded, or sc://host:port, Spark Connect.
        channels: Names that count as one channel; none unless this says so.
        credentials_file: A file of NAME=value lines outside this folder, which only its owner may read.
        sources: Canonical table to its source, or to several.
        communication: How the company speaks to people; what is not said here is asked where it is needed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    company: Company
    engine: Annotated[str, AfterValidator(_known_engine)] = "duckdb"
    channels: Channels | None = None
    credentials_file: Annotated[str, Field(min_length=1, max_length=4000)] | None = None
    sources: dict[str, Sources] = Field(default_factory=dict)
    communication: Communication = Field(default_factory=Communication)
