"""Names of channels in the data: never changed in silence, one channel where cmo.yaml says so."""

from collections.abc import Callable
from pathlib import Path

from cmo.warehouse.channel_names import alike, renamed_in
from cmo.warehouse.engines import open_field
from cmo.warehouse.field import Field
from cmo.warehouse.intake import read_sources
from cmo.workspace import Workspace

Made = Callable[..., Workspace]
SOURCES = "  media: {path: m.csv}\n  touchpoints: {path: t.csv}\n"
MEDIA = "date,channel,spend\n2026-01-01,FBIG,10\n2026-01-01,tv,5\n"
TOUCHES = "person_id,at,channel\np,2026-01-01 10:00,facebook_ads\np,2026-01-01 11:00,email\n"


def opened(made: Made, channels: str = "") -> Field:
    workspace = made(SOURCES + channels, m__csv=MEDIA, t__csv=TOUCHES)
    read_sources(workspace)
    return open_field(workspace)


def names(field: Field, table: str) -> set[str]:
    return set(field.collect(field.table(table).select("channel"))["channel"].to_pylist())


def test_names_stay_as_they_are_and_those_alike_are_told(made: Made) -> None:
    field = opened(made)
    assert names(field, "media") == {"FBIG", "tv"}
    assert alike(field) == {"meta": ("FBIG", "facebook_ads")}
    assert renamed_in(field) == {}


def test_spend_and_touchpoints_meet_under_one_name(made: Made) -> None:
    before = opened(made).fingerprint(["media"])
    field = opened(made, "channels: {standard: true, names: {television: [TV]}}\n")
    assert names(field, "media") == {"meta", "television"}
    assert names(field, "touchpoints") == {"meta", "email"}
    assert {one.name: one.channel for one in renamed_in(field)["media"]} == {
        "FBIG": "meta",
        "tv": "television",
    }
    assert field.fingerprint(["media"]) != before
    assert alike(field) == {}


def test_what_was_read_is_not_read_again_for_a_name(made: Made, tmp_path: Path) -> None:
    opened(made)
    workspace = made(SOURCES + "channels: {standard: true}\n", m__csv=MEDIA, t__csv=TOUCHES)
    assert {one.state for one in read_sources(workspace).sources} == {"unchanged"}
