"""A REST service read through its pages, its limits and its breakdowns."""

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from cmo.measures import Problem
from cmo.warehouse.connectors import rest
from cmo.warehouse.connectors.protocol import Stream
from cmo.warehouse.connectors.rest import Patience, RestConnector
from cmo.warehouse.credentials import Credentials
from cmo.warehouse.engines import open_field
from cmo.warehouse.intake import read_sources, take_back
from cmo.warehouse.manifest import Manifest
from cmo.warehouse.readout import ReadReport
from cmo.workspace import Workspace
from cmo.workspace.streams import Rest

pytestmark = pytest.mark.enable_socket

SECRET = "s3cr3t-0f-the-shop"  # noqa: S105 - planted to be looked for
AUTH = ", auth: {bearer: '${SHOP_TOKEN}'}"
PAGES = {
    "offset": "{by: offset, limit: 10}",
    "number": "{by: number}",
    "cursor": "{by: cursor, next: paging.next, param: after}",
    "link": "{by: link}",
    "url": "{by: url, next: paging.next}",
    "none": "{by: none}",
}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest, "PATIENCE", Patience(attempts=3, first=0.01, longest=1.0, answer=5.0))


def company(folder: Path, service: Any, *, read: str = "", auth: str = "") -> Workspace:
    folder.mkdir(exist_ok=True)
    (folder / "cmo.yaml").write_text(
        "company: {name: Shop, timezone: Europe/Paris}\nsources:\n  media:\n"
        f"    rest: {{url: '{service.url}', records: data.items, since: since,"
        f" pages: {PAGES[service.pages]}{auth}}}\n"
        "    columns: {date: day, channel: name, spend: metrics.cost}\n"
        + (f"    read: {read}\n" if read else "")
    )
    return Workspace.open(folder)


def spends(workspace: Workspace) -> list[float]:
    field = open_field(workspace)
    rows: list[dict[str, Any]] = field.collect(field.table("media").order_by("date")).to_pylist()
    return [row["spend"] for row in rows]


def states(report: ReadReport) -> list[tuple[str, int]]:
    return [(one.state, one.rows_read) for one in report.sources]


def days(service: Any) -> list[str]:
    """The days of all records that a connector reads."""
    told = {"url": service.url, "records": "data.items", "pages": yaml(PAGES[service.pages])}
    stream = Stream(name="report", suffix=".jsonl", cursor="day")
    connector = RestConnector(
        rest=Rest.model_validate(told), stream=stream, where="here", credentials=Credentials()
    )
    pages = connector.read(stream, since=None, resume=None)
    return [json.loads(line)["day"] for page in pages for line in page.data.splitlines()]


def yaml(text: str) -> Any:
    return YAML(typ="safe").load(text)


@pytest.mark.parametrize("pages", PAGES)
def test_all_pages_are_read_however_they_are_split(service: Any, pages: str) -> None:
    service.pages = pages
    assert days(service) == [one["day"] for one in service.records]


@pytest.mark.parametrize("faults", [[429], [503, 502], ["cut"], [429, "cut"]])
def test_a_service_that_is_busy_or_fails_is_asked_again(service: Any, faults: list[int | str]) -> None:
    service.pages, service.faults = "offset", list(faults)
    assert days(service) == [one["day"] for one in service.records]
    assert service.starts() == [0] * (len(faults) + 1) + [10, 20, 30]


@pytest.mark.parametrize("pages", ["offset", "cursor", "link"])
def test_a_reading_that_was_cut_off_goes_on_where_it_was(tmp_path: Path, service: Any, pages: str) -> None:
    service.pages = pages
    workspace = company(tmp_path / "w", service)
    real, seen = RestConnector._page, []

    def fail_after_two(self: RestConnector, page: Any, stream: Any) -> Any:
        seen.append(page)
        service.faults = [500] * 3 if len(seen) == 2 else []
        return real(self, page, stream)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RestConnector, "_page", fail_after_two)
        with pytest.raises(Problem, match="500: it is out of order; what came so far is kept"):
            read_sources(workspace)
    n_asked = len(service.asked)
    assert states(read_sources(workspace)) == [("new", 25)]
    assert spends(workspace) == [day + 0.5 for day in range(25)]
    assert len(service.asked) - n_asked <= 2, "the first two pages are not asked for again"
    assert not list((workspace.cmo / "warehouse/landing").glob("*"))


