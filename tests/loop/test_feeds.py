"""Feeds are counted once, from files and from addresses."""

import csv
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from cmo.loop.feeds import followed
from cmo.measures import Problem

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Trade press</title>
<item><guid>1</guid><title>Refills everywhere</title><pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate></item>
<item><guid>2</guid><title>Prices</title><pubDate>Mon, 02 Nov 2026 11:00:00 GMT</pubDate></item>
<item><guid>3</guid><title>Another refill</title><pubDate>Tue, 03 Nov 2026 11:00:00 GMT</pubDate></item>
<item><guid>4</guid><title>A refill without a day</title></item>
</channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title><id>b</id>
<updated>2026-11-04T08:00:00Z</updated><entry><id>x</id><title>On soap</title>
<summary>Le refill solide</summary>
<updated>2026-11-04T08:00:00Z</updated></entry></feed>"""
CONFIG = "company: {name: Boutique, currency: EUR, language: en, timezone: Europe/Paris}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cmo.yaml").write_text(CONFIG)
    (tmp_path / "news.xml").write_text(RSS)
    return tmp_path


@pytest.fixture
def address() -> Iterator[str]:
    class Feed(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(ATOM.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Feed)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/feed"
    server.shutdown()
    server.server_close()


def counted(folder: Path) -> dict[tuple[str, str], tuple[str, str]]:
    with (folder / "data/feeds.csv").open(encoding="utf-8") as file:
        return {
            (row["date"], row["topic"]): (row["volume"], row["total"])
            for row in csv.DictReader(file)
            if row["source"]
        }


def test_a_file_is_counted_by_day_and_topic(folder: Path) -> None:
    answer = followed(folder, ("news.xml",), topics=("refill",), to=Path("data/feeds.csv"), language="en")
    assert answer.data["new"] == 3
    assert counted(folder) == {("2026-11-02", "refill"): ("1", "2"), ("2026-11-03", "refill"): ("1", "1")}


def test_an_entry_counts_once_and_feeds_are_remembered(folder: Path, address: str) -> None:
    to = Path("data/feeds.csv")
    followed(folder, ("news.xml", address), topics=("refill",), to=to, language="en")
    again = followed(folder, (), topics=("soap",), to=to, language="fr")
    assert again.data["new"] == 0
    assert again.data["topics"] == ["refill", "soap"]
    assert counted(folder)["2026-11-04", "soap"] == ("1", "1")
    assert counted(folder)["2026-11-02", "refill"] == ("1", "2")


@pytest.mark.parametrize(
    ("feeds", "topics", "to", "says"),
    [
        ((), ("refill",), "data/f.csv", "give a feed"),
        (("news.xml",), (), "data/f.csv", "give a feed"),
        (("none.xml",), ("refill",), "data/f.csv", "cannot be read"),
        (("http://127.0.0.1:9/feed",), ("refill",), "data/f.csv", "cannot be read"),
        (("cmo.yaml",), ("refill",), "data/f.csv", "no RSS or Atom feed"),
        (("news.xml",), ("refill",), "../f.csv", "lies outside"),
    ],
)
def test_what_cannot_be_followed_is_said(
    folder: Path, feeds: tuple[str, ...], topics: tuple[str, ...], to: str, says: str
) -> None:
    with pytest.raises(Problem, match=says):
        followed(folder, feeds, topics=topics, to=Path(to), language="en")
