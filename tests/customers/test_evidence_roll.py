"""From a field to a roll of every customer, what is known of them, and what contacts gained."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cmo.customers.evidence_actions import arms_of
from cmo.customers.evidence_base import People, model_of
from cmo.customers.evidence_known import cohorts_of, knowledge, shared_keys
from cmo.customers.evidence_roll import contacts, roll
from cmo.customers.purchases.fitting import Unsupported
from cmo.loop.audiences import _harmless
from cmo.loop.roll import keep_roll, path_of
from cmo.measures import Estimate
from cmo.warehouse.field import Field
from cmo.workspace import Workspace

World = tuple[Field, dict[str, float]]


@pytest.fixture(scope="module")
def written(world: World) -> pa.Table:
    found = roll(world[0])
    return pa.Table.from_batches(list(found.batches), schema=found.schema)


def test_every_customer_is_on_the_roll_once_with_a_value(written: pa.Table, world: World) -> None:
    field, later = world
    orders = field.table("orders")
    assert written.num_rows == field.collect(orders.customer_id.nunique())[0][0].as_py()
    assert len(set(written["customer_id"].to_pylist())) == written.num_rows
    value, low, high = (written[name].to_numpy() for name in ("value", "value_low", "value_high"))
    assert np.all(low <= high)
    assert value.sum() == pytest.approx(sum(later.values()), rel=0.15)
    channel = np.array(written["channel"].to_pylist())
    for name, brought in later.items():
        assert value[channel == name].sum() == pytest.approx(brought, rel=0.2)


def test_the_roll_adds_up_to_the_equity_that_is_told(written: pa.Table, world: World) -> None:
    from cmo.customers.lifetime_evidence import lifetime  # noqa: PLC0415 - only here

    told = lifetime(world[0], rng=np.random.default_rng(1))
    equity = next(
        one
        for one in told
        if isinstance(one, Estimate) and (one.measure, one.by) == ("customers.equity", "segment")
    )
    segment = np.array(written["segment"].to_pylist())
    for name in equity.subjects:
        mine = written["value"].to_numpy()[segment == name].sum()
        assert mine == pytest.approx(equity.figure(name).value, rel=0.02)


def test_a_review_writes_the_roll_once_and_takes_away_what_is_of_other_orders(
    world: World, tmp_path: Path
) -> None:
    (tmp_path / "cmo.yaml").write_text("company: {name: Shop}\nsources: {}\n", encoding="utf-8")
    workspace = Workspace.open(tmp_path)
    keep_roll(workspace, world[0], progress=lambda _: None)
    path = path_of(workspace)
    before = path.stat().st_mtime_ns
    assert b"cmo" in (pq.read_schema(path).metadata or {})
    keep_roll(workspace, world[0], progress=lambda _: None)
    assert path.stat().st_mtime_ns == before
    young = world[0].during(world[0].span("orders").last(100))
    with pytest.raises(Unsupported, match="270 days"):
        roll(young)
    keep_roll(workspace, young, progress=lambda _: None)
    assert not path.exists()


def test_only_who_agreed_and_did_not_withdraw_may_be_written_to(world: World) -> None:
    found = contacts(world[0], personal=False)
    assert found is not None
    assert set(found.column_names) == {"customer_id", "agreed", "withdrawn"}
    agreed, withdrawn = (found[name].to_numpy(zero_copy_only=False) for name in ("agreed", "withdrawn"))
    assert agreed.mean() == pytest.approx(0.63, abs=0.03)
    assert not np.any(agreed & withdrawn)
    named = contacts(world[0], personal=True)
    assert named is not None
    assert "email" in named.column_names
    without = {name: world[0].collect(world[0].table(name)) for name in ("orders",)}
    assert contacts(Field.of_tables(without), personal=False) is None


def test_what_a_contact_gained_is_found_by_segment(world: World) -> None:
    field = world[0]
    people = People.of(field)
    (arm,) = arms_of(field, people, model_of(field, people))
    assert arm.name == "mail: letter"
    enough = arm.contacted > 100
    assert enough.any()
    assert np.all(np.abs(arm.gained - 6.0)[enough] < 4.5 * arm.error[enough])


def test_records_that_share_an_address_are_found(world: World) -> None:
    pairs = shared_keys(world[0])["email"]
    assert len(pairs) == 40
    assert {len({record for record, key in pairs if key == one}) for one in {key for _, key in pairs}} == {2}


def test_what_is_not_known_is_counted(world: World) -> None:
    known = knowledge(world[0])
    facts = {one.name: one.known for one in known.facts}
    assert known.records == 3_000
    assert facts["email"] == 1.0
    assert facts["email_consent_at"] == pytest.approx(0.7, abs=0.03)
    assert known.strangers == 0
    assert known.last["orders"] <= known.as_of


def test_cohorts_are_the_months_of_first_orders(world: World) -> None:
    found = cohorts_of(world[0], rng=np.random.default_rng(0))
    assert found.months[0].start == date(2022, 1, 1)
    assert found.months[1].start - found.months[0].start == timedelta(days=31)
    assert found.triangle.share.shape == (24, 12)
    assert np.nansum(found.triangle.seen) == sum(min(12, 23 - at) for at in range(24))


def test_text_that_a_spreadsheet_would_run_is_made_harmless() -> None:
    table = pa.table({"customer_id": ["=1+1", "C1"], "value": [-1.0, 2.0]})
    assert _harmless(table)["customer_id"].to_pylist() == ["'=1+1", "C1"]
    assert _harmless(table)["value"].to_pylist() == [-1.0, 2.0]
