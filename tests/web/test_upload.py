"""Bringing files: kept apart, looked at, taken as a batch or dropped; what is no data is refused."""

import json
import re
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

HEAD = "order_id,customer_id,ordered_at,revenue\n"
ROWS = "".join(f"9{i},c{i % 7},2026-03-{1 + i % 27:02d},{10 + i}.50\n" for i in range(40))
_LONG = 180.0


def until(true: Any) -> Any:
    end = monotonic() + _LONG
    while monotonic() < end:
        if found := true():
            return found
        sleep(0.3)
    raise AssertionError("it did not happen in time")


def brought(office: Any, role: str, **files: str) -> str:
    """The page of files that were brought, once they were looked at."""
    answer = office.ask("/data/upload/files/", role=role, files={f"{k}.csv": v for k, v in files.items()})
    assert answer.status == 302, answer.text
    path = answer.headers["location"]
    until(lambda: 'id="job"' not in office.ask(path, role=role).text)
    return str(path)


def quarantine(office: Any) -> list[Path]:
    return sorted((office.folder / ".cmo" / "quarantine").glob("*/*"))


def test_files_are_looked_at_taken_as_a_batch_and_taken_back(office: Any) -> None:
    before = (office.folder / "cmo.yaml").read_text()
    path = brought(office, "analyst", spring=HEAD + ROWS + "99,c1,2026-03-05,oops\n")
    page = office.ask(path, role="analyst").text
    assert "40 of 41 rows would be kept, 1 refused" in page
    assert "oops" in page
    assert (office.folder / "cmo.yaml").read_text() == before
    assert quarantine(office)
    taken = office.ask(f"{path}take/", role="analyst", form={})
    assert taken.status == 302
    job = taken.headers["location"]
    told = until(
        lambda: (
            (text := office.ask(job, role="analyst").text)
            and ("Taken as batch" in text or "failed" in text)
            and text
        )
    )
    assert "Taken as batch" in told
    assert "data/spring.csv" in (office.folder / "cmo.yaml").read_text()
    assert quarantine(office) == []
    assert "These files were taken" in office.ask(path, role="analyst").text
    assert office.ask(f"{path}take/", role="analyst", form={}).status == 422
    batch = int(re.findall(r"Taken as batch (\d+)", told)[0])
    assert office.ask("/api/v1/acts/undo_import", key="analyst", said={"number": batch}).status == 200
    (office.folder / "cmo.yaml").write_text(before)


def test_what_is_dropped_leaves_nothing(office: Any) -> None:
    path = brought(office, "owner", summer=HEAD + ROWS)
    assert office.ask(f"{path}drop/", role="owner", form={}).status == 302
    assert quarantine(office) == []
    assert "summer" not in (office.folder / "cmo.yaml").read_text()
    assert office.ask(f"{path}take/", role="owner", form={}).status == 422


def test_one_file_that_cannot_be_read_keeps_all_from_being_taken(office: Any) -> None:
    path = brought(office, "owner", good=HEAD + ROWS, bad="\x00\x01\x02" * 50)
    page = office.ask(path, role="owner").text
    assert f"{path}take/" not in page
    job = office.ask(f"{path}take/", role="owner", form={}).headers["location"]
    until(lambda: "failed" in office.ask(job, role="owner").text)
    assert not (office.folder / "data" / "good.csv").exists()
    office.ask(f"{path}drop/", role="owner", form={})


@pytest.mark.parametrize("name", ["shell.sh", "page.html", "..", "data.csv.exe", "nothing"])
def test_what_is_no_data_is_refused_by_name(office: Any, name: str) -> None:
    answer = office.ask("/data/upload/files/", role="owner", files={name: HEAD})
    assert answer.status == 422


def test_a_name_leads_nowhere_else(office: Any) -> None:
    files = {"../../../cmo.yaml.csv": HEAD + ROWS, "..\\\\evil*[a].csv": HEAD + ROWS}
    path = office.ask("/data/upload/files/", role="owner", files=files).headers["location"]
    number = path.split("/")[3]
    kept = [one.relative_to(office.folder / ".cmo" / "quarantine") for one in quarantine(office)]
    mine = [one for one in kept if one.parts[0] == number]
    assert len(mine) == 2
    assert all(re.fullmatch(r"[\w .()-]+", one.name) for one in mine)
    office.ask(f"{path}drop/", role="owner", form={})


def test_files_are_taken_nowhere_else_and_never_without_a_right(office: Any) -> None:
    assert office.ask("/data/upload/files/", role="viewer", files={"a.csv": HEAD}).status == 403
    assert office.ask("/data/upload/files/", files={"a.csv": HEAD}).status == 302
    before = quarantine(office)
    office.ask("/data/me/", role="viewer", files={"a.csv": HEAD})
    assert quarantine(office) == before


def test_a_program_brings_files_too(office: Any) -> None:
    answer = office.ask("/api/v1/uploads", key="analyst", files={"autumn.csv": HEAD + ROWS})
    assert answer.status == 200, answer.text
    upload = json.loads(answer.text)["data"]["upload"]
    assert office.ask("/api/v1/uploads", key="viewer", files={"autumn.csv": HEAD}).status == 403
    assert office.ask("/api/v1/acts/drop_upload", key="analyst", said={"upload": upload}).status == 200