def test_a_second_reading_asks_for_what_is_new_and_what_may_be_restated(tmp_path: Path, service: Any) -> None:
    service.pages = "offset"
    workspace = company(tmp_path / "w", service, read="{cursor: day, lookback_days: 3, start: 2026-01-01}")
    read_sources(workspace)
    assert service.asked[0]["since"] == "2026-01-01"
    service.asked.clear()
    assert states(read_sources(workspace)) == [("unchanged", 0)]
    assert {one["since"] for one in service.asked} == {"2026-01-22"}
    service.records[23]["metrics"]["cost"] = 100.0
    service.records += [service.record(25), service.record(26)]
    service.asked.clear()
    assert states(read_sources(workspace)) == [("appended", 6)]
    assert spends(workspace) == [*(day + 0.5 for day in range(23)), 100.0, 24.5, 25.5, 26.5]
    (brought,) = Manifest.read(workspace.cmo / "warehouse").batches[-1].brought
    assert (brought.existing, brought.restated, brought.valid) == (3, 1, 6)
    assert brought.origin == f"GET {service.url}"


def test_a_record_that_comes_twice_counts_as_it_came_last(tmp_path: Path, service: Any) -> None:
    service.records.append(service.record(24, cost=7.0))
    workspace = company(tmp_path / "w", service, read="{cursor: day}")
    read_sources(workspace)
    assert spends(workspace)[-1] == 7.0
    assert len(spends(workspace)) == 25


def test_a_stream_waits_after_its_last_batch_was_taken_back(tmp_path: Path, service: Any) -> None:
    workspace = company(tmp_path / "w", service, read="{cursor: day, lookback_days: 3}")
    read_sources(workspace)
    service.records.append(service.record(25))
    read_sources(workspace)
    take_back(workspace, 2)
    service.asked.clear()
    assert states(read_sources(workspace)) == [("undone", 0)]
    assert service.asked == []
    assert len(spends(workspace)) == 25


def test_no_file_and_no_sentence_shows_a_credential(
    tmp_path: Path, service: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_TOKEN", SECRET)
    service.token, service.pages = SECRET, "url"
    workspace = company(
        tmp_path / "w", service, read="{cursor: day}", auth=", auth: {bearer: '${SHOP_TOKEN}'}"
    )
    read_sources(workspace)
    monkeypatch.setenv("SHOP_TOKEN", f"{SECRET}-wrong")
    with pytest.raises(Problem, match="401: it refuses the credentials") as caught:
        read_sources(workspace)
    said = str(caught.value)
    kept = [path.read_bytes() for path in workspace.folder.rglob("*") if path.is_file()]
    assert SECRET not in said
    assert not any(SECRET.encode() in content for content in kept)


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (404, "404: there is nothing at this address"),
        (429, "429: it is asked too often"),
        (400, "400; check url and params"),
    ],
)
def test_a_refusal_is_one_sentence(tmp_path: Path, service: Any, status: int, says: str) -> None:
    service.faults = [status] * 3
    with pytest.raises(Problem, match=says) as caught:
        read_sources(company(tmp_path / "w", service))
    assert len(caught.value.sentences) == 1


def test_an_answer_without_records_is_one_sentence(tmp_path: Path, service: Any) -> None:
    service.records = []
    with pytest.raises(Problem, match="gave no row"):
        read_sources(company(tmp_path / "w", service))


def test_telemetry_is_off() -> None:
    assert rest.os.environ["RUNTIME__DLTHUB_TELEMETRY"] == "false"
