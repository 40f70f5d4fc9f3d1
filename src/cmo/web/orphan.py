"""Processes that do not outlive the one that started them, however it ends."""

import os
import signal
from threading import Thread
from time import sleep


def leave_with_parent() -> None:
    """Watch the parent, and end like on a request to stop when it is gone."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    Thread(target=watch, daemon=True).start()
