"""Every customer of the field, a batch at a time, with what is expected of her; and who may be written to."""

import json
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from cmo.customers.evidence_base import People, model_of
from cmo.customers.lifetimes.modelling import ANNUAL_RATE, YEAR, Modelled
from cmo.customers.lifetimes.roll import Entries, Histories, Roll, roll_of
from cmo.customers.purchases.cells import Integers
from cmo.customers.segmentation.segments import SEGMENTS
from cmo.warehouse.field import Field

BATCH = 250_000
CHANCES = ("alive", "buys")
COUNTS = ("orders_low", "orders_median", "orders_high")
OTHERS = (
    "orders",
    "orders_sd",
    "amount",
    "value",
    "value_error",
    "value_low",
    "value_high",
    "at_stake",
)
SCHEMA = pa.schema(
    [
        ("customer_id", pa.string()),
        ("channel", pa.dictionary(pa.int16(), pa.string())),
        ("segment", pa.dictionary(pa.int16(), pa.string())),
        ("occasions", pa.int32()),
        ("first_on", pa.date32()),
        ("last_on", pa.date32()),
        ("spent", pa.float64()),
        *((name, pa.float64()) for name in CHANCES),
        *((name, pa.int32()) for name in COUNTS),
        *((name, pa.float64()) for name in OTHERS),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A roll on its way to a file.

    Attributes:
        about: What the roll says and how it was made, plain values.
        schema: Columns of its rows, `about` in the metadata.
        batches: Its rows.
    """

    about: Mapping[str, object]
    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]


def roll(field: Field) -> Written:
    """Every customer with what is expected of her over twelve months, in no particular order.

    Args:
        field: The company's tables, with orders of known customers.

    Raises:
        Unsupported: The base or its history cannot support a model, with the reason.
    """
    people = People.of(field)
    people.refuse_short_logs()
    model = model_of(field, people)
    about = about_roll(field, people, model)
    prepared = roll_of(model)
    start = people.span.start
    held = people.states
    numbers = held.select(
        "channel",
        customer_id=held.customer_id.cast("string"),
        frequency=(held.n_occasions - 1).cast("int32"),
        first=held.first_on.delta(ibis.literal(start), unit="day").cast("int32"),
        last=held.last_on.delta(ibis.literal(start), unit="day").cast("int32"),
        total=held.total - held.first_amount,
        spent=held.total,
    )
    schema = SCHEMA.with_metadata({"cmo": json.dumps(about)})
    batches = (
        _written(batch, prepared, schema=schema, start=np.datetime64(start, "D"))
        for batch in _streamed(numbers)
        if batch.num_rows
    )
    return Written(about=about, schema=schema, batches=batches)


def _streamed(numbers: ir.Table) -> Iterator[pa.RecordBatch]:
    reader = numbers.to_pyarrow_batches(chunk_size=BATCH)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Ibis asks DuckDB for batches by an old name
        first = next(reader, None)
    if first is not None:
        yield first
        yield from reader


def about_roll(field: Field, people: People, model: Modelled) -> dict[str, object]:
    """What should be known of a roll before it is used."""
    tested = model.tested
    return {
        "as_of": people.span.end.isoformat(),
        "horizon_days": YEAR,
        "annual_rate": ANNUAL_RATE,
        "currency": field.company.currency,
        "money": people.money,
        "model": tested.chosen.model.name,
        "seasonal": tested.chosen.seasonal,
        "correction": tested.correction,
        "correction_error": tested.correction_error,
        "correction_by_age": {
            "below_182_days": float(tested.corrected.factor[0]),
            "below_365_days": float(tested.corrected.factor[1]),
            "above": float(tested.corrected.factor[2]),
        },
        "customers_before_the_log": bool(model.base.there_before),
    }


def _written(
    batch: pa.RecordBatch, prepared: Roll, *, schema: pa.Schema, start: np.datetime64
) -> pa.RecordBatch:
    channel, names = _coded(batch["channel"], prepared.model.base.channels)
    first, last = (batch[name].to_numpy(zero_copy_only=False).astype(np.int64) for name in ("first", "last"))
    frequency = batch["frequency"].to_numpy(zero_copy_only=False).astype(np.float64)
    total = batch["total"].to_numpy(zero_copy_only=False)
    who = Histories(channel=channel, frequency=frequency, first=first, last=last, total=total)
    found = prepared.entries(who)
    columns = {
        "customer_id": batch["customer_id"],
        "channel": names,
        "segment": pa.DictionaryArray.from_arrays(
            pa.array(found.segment.astype(np.int16)), pa.array([one.name for one in SEGMENTS])
        ),
        "occasions": frequency.astype(np.int32) + 1,
        "first_on": start + first,
        "last_on": start + last,
        "spent": batch["spent"],
        **_expected(found),
    }
    arrays = [
        pa.array(columns[at.name], type=at.type)
        if isinstance(columns[at.name], np.ndarray)
        else columns[at.name].cast(at.type)
        for at in schema
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _expected(found: Entries) -> dict[str, np.ndarray]:
    return {name: getattr(found, name) for name in (*CHANCES, *COUNTS, *OTHERS)}


def _coded(names: pa.Array, known: tuple[str, ...]) -> tuple[Integers, pa.DictionaryArray]:
    position = {name: at for at, name in enumerate(known)}
    coded = names.dictionary_encode()
    place = np.array([position[name] for name in coded.dictionary.to_pylist()], dtype=np.int64)
    channel = place[coded.indices.to_numpy(zero_copy_only=False)]
    return channel, pa.DictionaryArray.from_arrays(pa.array(channel.astype(np.int16)), pa.array(known))


def contacts(field: Field, *, personal: bool) -> pa.Table | None:
    """Who agreed to be written to, by customer, or None where the field does not know.

    Args:
        field: The company's tables.
        personal: Whether names and addresses are wanted too.

    Returns:
        customer_id, `agreed` (consent was given, and not withdrawn since), `withdrawn`; with `personal` also
        email, name, country and language, as far as known.
    """
    if "customers" not in field.tables or "email_consent_at" not in field.columns("customers"):
        return None
    people = field.table("customers")
    agreed = people.email_consent_at.cast("date") <= ibis.literal(field.as_of)
    gone = ibis.literal(value=False)
    if "unsubscribed_at" in people.columns:
        later = people.unsubscribed_at.cast("date") >= people.email_consent_at.cast("date")
        gone = people.unsubscribed_at.notnull() & later.fill_null(True)
    wanted = ("email", "name", "country", "language") if personal else ()
    found = people.select(
        *(name for name in wanted if name in people.columns),
        customer_id=people.customer_id.cast("string"),
        agreed=agreed.fill_null(False) & ~gone,
        withdrawn=gone,
    )
    return field.collect(found.distinct(on="customer_id", keep="first"))
