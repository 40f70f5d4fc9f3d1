"""The life of a test: an idea, its approval, its start and its end, what it taught."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from cmo.briefs.answers import Answer
from cmo.ledger.strategy import remembered_strategy
from cmo.loop import living
from cmo.loop.living import Lesson
from cmo.web.acts.act import Asked, Doer

Name = Annotated[
    str, Field(description="Name of the test.", min_length=1, max_length=64, pattern=r"^[a-z0-9][a-z0-9_-]*$")
]
Sentence = Annotated[str, Field(description="In a sentence.", max_length=2000)]


class Idea(Asked):
    """An idea for a test; with a value and a cost it is scored."""

    test: Name
    says: Sentence = ""
    value: Annotated[float | None, Field(description="What it may be worth.", ge=0, le=1e15)] = None
    cost: Annotated[float, Field(description="What it may cost.", ge=0, le=1e15)] = 0.0


class Approve(Asked):
    """An approval of a design."""

    test: Name
    despite: Annotated[
        str, Field(description="Why it may start although the gate is shut.", max_length=2000)
    ] = ""


class Begin(Asked):
    """The start of a test."""

    test: Name
    on: Annotated[date | None, Field(description="Its first day; today where nobody says.")] = None


class Stop(Asked):
    """The end of a test before its time."""

    test: Name
    why: Annotated[str, Field(description="Why it ends.", min_length=1, max_length=2000)]
    on: Annotated[date | None, Field(description="Its last day; today where nobody says.")] = None


class Learn(Asked):
    """What a decided test taught."""

    test: Name
    id: Annotated[str, Field(description="Name of the learning.", min_length=1, max_length=64)]
    says: Sentence = ""
    positive: Annotated[bool, Field(description="Whether it claims a positive effect.")] = True
    segments: Annotated[tuple[str, ...], Field(description="Customers it holds for.", max_length=50)] = ()
    channels: Annotated[tuple[str, ...], Field(description="Channels it holds for.", max_length=50)] = ()
    expires_on: Annotated[date | None, Field(description="When it must be tested again.")] = None


def idea(doer: Doer, asked: Idea) -> Answer:
    """Note an idea."""
    score = None if asked.value is None else (asked.value, asked.cost)
    return _lived(living.idea, doer, asked, "idea", asked.says, score=score)


def approve(doer: Doer, asked: Approve) -> Answer:
    """Approve a design: its promise is locked."""
    return _lived(living.approve, doer, asked, "approve test", despite=asked.despite)


def begin(doer: Doer, asked: Begin) -> Answer:
    """Start an approved test."""
    return _lived(living.start, doer, asked, "start test", on=asked.on)


def stop(doer: Doer, asked: Stop) -> Answer:
    """Stop a running test, with the reason."""
    return _lived(living.stop, doer, asked, "stop test", why=asked.why, on=asked.on)


def learn(doer: Doer, asked: Learn) -> Answer:
    """Write what a decided test taught."""
    lesson = Lesson(**asked.model_dump(exclude={"test"}))
    return _lived(living.learn, doer, asked, "learn", lesson)


def _lived(
    take: Callable[..., Answer], doer: Doer, asked: Any, action: str, *more: Any, **named: Any
) -> Answer:
    by = doer.among(remembered_strategy())
    answer = take(doer.folder, asked.test, *more, **named, by=by, language=doer.language)
    doer.note(action, kind="test", key=asked.test)
    return answer
