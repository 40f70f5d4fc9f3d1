"""The steps of a test's life, one after the other: idea, approval, start, stop, decision, learning."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from cmo.briefs.answers import Answer
from cmo.briefs.designs import gate_said
from cmo.briefs.learnings import learning_answer, library_answer
from cmo.briefs.tests import CONCLUSIONS, check_line, life_answer
from cmo.experiments.learning import Learning, Outcome, Scope, found
from cmo.experiments.life import Life
from cmo.experiments.registration import Conclusion, Stage
from cmo.ledger.approvals import answer_approval, waiting_approvals
from cmo.ledger.learnings import learnings, write_learning
from cmo.ledger.opening import writing
from cmo.ledger.strategy import remembered_strategy
from cmo.ledger.tests import Reading, life_of, note_idea, readings, take_step
from cmo.loop.analysing import analysis_of
from cmo.loop.designing import KIND, gate_again, team
from cmo.loop.observing import Progress
from cmo.loop.standing import opened
from cmo.loop.testing import known_life, today_of
from cmo.measures import Language, Problem, Text
from cmo.strategy.document import Strategy

LASTS = timedelta(days=365)
"""How long a learning holds before it must be tested again, where nobody says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What somebody says was learnt.

    Attributes:
        id: Its name in the library.
        says: The sentence; the one known where empty.
        positive: Whether it claims a positive effect.
        segments: Customers it holds for; all where empty.
        channels: Channels it holds for; all where empty.
        expires_on: From this day on it must be tested again; a year after the test where nobody says.
    """

    id: str
    says: str = ""
    positive: bool = True
    segments: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    expires_on: date | None = None


def idea(
    folder: Path,
    test: str,
    says: str,
    *,
    score: tuple[float, float] | None,
    by: str,
    language: Language | None,
) -> Answer:
    """Note an idea for a test; with a value and a cost it is scored.

    Raises:
        Problem: It is further on already, or was noted and nothing is added.
    """
    workspace = opened(folder)
    strategy = remembered_strategy()
    team(strategy, by)
    known = {one.id: one.says for one in strategy.ideas}
    words = Text.same(says) if says else known.get(test)
    if words is None and life_of(test) is None:
        raise Problem(f"{test}: say what could be tried, in a sentence")
    told = None if score is None else {"value": score[0], "cost": score[1]}
    life = note_idea(test, says=words or Text.same(test), by=by, score=told)
    return _told(life, language or workspace.config.company.language)


def approve(folder: Path, test: str, *, by: str, despite: str, language: Language | None) -> Answer:
    """Approve a design: its promise is locked. Where a team is named, somebody else than its author must.

    Args:
        folder: The company's folder.
        test: Which test.
        by: Who approves.
        despite: Why it may start although the gate is shut; empty for a design that passes.
        language: Language of the answer.

    Raises:
        Problem: The author approves, the gate is shut and nobody says why it may open, or it is not designed.
    """
    workspace = opened(folder)
    strategy = remembered_strategy()
    team(strategy, by)
    life = known_life(test)
    verdict = gate_again(life, workspace, strategy)
    if not verdict.passed and not despite.strip():
        spoken = language or workspace.config.company.language
        stops = [check_line(one, spoken) for one in verdict.checks if one.passed is False and one.vital]
        raise Problem(gate_said(verdict, test).in_(spoken), *stops)
    with writing():
        if len(strategy.team) > 1:
            _answer_request(test, by=by, words=despite)
        life = take_step(test, Stage.APPROVED, by=by, words=despite)
    return _told(life, language or workspace.config.company.language)


def start(folder: Path, test: str, *, by: str, on: date | None, language: Language | None) -> Answer:
    """Start an approved test: from now on nothing of its promise can be changed.

    Raises:
        Problem: It was not approved, or it would start outside its planned days.
    """
    workspace = opened(folder)
    team(remembered_strategy(), by)
    life = known_life(test)
    day = on or today_of(workspace)
    if life.design is not None and not day <= life.design.registration.ends_on:
        raise Problem(
            f"{test} was to run from {life.design.registration.starts_on} to "
            f"{life.design.registration.ends_on}, and {day} is after that: design it anew"
        )
    life = take_step(test, Stage.RUNNING, by=by, day=day)
    return _told(life, language or workspace.config.company.language)


def stop(folder: Path, test: str, *, by: str, why: str, on: date | None, language: Language | None) -> Answer:
    """Stop a running test, with the reason. It goes on to its analysis, as one that was stopped.

    Raises:
        Problem: It does not run, or no reason is given.
    """
    workspace = opened(folder)
    team(remembered_strategy(), by)
    if not why.strip():
        raise Problem(f"{test}: a test is stopped with a reason (--why)")
    life = take_step(test, Stage.ANALYSING, by=by, words=why, day=on or today_of(workspace))
    return _told(life, language or workspace.config.company.language)


def decide(
    folder: Path,
    test: str,
    words: str,
    *,
    by: str,
    invalid: str,
    progress: Progress,
    language: Language | None,
) -> Answer:
    """Close a test: its conclusion follows from its promise, what is done about it is said in words.

    Args:
        folder: The company's folder.
        test: Which test.
        words: What is decided on it: roll it out, drop it, test again …
        by: Who decides.
        invalid: Why the result cannot be used, where something went wrong that no check can see.
        progress: Told what is being done.
        language: Language of the answer.

    Raises:
        Problem: Nothing is decided in words, the test is not over, or it was never registered.
    """
    workspace = opened(folder)
    strategy = remembered_strategy()
    team(strategy, by)
    if not words.strip():
        raise Problem(f"{test}: say what is decided on it, in a sentence")
    known_life(test)
    done = analysis_of(folder, test, segment=None, progress=progress, by=by)
    conclusion = Conclusion.INVALID if invalid.strip() else done.findings.conclusion
    if conclusion is None:
        raise Problem(
            f"{test} is not over: {done.findings.look.says.en} To end it now: cmo tests stop {test}"
        )
    said = f"{words.strip()} ({invalid.strip()})" if invalid.strip() else words
    life = take_step(test, Stage.DECIDED, by=by, words=said, conclusion=conclusion)
    spoken = language or workspace.config.company.language
    told = _told(life, spoken)
    moved = _moves(life, strategy, spoken)
    ended = f"{test}: {CONCLUSIONS[conclusion].in_(spoken)}."
    return Answer(data=told.data, lines=(ended, *told.lines, *moved), head=told.head, body=told.body)


def learn(folder: Path, test: str, lesson: Lesson, *, by: str, language: Language | None) -> Answer:
    """Write what a decided test taught, for or against a learning, and close its life.

    Args:
        folder: The company's folder.
        test: Which test.
        lesson: The learning, new or known.
        by: Who says so.
        language: Language of the answer.

    Raises:
        Problem: The test is not decided, taught nothing that can be counted, or the sentence is missing.
    """
    workspace = opened(folder)
    team(remembered_strategy(), by)
    life = known_life(test)
    if life.stage not in {Stage.DECIDED, Stage.LEARNT} or life.conclusion is None:
        raise Problem(f"{test} is {life.stage}: it teaches once it is decided (cmo tests decide {test})")
    outcome = _outcome(life, readings(test))
    before = next((one for one in learnings() if one.id == lesson.id), None)
    if before is None and not lesson.says.strip():
        raise Problem(f"no learning is called {lesson.id} yet: say what was learnt (--says)")
    with writing():
        learning = write_learning(_learning(lesson, before, life, outcome), by=by)
        if life.stage is Stage.DECIDED:
            take_step(test, Stage.LEARNT, by=by, words=lesson.id)
    spoken = language or workspace.config.company.language
    return learning_answer(learning, today=today_of(workspace), language=spoken)


def library(
    folder: Path, words: str, *, segment: str | None, channel: str | None, language: Language | None
) -> Answer:
    """Search the learnings: the surest first, those that must be tested again last."""
    workspace = opened(folder)
    today = today_of(workspace)
    kept = found(learnings(), words, today=today, segment=segment, channel=channel)
    return library_answer(kept, today=today, language=language or workspace.config.company.language)


def _answer_request(test: str, *, by: str, words: str) -> None:
    asked = next((one for one in waiting_approvals() if (one.kind, one.key) == (KIND, test)), None)
    if asked is not None:
        answer_approval(asked.number, approved=True, words=words, by=by)
        return
    life = known_life(test)
    if life.design is not None and life.design.made_by == by:
        raise Problem("whoever designs a test does not approve it: somebody else of the team must")


def _told(life: Life, language: Language) -> Answer:
    kept: list[dict[str, Any]] = [
        {"as_of": one.as_of.isoformat(), "final": one.final, **one.found} for one in readings(life.test)
    ]
    return life_answer(life, kept, language)


def _moves(life: Life, strategy: Strategy, language: Language) -> tuple[str, ...]:
    """The beliefs that a decided test bears on: named in its promise, or claimed of its lift."""
    promised = None if life.design is None else life.design.registration.belief
    moved = [
        one
        for one in strategy.beliefs
        if one.id == promised or (one.claim is not None and str(one.claim.of).partition(":")[0] == life.test)
    ]
    if not moved:
        return ()
    quoted = "; ".join(one.says.in_(language) for one in moved)
    said = Text(
        f"The next review holds these beliefs against it: {quoted}.",
        f"La prochaine revue y confronte ces convictions : {quoted}.",
    )
    return (said.in_(language),)


def _outcome(life: Life, kept: tuple[Reading, ...]) -> Outcome:
    last = next((one for one in reversed(kept) if one.found.get("effects")), None)
    if last is None or life.conclusion is None:
        raise Problem(f"no effect of {life.test} was read: it teaches nothing that can be counted")
    effect = last.found["effects"][0]["effect"]
    return Outcome(
        test=life.test,
        effect=float(effect["estimate"]),
        se=float(effect["se"]),
        ended_on=life.ended_on or last.as_of,
        conclusion=life.conclusion,
    )


def _learning(lesson: Lesson, before: Learning | None, life: Life, outcome: Outcome) -> Learning:
    scope = Scope(segments=frozenset(lesson.segments), channels=frozenset(lesson.channels))
    if before is None:
        return Learning(
            id=lesson.id,
            says=Text.same(lesson.says.strip()),
            positive=lesson.positive,
            scope=scope if lesson.segments or lesson.channels else _scope_of(life),
            outcomes=(outcome,),
            expires_on=lesson.expires_on or outcome.ended_on + LASTS,
        )
    return Learning(
        id=before.id,
        says=Text.same(lesson.says.strip()) if lesson.says.strip() else before.says,
        positive=before.positive,
        scope=scope if lesson.segments or lesson.channels else before.scope,
        outcomes=(outcome,),
        expires_on=lesson.expires_on or max(before.expires_on, outcome.ended_on + LASTS),
    )


def _scope_of(life: Life) -> Scope:
    """What the test was about."""
    promise = None if life.design is None else life.design.registration
    if promise is None:
        return Scope()
    return Scope(
        segments=frozenset({promise.segment} if promise.segment else ()),
        channels=frozenset({promise.channel} if promise.channel else ()),
    )
