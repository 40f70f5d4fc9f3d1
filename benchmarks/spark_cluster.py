"""A Spark standalone cluster on loopback, from the wheel alone: a master, two workers, a Connect server."""

import os
import signal
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SPARK = "pyspark==4.0.*"
PATIENCE = 180.0


@dataclass(slots=True)
class Cluster:
    """A running cluster.

    Attributes:
        url: Where its Connect server listens.
        processes: Master, workers and server by name; each leads a process group of its own.
    """

    url: str
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def kill(self, name: str) -> None:
        """Ends a process and all it started at once, as a power cut would."""
        os.killpg(self.processes.pop(name).pid, signal.SIGKILL)

    def peak(self) -> float:
        """MiB that all processes together had in memory at most (the sum of each one's peak)."""
        groups = {process.pid for process in self.processes.values()}
        total = 0.0
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                if os.getpgid(int(status.parent.name)) in groups:
                    line = next(row for row in status.read_text().splitlines() if row.startswith("VmHWM"))
                    total += int(line.split()[1]) / 1024
            except (OSError, StopIteration):
                continue
        return total

    def seconds(self) -> float:
        """CPU seconds that the processes alive have used, with those of their children that ended."""
        groups = {process.pid for process in self.processes.values()}
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                if os.getpgid(int(stat.parent.name)) in groups:
                    ticks += sum(map(int, stat.read_text().rpartition(")")[2].split()[11:15]))
            except OSError:
                continue
        return ticks / os.sysconf("SC_CLK_TCK")


def spark_home(folder: Path) -> Path:
    """A virtual environment with Spark, made where it is missing; the folder of Spark in it."""
    program = folder / "bin" / "python"
    if not program.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([program, "-m", "pip", "install", "--quiet", SPARK], check=True)
    found = subprocess.run(
        [program, "-c", "import pyspark; print(pyspark.__path__[0])"],
        capture_output=True,
        text=True,
        check=True,
    )
    return Path(found.stdout.strip())


@contextmanager
def cluster(home: Path, folder: Path, *, memory: str, cores: int = 1) -> Iterator[Cluster]:
    """A master, two workers and a Connect server on loopback, until the block ends.

    Args:
        home: Folder of Spark.
        folder: Where logs and scratch files go.
        memory: Memory of each executor, as Spark writes it.
        cores: Cores of each worker.
    """
    master, ui, connect = (_free_port() for _ in range(3))
    at = f"spark://127.0.0.1:{master}"
    running = Cluster(url=f"sc://127.0.0.1:{connect}")
    environment = os.environ | {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "512m",
        "SPARK_LOCAL_DIRS": str(folder / "scratch"),
        "PYSPARK_PYTHON": sys.executable,
    }

    def start(name: str, *words: str, says: str) -> None:
        log = folder / f"{name}.log"
        with log.open("wb") as sink:
            running.processes[name] = subprocess.Popen(
                [str(home / "bin" / words[0]), *words[1:]],
                stdout=sink,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )
        _wait(running.processes[name], log, says=says)

    try:
        start(
            "master",
            *("spark-class", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1"),
            *("--port", str(master), "--webui-port", str(ui)),
            says="elected leader",
        )
        for worker in ("worker1", "worker2"):
            start(
                worker,
                *("spark-class", "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1"),
                *("--webui-port", str(_free_port()), "--cores", str(cores), "--memory", "6g"),
                *("-d", str(folder / worker), at),
                says="Successfully registered",
            )
        settings = {
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.memory": "1g",
            "spark.connect.grpc.binding.address": "127.0.0.1",
            "spark.connect.grpc.binding.port": str(connect),
            "spark.ui.enabled": "false",
            "spark.sql.session.timeZone": "UTC",
            "spark.executor.memory": memory,
            "spark.sql.shuffle.partitions": "16",
        }
        start(
            "server",
            *("spark-submit", "--class", "org.apache.spark.sql.connect.service.SparkConnectServer"),
            *("--master", at),
            *(word for name, value in settings.items() for word in ("--conf", f"{name}={value}")),
            "spark-internal",
            says="Spark Connect server started",
        )
        _listening(connect)
        yield running
    finally:
        for name in tuple(running.processes):
            running.kill(name)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def _wait(process: subprocess.Popen[bytes], log: Path, *, says: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if says in log.read_text(errors="replace"):
            return
        if process.poll() is not None:
            break
        time.sleep(0.2)
    raise RuntimeError(f"{log}: {says!r} was expected; it ends with {log.read_text()[-800:]}")


def _listening(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"nobody listens on port {port}")
