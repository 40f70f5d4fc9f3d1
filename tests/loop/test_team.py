"""The team at work: asked, staffed, done, handed over; another department says no."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from icalendar import Calendar

from cmo.ledger.opening import close_ledger
from cmo.ledger.strategy import apply_strategy
from cmo.loop import team
from cmo.loop.standing import opened
from cmo.loop.team_calendar import calendar_of
from cmo.loop.team_evidence import learnt_overrun, team_estimates
from cmo.loop.team_handover import handed_over
from cmo.measures import Problem
from cmo.team.work import State

TODAY = datetime.now(tz=UTC).date()
DUE = TODAY + timedelta(30)
STRATEGY = f"""\
team:
  - id: awa
    name: Awa
    skills: {{video: 3}}
    hours_per_week: 20
    cost_per_hour: 40
    absences: [[{TODAY + timedelta(14)}, {TODAY + timedelta(21)}]]
  - {{id: ines, name: Inès, skills: {{email: 3}}, hours_per_week: 35}}
suppliers:
  - {{id: agency, says: "An agency", kind: agency, skills: {{seo: 3}}, price_per_hour: 100}}
work:
  - {{id: film, says: {{en: "A film", fr: "Un film"}}, skills: {{video: 3}}, hours: 10, by: {DUE}}}
  - {{id: audit, says: "An audit", skills: {{seo: 3}}, hours: 8, by: {DUE}}}
  - {{id: tags, says: "Tags", hours: 8, by: {DUE}, department: developers}}
