"""Spark through Spark Connect, with the thin client of the optional extra `spark`."""

import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import ibis
import ibis.expr.types as ir
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from cmo.measures import Problem

PORT = 15002
"""Spark Connect's own port, where the address names none."""


def opener(url: str) -> Callable[[str, Sequence[Path]], ir.Table]:
    """Shows parquet files as tables of a Spark session; the cluster must see the files at the same paths.

    Args:
        url: sc://host:port

    Raises:
        Problem: The server cannot be reached.
    """
    place = urlsplit(url)
    try:
        # the client would knock for minutes at a door that is not there
        socket.create_connection((place.hostname or "", place.port or PORT), timeout=10).close()
        session = SparkSession.builder.remote(url).config("spark.sql.session.timeZone", "UTC").create()
        backend = ibis.pyspark.connect(session)
    except (PySparkException, OSError, RuntimeError, ValueError) as error:
        said = " ".join(str(error).split())[:160]
        raise Problem(
            f"engine {url}: the Spark server cannot be reached ({said}); start it or correct engine"
        ) from error

    def show(name: str, files: Sequence[Path]) -> ir.Table:
        session.read.parquet(*(str(path) for path in files)).createOrReplaceTempView(name)
        return backend.table(name)

    return show
