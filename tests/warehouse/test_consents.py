"""An import never raises a consent."""

from collections.abc import Callable
from typing import Any

from cmo.warehouse.engines import open_field
from cmo.warehouse.intake import read_sources, take_back
from cmo.warehouse.manifest import Manifest
from cmo.workspace import Workspace

Made = Callable[..., Workspace]
SOURCES = "  customers: {path: 'a*'}\n"
HEAD = "customer_id,email,email_consent_at,unsubscribed_at\n"


def known(workspace: Workspace) -> dict[str, tuple[str | None, str | None]]:
    field = open_field(workspace)
    got: list[dict[str, Any]] = field.collect(field.table("customers")).to_pylist()

    def day(value: Any) -> str | None:
        return None if value is None else value.date().isoformat()

    return {
        row["customer_id"]: (day(row.get("email_consent_at")), day(row.get("unsubscribed_at"))) for row in got
    }


def read(workspace: Workspace, name: str, body: str, *, head: str = HEAD) -> None:
    (workspace.folder / name).write_text(head + body, encoding="utf-8")
    read_sources(workspace)


CASES: dict[str, tuple[list[str], tuple[str | None, str | None]]] = {
    "a subscription is read": (["{id},{id}@x.fr,2026-01-01,\n"], ("2026-01-01", None)),
    "a later consent of a subscriber is read": (
        ["{id},{id}@x.fr,2026-01-01,\n", "{id},{id}@x.fr,2026-02-01,\n"],
        ("2026-02-01", None),
    ),
    "an unsubscription is never cleared": (
        ["{id},{id}@x.fr,2026-01-01,2026-02-01\n", "{id},{id}@x.fr,2026-01-01,\n"],
        ("2026-01-01", "2026-02-01"),
    ),
    "a consent does not pass over an unsubscription": (
        ["{id},{id}@x.fr,2026-01-01,2026-02-01\n", "{id},{id}@x.fr,2026-03-01,2026-02-01\n"],
        ("2026-01-01", "2026-02-01"),
    ),
    "nor when both change": (
        ["{id},{id}@x.fr,2026-01-01,2026-02-01\n", "{id},{id}@x.fr,2026-03-01,\n"],
        ("2026-01-01", "2026-02-01"),
    ),
    "a later unsubscription is read": (
        ["{id},{id}@x.fr,2026-01-01,2026-02-01\n", "{id},{id}@x.fr,2026-01-01,2026-03-01\n"],
        ("2026-01-01", "2026-03-01"),
    ),
    "an unsubscription does not move back": (
        ["{id},{id}@x.fr,2026-01-01,2026-02-01\n", "{id},{id}@x.fr,2026-01-01,2026-01-15\n"],
        ("2026-01-01", "2026-02-01"),
    ),
    "who came back before the first import is believed": (
        ["{id},{id}@x.fr,2026-03-01,2026-02-01\n", "{id},{id}@x.fr,2026-03-01,2026-02-01\n"],
        ("2026-03-01", "2026-02-01"),
    ),
}


def test_a_consent_is_never_raised_by_an_import(made: Made) -> None:
    workspace = made(SOURCES)
    for at in range(2):
        rows = (contents[min(at, len(contents) - 1)] for contents, _ in CASES.values())
        read(workspace, "a.csv", "".join(row.format(id=number) for number, row in enumerate(rows)))
    stand = known(workspace)
    found = {case: stand[str(number)] for number, case in enumerate(CASES)}
    assert found == {case: stands for case, (_, stands) in CASES.items()}
    read_sources(workspace)
    assert known(workspace) == stand


def test_another_file_without_the_column_keeps_the_unsubscription(made: Made) -> None:
    workspace = made(SOURCES, a1__csv=HEAD + "1,a@x.fr,2026-01-01,2026-02-01\n")
    read_sources(workspace)
    read(
        workspace,
        "a2.csv",
        "1,Ann,2026-05-01\n3,Eve,2026-05-01\n",
        head="customer_id,name,email_consent_at\n",
    )
    assert known(workspace) == {"1": ("2026-01-01", "2026-02-01"), "3": ("2026-05-01", None)}
    assert Manifest.read(workspace.cmo / "warehouse").batches[-1].total("withheld") == 1


def test_an_address_stays_unsubscribed_under_another_reference(made: Made) -> None:
    workspace = made(SOURCES, a1__csv=HEAD + "1,a@x.fr,2026-01-01,2026-02-01\n")
    read_sources(workspace)
    read(workspace, "a2.csv", "77, A@X.fr ,2026-05-01,\n")
    assert known(workspace)["77"] == ("2026-01-01", "2026-02-01")


def test_an_unsubscription_outlives_the_file_that_told_it(made: Made) -> None:
    workspace = made(SOURCES, a1__csv=HEAD + "1,a@x.fr,2026-01-01,2026-02-01\n", a2__csv=HEAD + "2,,,\n")
    read_sources(workspace)
    (workspace.folder / "a1.csv").unlink()
    read_sources(workspace)
    read(workspace, "a3.csv", "1,a@x.fr,2026-06-01,\n")
    assert known(workspace)["1"] == ("2026-01-01", "2026-02-01")


def test_a_batch_taken_back_takes_its_unsubscriptions_along(made: Made) -> None:
    workspace = made(SOURCES, a1__csv=HEAD + "1,a@x.fr,2026-01-01,\n")
    read_sources(workspace)
    read(workspace, "a1.csv", "1,a@x.fr,2026-01-01,2026-02-01\n")
    assert known(workspace)["1"] == ("2026-01-01", "2026-02-01")
    take_back(workspace, 2)
    assert known(workspace)["1"] == ("2026-01-01", None)
    read(workspace, "a1.csv", "1,a@x.fr,2026-04-01,\n")
    assert known(workspace)["1"] == ("2026-04-01", None)


def test_an_unsubscription_that_a_standing_batch_repeats_stays_known(made: Made) -> None:
    workspace = made(SOURCES, a1__csv=HEAD + "1,a@x.fr,2026-01-01,2026-02-01\n")
    read_sources(workspace)
    read(workspace, "a2.csv", "1,a@x.fr,2026-01-01,2026-02-01\n")
    take_back(workspace, 1)
    read(workspace, "a2.csv", "1,a@x.fr,2026-03-01,\n")
    assert known(workspace)["1"] == ("2026-01-01", "2026-02-01")
