"""Publishing killed at random instants: none lost, none twice, by HTTP and by SMTP.

`python benchmarks/communication_kill.py [PIECES] [KILLS]`: a process publishes pieces to a server on
loopback and is killed (SIGKILL) again and again; the last run ends by itself. The HTTP server takes a key
once, as Mastodon does with Idempotency-Key; the SMTP server takes everything, and its log is counted. What
was leaving by SMTP when the process died is held back as doubtful: it is not sent again by itself.
"""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from cmo.communication.mail import Letter, marketing
from cmo.communication.networks import Posted, Words, mastodon, mastodon_posted
from cmo.ledger import outbox
from cmo.ledger.opening import close_ledger, open_ledger
from cmo.loop.publishing import emptied
from cmo.loop.transport import SmtpPost, http

CHANNELS = {"http": "mastodon", "smtp": "email"}


def main(pieces: int, kills: int) -> None:
    """Run both ways and tell."""
    for way in CHANNELS:
        print(json.dumps(one_way(way, pieces=pieces, kills=kills)), flush=True)


def one_way(way: str, *, pieces: int, kills: int) -> dict[str, object]:
    """Publish by one way, killed so often."""
    folder = Path(tempfile.mkdtemp(prefix="cmo-kill-"))
    log = folder / "taken.log"
    log.touch()
    port = free_port()
    server = subprocess.Popen([sys.executable, __file__, "serve", way, str(port), str(log)])
    wait_for(port)
    filled(folder, way, pieces)
    began, lived, n_killed, runs = time.monotonic(), random.Random(1), 0, 0
    while True:
        before, child = log.stat().st_size, os.fork()
        if child == 0:
            run(folder, way, port)
            os._exit(0)
        runs += 1
        if n_killed < kills:
            at = before + 7 * lived.randint(0, max(1, pieces // kills))
            while os.waitpid(child, os.WNOHANG) == (0, 0) and log.stat().st_size < at:
                time.sleep(0.0005)
            time.sleep(lived.uniform(0.0, 0.01))
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                n_killed += 1
                continue
        with suppress(ChildProcessError):
            os.waitpid(child, 0)
        if n_killed >= kills or not left(folder):
            break
    server.terminate()
    server.wait()
    return {"way": way, "pieces": pieces, "killed": n_killed, "runs": runs} | counted(folder, log, began)


def counted(folder: Path, log: Path, began: float) -> dict[str, object]:
    """What arrived, held against what the ledger says."""
    taken = Counter(log.read_text(encoding="ascii").split())
    open_ledger(folder)
    found = outbox.messages("post")
    close_ledger()
    doubtful = {one.recipient for one in found if one.state is outbox.State.DOUBTFUL}
    everyone = {one.recipient for one in found}
    return {
        "arrived": len(taken),
        "lost": len(everyone - set(taken) - doubtful),
        "twice": sum(n > 1 for n in taken.values()),
        "doubtful": len(doubtful),
        "of_these_arrived": len(doubtful & set(taken)),
        "states": dict(Counter(one.state.value for one in found)),
        "seconds": round(time.monotonic() - began, 1),
    }


def run(folder: Path, way: str, port: int) -> None:
    """Publish all that waits, as the product does."""
    open_ledger(folder)

    def over_http(message: outbox.Message) -> Posted:
        instant = datetime.now(tz=UTC)
        words = Words(text=message.recipient, language="en", key=message.recipient, made_at=instant)
        request = mastodon(f"http://127.0.0.1:{port}", "token", words)
        answered = http(request.method, request.url, headers=request.headers, body=request.body)
        return mastodon_posted(answered.body)

    if way == "http":
        emptied("post", "mastodon", over_http)
        return
    outbox.taken_up("post", "email", repeatable=False)
    post = SmtpPost(host="127.0.0.1", port=port)
    while claimed := outbox.claim("post", "email", most=1):
        one = claimed[0]
        letter = Letter(subject="A word", preheader="", body="Hello", language="en")
        to = f"{one.recipient}@example.org"
        leave = "https://example.org/leave"
        mail = marketing(letter, to=to, sender="A <a@example.org>", token=one.recipient, leave=leave)
        post.send(mail, handing=lambda: outbox.hand(claimed[0]))
        outbox.sent(one)


def filled(folder: Path, way: str, pieces: int) -> None:
    """An outbox with so many pieces."""
    open_ledger(folder)
    wanted = [
        outbox.Wanted(person="", recipient=f"p{at:05d}", arm="a", token=f"t{at:05d}") for at in range(pieces)
    ]
    outbox.put("post", CHANNELS[way], 1, wanted)
    close_ledger()


def left(folder: Path) -> bool:
    """Whether anything still waits."""
    open_ledger(folder)
    states = {one.state for one in outbox.messages("post")}
    close_ledger()
    return bool(states - {outbox.State.SENT, outbox.State.DOUBTFUL})


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Wait until the server listens."""
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)


def serve(way: str, port: int, log: Path) -> None:
    """Take pieces on loopback, and write down each."""
    taken: set[str] = set()

    def take(key: str) -> None:
        with log.open("a", encoding="ascii") as file:
            file.write(f"{key}\n")

    if way == "smtp":

        class Sink:
            async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
                take(envelope.rcpt_tos[0].partition("@")[0])
                return "250 OK"

        Controller(Sink(), hostname="127.0.0.1", port=port).start()
        signal.pause()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            key = self.headers["Idempotency-Key"]
            self.rfile.read(int(self.headers["Content-Length"]))
            if key not in taken:
                taken.add(key)
                take(key)
            body = json.dumps({"id": key, "url": f"https://social.example/{key}"}).encode()
            with suppress(ConnectionError):
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
    else:
        given = [int(word) for word in sys.argv[1:]]
        main(*(given + [1000, 100][len(given) :]))
