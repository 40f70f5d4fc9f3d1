from pathlib import Path

import pytest
from django.db import connection

from cmo.ledger import models
from cmo.ledger.audit import broken_at, entries, note


def test_entries_are_numbered_and_come_latest_first(ledger: Path) -> None:
    for i in range(5):
        note("answer", by="ana", kind="challenge", key=str(i), details={"state": "accepted"})
    told = entries(most=2)
    assert [one.number for one in told] == [5, 4]
    assert [one.number for one in entries(most=9, before=4)] == [3, 2, 1]
    assert (told[0].by, told[0].action, told[0].kind, told[0].key) == ("ana", "answer", "challenge", "4")
    assert told[0].details == {"state": "accepted"}
    assert broken_at() is None


def test_an_entry_cannot_be_changed_through_the_ledger(ledger: Path) -> None:
    note("sign in", by="ana")
    with pytest.raises(RuntimeError):
        models.AuditEntry.rows.update(by="bea")
    with pytest.raises(RuntimeError):
        models.AuditEntry.rows.get(number=1).delete()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_auditentry SET by = 'bea' WHERE number = 2",
        "UPDATE ledger_auditentry SET details = '{\"a\": 1}' WHERE number = 2",
        "DELETE FROM ledger_auditentry WHERE number = 2",
        "UPDATE ledger_auditentry SET number = 9 WHERE number = 2",
    ],
)
def test_a_change_behind_the_ledger_shows(ledger: Path, sql: str) -> None:
    for _ in range(3):
        note("sign in", by="ana")
    assert broken_at() is None
    with connection.cursor() as cursor:
        cursor.execute(sql)
    assert broken_at() == 2
