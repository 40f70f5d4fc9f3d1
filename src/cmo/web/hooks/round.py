"""The round that the worker's second hand makes beside its jobs."""

import sys
from threading import Event as Signal
from threading import Thread
from typing import Final

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from cmo.ledger.opening import close_ledger
from cmo.measures import Problem
from cmo.web.hooks.collecting import collect
from cmo.web.hooks.posting import carry
from cmo.web.jobs.due import send_due

BETWEEN: Final = 2.0
"""Seconds between two rounds."""


def start_rounds() -> Signal:
    """Make rounds in a thread of its own until told to stop; it ends with the process at the latest.

    Returns:
        What stops it.
    """
    stop = Signal()

    def rounds() -> None:
        while not stop.wait(BETWEEN):
            once()
        close_ledger()

    Thread(target=rounds, name="rounds", daemon=True).start()
    return stop


def once() -> None:
    """One round; what cannot be done now is done in a later one."""
    try:
        close_old_connections()
        collect()
        carry(timezone.now())
        send_due(timezone.now())
    except (DatabaseError, Problem) as error:
        print(f"round: {error}", file=sys.stderr)  # noqa: T201 - the log of the process
