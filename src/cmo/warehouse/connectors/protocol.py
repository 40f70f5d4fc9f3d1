"""What a connector is: it says what it needs, tries itself, tells its streams and reads them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from cmo.measures import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Rows that a connector can read.

    Attributes:
        name: What errors and the journal call it; holds no credential.
        suffix: How its pages are written: .csv (UTF-8, comma, header) or .jsonl (one object a line).
        key: Columns by which a row read later replaces one read before.
        cursor: Column that grows with what is new, or None where all is read each time.
        lookback: How far before the cursor's last value rows may still be restated.
        start: First value of the cursor to read, at the first reading.
        timezone: Time zone of its instants without an offset, or None for the company's.
        currency: Currency of its amounts, or None for the company's.
    """

    name: str
    suffix: str
    key: tuple[str, ...] = ()
    cursor: str | None = None
    lookback: timedelta = timedelta()
    start: str | None = None
    timezone: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A piece of a stream.

    Attributes:
        data: Its rows, as the stream's suffix says.
        cursor: Largest value of the cursor so far, or None while there is none.
        resume: How to go on after this page if the reading is cut off here, or None where it cannot.
    """

    data: bytes
    cursor: str | None = None
    resume: str | None = None


class Connector(Protocol):
    """A way to sources of a kind."""

    @staticmethod
    def spec() -> Mapping[str, Any]:
        """JSON Schema of what cmo.yaml says of such a source."""

    def check(self) -> None:
        """Tries to reach the source.

        Raises:
            Problem: It cannot be reached, or refuses.
        """

    def streams(self) -> tuple[Stream, ...]:
        """What it can read."""

    def read(self, stream: Stream, *, since: str | None, resume: str | None) -> Iterator[Page]:
        """Reads a stream.

        Args:
            stream: One of its streams.
            since: Value of the cursor to read from, itself included; None for all.
            resume: Where a reading that was cut off goes on, as its last page said; None for the beginning.

        Raises:
            Problem: It cannot be read to its end.
        """


def since_of(stream: Stream, state: str | None, *, where: str, now: datetime) -> str | None:
    """The value of the cursor to read from: the last one less the look-back window.

    Args:
        stream: The stream.
        state: Largest value of the cursor read so far, or None before the first reading.
        where: Beginning of an error's sentence.
        now: The present instant, with its time zone.

    Raises:
        Problem: The cursor has no days, so that nothing can be looked back.
    """
    if stream.cursor is None:
        return None
    if state is None:
        return stream.start
    instant = instant_of(state)
    if instant is None and not stream.lookback:
        return state
    if instant is None:
        raise Problem(
            f"{where}: lookback_days needs a cursor with days; {stream.cursor} holds {state[:40]!r}"
        )
    back = _not_ahead(instant, now) - stream.lookback
    if not isinstance(back, datetime):
        return back.isoformat()
    written = back.isoformat(sep="T" if "T" in state else " ")
    return written.removesuffix("+00:00") + "Z" if state.endswith("Z") else written


def _not_ahead(instant: date | datetime, now: datetime) -> date | datetime:
    """A day or instant, or now: a value of days to come would hide all that is written until then."""
    if not isinstance(instant, datetime):
        return min(instant, now.date())
    return min(instant, now if instant.tzinfo is not None else now.replace(tzinfo=None))


def instant_of(text: str) -> date | datetime | None:
    """The day or instant a text says, or None."""
    try:
        return date.fromisoformat(text) if len(text) <= len("2026-01-01") else datetime.fromisoformat(text)
    except ValueError:
        return None
