"""A table of a real MariaDB read from nothing, then from its cursor on, and its password looked for.

    python benchmarks/connectors_mariadb.py      # needs mariadbd: apt-get install mariadb-server

The server is started on loopback in a folder of its own and stopped at the end.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pymysql

from cmo.measures import Problem
from cmo.warehouse.engines import open_field
from cmo.warehouse.intake import read_sources
from cmo.workspace import Workspace

PORT = 13307
WORD = "p@ss:w/r%d"
CONFIG = f"""\
company: {{name: Shop, currency: EUR, timezone: Europe/Paris}}
sources:
  orders:
    table: lines_
    url: mysql://reader:${{SHOP_PW}}@127.0.0.1:{PORT}/shop
    columns: {{order_id: invoice, ordered_at: sold_at, revenue: amount}}
    read: {{cursor: updated_at, lookback_days: 2, key: [line], timezone: UTC}}
"""
MADE = (
    "CREATE DATABASE shop CHARACTER SET utf8mb4",
    f"CREATE USER reader@'127.0.0.1' IDENTIFIED BY '{WORD}'",
    "GRANT SELECT ON shop.* TO reader@'127.0.0.1'",
    "USE shop",
    (
        "CREATE TABLE lines_ (line int PRIMARY KEY, invoice varchar(20), sold_at datetime, stamp timestamp, "
        "amount decimal(10,2), `odd % name` varchar(20), updated_at datetime(3))"
    ),
    (
        "INSERT INTO lines_ SELECT seq, concat('i', seq), '2024-01-01 09:00:00', '2024-06-01 12:00:00', "
        "seq + 0.25, 'é', date_add('2023-01-01 10:00:00', interval seq day) FROM seq_1_to_1000"
    ),
)
CHANGED = (
    "INSERT INTO shop.lines_ VALUES (1001, 'i1001', '2024-02-01', '2024-06-01', 5, 'x', '2025-10-01')",
    "UPDATE shop.lines_ SET amount = 99, updated_at = '2025-10-01' WHERE line = 3",
)


def execute(socket: Path, *statements: str) -> None:
    connection = pymysql.connect(unix_socket=str(socket), user="root", autocommit=True)
    with connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def started(folder: Path, socket: Path) -> subprocess.Popen[bytes]:
    data = ["--no-defaults", f"--datadir={folder / 'data'}", "--user=root"]
    install = ["mariadb-install-db", *data, "--auth-root-authentication-method=normal"]
    subprocess.run(install, check=True, capture_output=True)
    server = subprocess.Popen(
        ["mariadbd", *data, f"--port={PORT}", "--bind-address=127.0.0.1", f"--socket={socket}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(600):
        if socket.exists():
            return server
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def read(workspace: Workspace) -> list[tuple[str, int]]:
    return [(one.state, one.rows_read) for one in read_sources(workspace).sources]


def main() -> None:
    os.environ["PATH"] += os.pathsep + "/usr/sbin"
    if shutil.which("mariadbd") is None:
        raise SystemExit("mariadbd is not here: apt-get install mariadb-server")
    os.environ["SHOP_PW"] = WORD
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = started(folder, folder / "s.sock")
        try:
            execute(folder / "s.sock", *MADE)
            (folder / "w").mkdir()
            (folder / "w" / "cmo.yaml").write_text(CONFIG)
            workspace = Workspace.open(folder / "w")
            told = [read(workspace)]
            execute(folder / "s.sock", *CHANGED)
            told += [
                [(one.state, one.rows_read) for one in read_sources(workspace).sources] for _ in range(2)
            ]
            field = open_field(workspace)
            orders = field.table("orders")
            rows = field.collect(orders.aggregate(n=orders.count(), revenue=orders.revenue.sum())).to_pylist()
            os.environ["SHOP_PW"] = "another-word"
            try:
                read_sources(workspace)
            except Problem as problem:
                said = str(problem)
        finally:
            server.terminate()
            server.wait()
        kept = [path for path in (folder / "w").rglob("*") if path.is_file()]
        shown = [path for path in kept if WORD.encode() in path.read_bytes()]
    print(told, rows, said, sep="\n")
    good = told[1:] == [[("appended", 5)], [("unchanged", 0)]] and rows == [{"n": 1001, "revenue": 500850.75}]
    sys.exit(not good or bool(shown) or "another-word" in said)


if __name__ == "__main__":
    main()
