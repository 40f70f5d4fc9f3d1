"""`cmo privacy`: one person told or erased across warehouse, ledger and files; retention; the register."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.utils import timezone

from cmo.briefs.answers import Answer, Data
from cmo.communication.consent import State, normal
from cmo.ledger import people, privacy
from cmo.ledger.audit import note
from cmo.ledger.consents import recipient_of, standing
from cmo.loop.consenting import PURPOSES
from cmo.loop.results import keep_results
from cmo.loop.roll import path_of
from cmo.loop.standing import opened
from cmo.measures import Language, Problem, Text
from cmo.warehouse.erasure import REFERENCES, Person, erase, references_of, rows_of
from cmo.warehouse.tables import TABLES
from cmo.workspace import Workspace
from cmo.workspace.place import files_at

PROSPECT: Final = timedelta(days=3 * 365 + 1)
"""How long somebody is kept after their last contact: a click counts, an open does not (CNIL)."""
UNCONFIRMED: Final = timedelta(days=30)
STATISTICS: Final = timedelta(days=25 * 30 + 11)
EVENTS: Final = timedelta(days=365)
_PERSONAL: Final = (*REFERENCES, "email", "name", "text")


def export(folder: Path, who: str, *, to: Path, by: str, language: Language | None) -> Answer:
    """Write all that is known of a person to a file: JSON, and beside it a table of the same.

    Args:
        folder: The company's folder.
        who: An address, or what the company's tables call them.
        to: The file, .json.
        by: Who exports.
        language: Language of the answer.

    Raises:
        Problem: Nothing is known of them, or the file cannot be written.
    """
    workspace = opened(folder)
    person, recipient = _person(workspace, who)
    told: dict[str, Any] = {
        "tables": dict(rows_of(workspace.cmo / "warehouse", person)),
        "ledger": privacy.known_of(recipient, person.references),
        "files": _roll_rows(workspace, person),
    }
    n = sum(len(rows) for rows in (*told["tables"].values(), *told["ledger"].values(), told["files"]))
    if not n:
        raise Problem(f"{who}: nothing is known of them here")
    flat = to.with_suffix(".csv")
    try:
        to.write_text(json.dumps(told, ensure_ascii=False, indent=2, default=str) + "\n", encoding="utf-8")
        flat.write_text(_flat(told), encoding="utf-8")
    except OSError as error:
        raise Problem(f"{to}: this file cannot be written ({error.strerror})") from error
    note("export person", by=by, kind="person", key=recipient[:12])
    said = Text(f"{n} rows written to {to} and {flat}.", f"{n} lignes écrites dans {to} et {flat}.")
    counts = {name: len(rows) for part in ("tables", "ledger") for name, rows in told[part].items()}
    spoken = language or workspace.config.company.language
    return Answer(data={"file": str(to), "rows": n, **counts}, lines=(said.in_(spoken),))


def erased(folder: Path, who: str, *, by: str, language: Language | None) -> Answer:
    """Erase a person from warehouse, ledger and files; what remains is a hash that forbids writing to them.

    The company's own sources are not touched: those that still hold them are named.

    Args:
        folder: The company's folder.
        who: An address, or what the company's tables call them.
        by: Who erases.
        language: Language of the answer.

    Raises:
        Problem: Another process is writing.
    """
    workspace = opened(folder)
    with workspace.writing():
        person, recipient = _person(workspace, who)
        counted: Data = dict(privacy.erase(recipient, person.references))
        for name, n in erase(workspace.cmo / "warehouse", person).items():
            counted[name] = n
        counted["files"] = _without(workspace, person)
        keep_results(workspace)
        still = sorted(_sources_with(workspace, person))
    note("erase person", by=by, kind="person", key=recipient[:12])
    spoken = language or workspace.config.company.language
    lines = [
        Text(
            "Erased. A hash of the address remains, so that nobody writes to it again.",
            "Effacé. Il reste une empreinte de l'adresse, pour que personne n'y écrive plus.",
        ).in_(spoken)
    ]
    if still:
        named = ", ".join(still)
        lines.append(
            Text(
                f"Your own files still hold them: {named}. Erase them there too; read again, they "
                "stay erased here.",
                f"Vos propres fichiers les contiennent encore : {named}. Les y effacer aussi ; relus, ils "
                "restent effacés ici.",
            ).in_(spoken)
        )
    return Answer(data={"erased": counted, "sources": still}, lines=tuple(lines))


def retention(folder: Path, *, apply: bool, by: str, language: Language | None) -> Answer:
    """What has been kept for too long; forgotten, where that is asked.

    Args:
        folder: The company's folder.
        apply: Whether to forget it.
        by: Who asks.
        language: Language of the answer.
    """
    workspace = opened(folder)
    now = timezone.now()
    ends = privacy.Ends(
        people=now - PROSPECT,
        unconfirmed=now - UNCONFIRMED,
        clicks=now - STATISTICS,
        messages=now - PROSPECT,
        registrations=now - EVENTS,
    )
    agreed = frozenset(
        one.recipient
        for one in people.subscribers()
        if any(standing(one.recipient, purpose) is State.AGREED for purpose in PURPOSES)
    )
    found = privacy.overdue(ends, confirmed=agreed, apply=apply)
    if apply:
        keep_results(workspace)
        note("retention", by=by, kind="person", details=found)
    head = Text("kept for too long|how many", "gardé trop longtemps|combien")
    said = (
        Text("Forgotten.", "Oublié.")
        if apply
        else Text(
            "Nothing was forgotten yet: --apply does it.", "Rien n'a encore été oublié : --apply le fait."
        )
    )
    spoken = language or workspace.config.company.language
    body = tuple((name, str(n)) for name, n in found.items())
    return Answer(
        data={"overdue": found, "applied": apply},
        lines=(said.in_(spoken),),
        head=tuple(head.in_(spoken).split("|")),
        body=body,
    )


def register(folder: Path, *, language: Language | None) -> Answer:
    """The register of processing, made from the tables themselves."""
    workspace = opened(folder)
    spoken = language or workspace.config.company.language
    entries: list[Data] = [
        {
            "table": name,
            "purpose": why.purpose.in_(spoken),
            "persons": why.persons.in_(spoken),
            "data": list(columns),
            "basis": why.basis.in_(spoken),
            "keeps": why.keeps.in_(spoken),
        }
        for name, columns, why in privacy.tables_of_persons()
    ]
    entries += [_of_table(name, spoken) for name in workspace.config.sources if _columns(name)]
    head = Text("table|purpose|persons|basis|kept", "table|finalité|personnes|base|durée").in_(spoken)
    body = tuple(
        (
            str(one["table"]),
            str(one["purpose"]),
            str(one["persons"]),
            str(one["basis"]),
            str(one["keeps"]),
        )
        for one in entries
    )
    return Answer(
        data={"controller": workspace.config.company.name, "processings": entries},
        lines=(f"{workspace.config.company.name}",),
        head=tuple(head.split("|")),
        body=body,
    )


def _of_table(name: str, language: Language) -> Data:
    return {
        "table": name,
        "purpose": Text("measure marketing", "mesurer le marketing").in_(language),
        "persons": Text("customers and prospects", "clients et prospects").in_(language),
        "data": list(_columns(name)),
        "basis": Text("legitimate interest (art. 6.1.f)", "intérêt légitime (art. 6.1.f)").in_(language),
        "keeps": Text("as long as its source holds it", "aussi longtemps que sa source").in_(language),
    }


def _columns(table: str) -> tuple[str, ...]:
    known = TABLES.get(table)
    return () if known is None else tuple(one.name for one in known.columns if one.name in _PERSONAL)


def _person(workspace: Workspace, who: str) -> tuple[Person, str]:
    """Whom it is about, and the hash of their address."""
    warehouse = workspace.cmo / "warehouse"
    if "@" in who:
        address = normal(who)
        return Person(address=address, references=references_of(warehouse, address)), recipient_of(address)
    rows = rows_of(warehouse, Person(address="", references=(who,))).get("customers", [])
    address = next((normal(str(row["email"])) for row in rows if row.get("email")), "")
    references = {who, *(references_of(warehouse, address) if address else ())}
    return (
        Person(address=address, references=tuple(sorted(references))),
        recipient_of(address) if address else "",
    )


def _roll_rows(workspace: Workspace, person: Person) -> list[dict[str, Any]]:
    path = path_of(workspace)
    if not path.exists() or not person.references:
        return []
    table = pq.read_table(path, filters=[("customer_id", "in", list(person.references))])
    return [dict(row) for row in table.to_pylist()]


def _without(workspace: Workspace, person: Person) -> int:
    """Take a person out of the roll and of the lists of refused rows; how many lines went."""
    n = 0
    path = path_of(workspace)
    if path.exists() and person.references:
        table = pq.read_table(path)
        mine = pc.is_in(table["customer_id"], value_set=_values(person.references))
        gone = int(pc.sum(mine).as_py() or 0)
        if gone:
            draft = path.with_suffix(".new")
            pq.write_table(table.filter(pc.invert(mine)), draft)
            draft.replace(path)
            n += gone
    for file in (workspace.cmo / "imports").rglob("*.csv"):
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
        kept = [line for line in lines if not _names(person, line)]
        if len(kept) < len(lines):
            file.write_text("".join(kept), encoding="utf-8")
            n += len(lines) - len(kept)
    return n


def _values(references: tuple[str, ...]) -> Any:
    return pa.array(list(references))


def _names(person: Person, line: str) -> bool:
    low = line.casefold()
    return bool(person.address and person.address in low) or any(one in line for one in person.references)


def _sources_with(workspace: Workspace, person: Person) -> Iterator[str]:
    """The company's own text files in which the person still stands."""
    for name, sources in workspace.config.sources.items():
        for source in sources:
            if source.path is None or source.path.startswith(".cmo"):
                continue
            if not _columns(name):
                continue
            for path in files_at(source.path, folder=workspace.folder):
                if path.suffix not in {".csv", ".tsv", ".jsonl", ".ndjson", ".txt"} or _stands_in(
                    path, person
                ):
                    yield str(path)


def _stands_in(path: Path, person: Person) -> bool:
    with path.open(encoding="utf-8", errors="replace") as file:
        return any(_names(person, line) for line in file)


def _flat(told: dict[str, Any]) -> str:
    """The same as a table: part, table, row, column, value."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(("part", "table", "row", "column", "value"))
    parts = {
        **{("table", k): v for k, v in told["tables"].items()},
        **{("ledger", k): v for k, v in told["ledger"].items()},
    }
    parts["file", "roll"] = told["files"]
    for (part, name), rows in parts.items():
        for at, row in enumerate(rows, start=1):
            table.writerows((part, name, at, column, value) for column, value in row.items())
    return written.getvalue()
