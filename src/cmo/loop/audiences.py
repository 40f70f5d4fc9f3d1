"""`cmo customers export`: an audience in a file, of those alone who agreed to be written to."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from cmo.briefs.answers import Answer
from cmo.briefs.voice import Voice
from cmo.communication.consent import Event, Kind, hashed
from cmo.customers.evidence_roll import contacts
from cmo.customers.segmentation.segments import NAMED
from cmo.ledger.consents import SALT, allowed, secret
from cmo.loop.customers import discovery_of
from cmo.loop.roll import KeptRoll, kept_roll
from cmo.loop.standing import standing
from cmo.measures import Language, Problem
from cmo.warehouse.engines import open_field

COLUMNS = ("customer_id", "segment", "last_on", "alive", "orders", "value", "value_low", "value_high")
FORMATS = (".csv", ".parquet")
_TOLD = datetime(1970, 1, 1, tzinfo=UTC)
LOOKS_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def exported(
    folder: Path, *, segment: str | None, to: Path, personal: bool, language: Language | None
) -> Answer:
    """Write the customers of a segment who may be written to; say how many were left out, and why.

    Args:
        folder: The company's folder; it has been reviewed.
        segment: A segment by rule, a discovered group (`group-2`), or None for all customers.
        to: File to write, .csv or .parquet.
        personal: Whether names and addresses are wanted too.
        language: Language of the answer.

    Raises:
        Problem: There has been no review, no such segment, or nobody's consent is known.
    """
    now = standing(folder, language)
    if to.suffix not in FORMATS:
        raise Problem(f"{to}: an audience is written as {' or '.join(FORMATS)}; give the file such a name")
    kept = kept_roll(now.workspace, now.language)
    audience = _of_segment(kept, segment)
    agreed = _standing(contacts(open_field(now.workspace), personal=True), personal=personal)
    if agreed is None:
        raise Problem(
            "nobody is known to have agreed to be written to: the table customers has no email_consent_at; "
            "give it, or use cmo customers list to look at customers without writing to them"
        )
    joined = audience.join(agreed, keys="customer_id", join_type="left outer")
    may = pc.fill_null(joined["agreed"], False)
    gone = pc.fill_null(joined["withdrawn"], False)
    written = joined.filter(may).drop_columns(["agreed", "withdrawn"])
    written = written.sort_by([("value", "descending"), ("customer_id", "ascending")])
    _write(written, to)
    n_may, n_gone = (int(pc.sum(flags).as_py() or 0) for flags in (may, gone))
    left_out = {"withdrawn": n_gone, "never_agreed": audience.num_rows - n_may - n_gone}
    voice = Voice(now.language)
    said = voice.say(
        "{n} customers written to {file}. Left out: {withdrawn} who withdrew their consent, {never} who "
        "never "
        "gave it.",
        "{n} clients écrits dans {file}. Laissés de côté : {withdrawn} qui ont retiré leur accord, {never} "
        "qui "
        "ne l'ont jamais donné.",
        n=voice.count(written.num_rows),
        file=str(to),
        withdrawn=voice.count(n_gone),
        never=voice.count(left_out["never_agreed"]),
    )
    return Answer(
        data={
            "file": str(to),
            "segment": segment,
            "customers": written.num_rows,
            "left_out": left_out,
            "columns": written.column_names,
            "as_of": kept.about["as_of"],
        },
        lines=(said,),
    )


def _standing(found: pa.Table | None, *, personal: bool) -> pa.Table | None:
    """Contacts less those who withdrew or came back here, whatever the company's tables still say."""
    if found is None or "email" not in found.column_names:
        return found
    salt = secret(SALT)
    keys = [hashed(str(one or ""), salt) for one in found["email"].to_pylist()]
    told = {key: Event(kind=Kind.IMPORTED, at=_TOLD, purpose="") for key in keys}
    may = allowed(keys, "newsletter", told=told)
    still = pa.array([key in may for key in keys])
    gone = pc.or_(found["withdrawn"], pc.and_(found["agreed"], pc.invert(still)))
    found = found.set_column(found.column_names.index("withdrawn"), "withdrawn", gone)
    found = found.set_column(found.column_names.index("agreed"), "agreed", pc.and_(found["agreed"], still))
    names = [name for name in ("email", "name", "country", "language") if name in found.column_names]
    return found if personal else found.drop_columns(names)


def _of_segment(kept: KeptRoll, segment: str | None) -> pa.Table:
    if segment is None or segment in NAMED:
        return _plain(kept.table(COLUMNS, segment=segment))
    number = segment.removeprefix("group-")
    if segment == number or not number.isdecimal():
        raise Problem(
            f"no segment is called {segment}; the segments are {', '.join(NAMED)}, and group-1, group-2, … "
            "of cmo customers segments --discovered"
        )
    found, people = discovery_of(kept)
    if not 1 <= int(number) <= len(found.clusters):
        raise Problem(f"no group is called {segment}; there are {len(found.clusters)}")
    those = pa.array(np.flatnonzero(found.cluster == int(number) - 1))
    return _plain(kept.table(COLUMNS)).join(
        people.take(those).select(["customer_id"]), keys="customer_id", join_type="inner"
    )


def _plain(table: pa.Table) -> pa.Table:
    return table.set_column(
        table.column_names.index("segment"), "segment", table["segment"].cast(pa.string())
    )


def _write(table: pa.Table, to: Path) -> None:
    temporary = to.with_name(f"{to.name}.new")
    try:
        if to.suffix == ".parquet":
            pq.write_table(table, temporary)
        else:
            pa_csv.write_csv(_harmless(table), temporary)
        temporary.replace(to)
    except OSError as error:
        raise Problem(f"{to}: this file cannot be written ({error.strerror or error})") from error


def _harmless(table: pa.Table) -> pa.Table:
    """Text that a spreadsheet would run as a formula, with an apostrophe before it."""
    for at, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            text = table[field.name]
            risky = pc.fill_null(pc.match_substring_regex(text, f"^[{''.join(LOOKS_LIKE_A_FORMULA)}]"), False)
            table = table.set_column(
                at, field.name, pc.if_else(risky, pc.binary_join_element_wise("'", text, ""), text)
            )
    return table