"""


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "cmo.yaml").write_text("company: {name: Boutique, currency: EUR, language: en}\n")
    (tmp_path / "strategy.yaml").write_text(STRATEGY, encoding="utf-8")
    opened(tmp_path)
    apply_strategy(tmp_path / "strategy.yaml", by="tests")
    yield tmp_path
    close_ledger()


def rows(answer: Any) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in answer.data["work"]}


def test_work_of_the_strategy_is_staffed_and_what_is_lacking_told(company: Path) -> None:
    plan = team.staffing(company, keep=False, language="en").data
    assert [(one["work"], one["who"]) for one in plan["assignments"]] == [("film", "awa")]
    assert plan["undone"] == ["audit"]
    assert plan["costs"]["strategy"] == pytest.approx(10 * 40 + 8 * 45 + 8 * 45)
    (lack,) = team.gaps(company, language="en").data["lacks"]
    assert lack["says"].startswith("Nobody can do seo (3)")
    assert [(one["means"], one["price"]) for one in lack["remedies"]] == [("agency", 800.0)]


def test_a_plan_that_is_kept_gives_the_work_away(company: Path) -> None:
    assert team.staffing(company, keep=True, language="en").data["kept"] == 1
    assert rows(team.work(company, every=False, language="en"))["film"]["who"] == "awa"
    assert team.staffing(company, keep=True, language="en").data["kept"] == 0


def test_finished_work_is_out_of_the_plan_and_teaches_its_hours(company: Path) -> None:
    before = learnt_overrun().mean
    team.step(company, "film", state=State.DONE, hours=20.0, by="awa", language="en")
    assert "film" not in rows(team.work(company, every=False, language="en"))
    assert rows(team.work(company, every=True, language="en"))["film"]["taken"] == 20.0
    assert learnt_overrun().mean > before
    with pytest.raises(Problem, match="film is done, and cannot be dropped"):
        team.step(company, "film", state=State.DROPPED, by="awa", language="en")


def test_another_department_declines_with_a_reason(company: Path) -> None:
    assert list(rows(team.requests(company, language="en"))) == ["tags"]
    with pytest.raises(Problem, match="declined with a reason"):
        team.step(company, "tags", state=State.DECLINED, by="dev", language="en")
    team.step(company, "tags", state=State.DECLINED, words="no time before May", by="dev", language="en")
    told = rows(team.requests(company, language="en"))["tags"]
    assert (told["state"], told["words"]) == ("declined", "no time before May")
    with pytest.raises(Problem, match="asked of no other department"):
        team.step(company, "film", state=State.ACCEPTED, by="dev", language="en")


def test_work_can_be_asked_for_by_people(company: Path) -> None:
    by = TODAY + timedelta(20)
    item = team.new_item("letter", "A letter", hours=5, by=by, skills={"email": 3}, after=("film",))
    team.add_work(company, item, by="ines", language="en")
    plan = team.staffing(company, keep=False, language="en").data
    assert {one["work"]: one["who"] for one in plan["assignments"]} == {"film": "awa", "letter": "ines"}
    with pytest.raises(Problem, match="there already"):
        team.add_work(company, item, by="ines", language="en")
    with pytest.raises(Problem, match="no work is called lettre: did you mean letter"):
        team.step(company, "lettre", state=State.DONE, by="ines", language="en")


def test_load_and_coverage_are_measured_with_their_uncertainty(company: Path) -> None:
    force = team.team_of(company, "en").force
    load, covered = team_estimates(force, learnt_overrun(), as_of=TODAY)
    assert (load.measure, load.subjects) == ("team.load", ("awa", "ines"))
    figure = load.figure("awa")
    assert 0 < figure.low < figure.value < figure.high < 1
    assert covered.figure("video").value == 1.0
    assert covered.figure("seo").high == 0.0


def test_a_calendar_names_its_entries_the_same_each_time(company: Path) -> None:
    now = team.team_of(company, "fr")
    first, again = (Calendar.from_ical(calendar_of(now, "awa")) for _ in range(2))
    events = list(first.walk("VEVENT"))
    assert {str(one["UID"]) for one in events} == {str(one["UID"]) for one in again.walk("VEVENT")}
    assert any("Un film" in str(one["SUMMARY"]) for one in events)
    away = next(one for one in events if str(one["SUMMARY"]) == "Absence")
    assert away["DTSTART"].dt == TODAY + timedelta(14)
    assert isinstance(away["DTSTART"].dt, date)
    with pytest.raises(Problem, match="nobody of the team"):
        calendar_of(now, "nobody")


class Tracker(BaseHTTPRequestHandler):
    """A tracker that takes issues as GitHub does."""

    taken: ClassVar[list[tuple[dict[str, str], dict[str, Any]]]] = []

    def do_POST(self) -> None:
        if self.path != "/issues":
            self.send_error(404)
            return
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        Tracker.taken.append((dict(self.headers), body))
        answer = json.dumps({"html_url": f"http://tracker/{len(Tracker.taken)}"}).encode()
        self.send_response(201)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def tracker() -> Iterator[str]:
    Tracker.taken.clear()
    server = HTTPServer(("127.0.0.1", 0), Tracker)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_work_is_handed_over_once(company: Path, tracker: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CMO_TRACKER_TOKEN", "secret")

    def hand_over(to: str) -> Any:
        return handed_over(company, "film", to=to, file=None, by="awa", language="en").data

    with pytest.raises(Problem, match="answered 404: nothing was handed over"):
        hand_over(f"{tracker}/nowhere")
    assert hand_over(f"{tracker}/issues")["elsewhere"] == "http://tracker/1"
    with pytest.raises(Problem, match="handed over already: http://tracker/1"):
        hand_over(f"{tracker}/issues")
    ((headers, body),) = Tracker.taken
    assert (headers["Authorization"], headers["Idempotency-Key"]) == ("Bearer secret", "cmo-film")
    assert body["title"] == "A film"
    assert "Needs: video 3." in body["body"]


def test_a_tracker_elsewhere_is_reached_safely_or_not_at_all(company: Path) -> None:
    with pytest.raises(Problem, match="by https"):
        handed_over(company, "film", to="http://example.org/issues", file=None, by="awa", language="en")


def test_what_would_be_handed_over_can_be_written(company: Path, tmp_path: Path) -> None:
    file = tmp_path / "issue.json"
    handed_over(company, "film", to=None, file=file, by="awa", language="fr")
    assert json.loads(file.read_text())["title"] == "Un film"


def test_diversity_is_never_told_of_few(company: Path) -> None:
    told = team.declared(company, "awa", "gender", "female", language="en")
    assert told.data["tables"] == []
    with pytest.raises(Problem, match="nobody of the team"):
        team.declared(company, "eve", "gender", "female", language="en")
