"""Answering challenges and requests for approval, taking decisions further, saying how sure one is."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import Field

from cmo.briefs.answers import Answer
from cmo.briefs.decisions import challenges_answer, decision_answer
from cmo.ledger.approvals import answer_approval, ask_approval, content_of
from cmo.ledger.challenges import answer_challenge
from cmo.ledger.decisions import take_step
from cmo.loop.editing import said_confidence
from cmo.strategy.challenge import ChallengeState
from cmo.strategy.decisions.life import State
from cmo.web.acts.act import Asked, Doer, done
from cmo.web.knowledge import workspace

Words = Annotated[str, Field(description="What there is to say.", max_length=2000)]
Number = Annotated[int, Field(description="Its number.", ge=1, le=2**31)]


class AnswerChallenge(Asked):
    """The answer to a challenge."""

    number: Number
    state: Annotated[
        Literal["accepted", "rejected", "test"],
        Field(description="Let the belief go, keep it with a reason, or test it first."),
    ]
    words: Words = ""


class Step(Asked):
    """A step of a decision."""

    number: Number
    words: Words = ""


class AnswerApproval(Asked):
    """The answer to a request for approval."""

    number: Number
    approved: Annotated[bool, Field(description="Whether it may go ahead; a refusal needs words.")]
    words: Words = ""


class Confidence(Asked):
    """How sure somebody is of a belief, before the data is shown."""

    belief: Annotated[str, Field(description="Id of the belief.", min_length=1, max_length=64)]
    probability: Annotated[float, Field(description="How likely it is true, 0 to 1.", ge=0, le=1)]


class Proposal(Asked):
    """Something that somebody thinks should be done."""

    says: Annotated[str, Field(description="What should be done.", min_length=10, max_length=500)]
    because: Annotated[str, Field(description="Why.", min_length=10, max_length=2000)]


def answered(doer: Doer, asked: AnswerChallenge) -> Answer:
    """Keep an answer to a challenge."""
    one = answer_challenge(asked.number, state=ChallengeState(asked.state), words=asked.words, by=doer.name)
    doer.note("answer challenge", kind="challenge", key=str(asked.number), details={"state": asked.state})
    return challenges_answer(
        (one,), currency=_currency(), today=datetime.now(tz=UTC).date(), language=doer.language
    )


def step(state: State) -> Callable[[Doer, Step], Answer]:
    """What takes a decision one step further."""

    def taken(doer: Doer, asked: Step) -> Answer:
        """Take the step, in the name of who asks."""
        one = take_step(str(asked.number), state=state, words=asked.words, by=doer.name)
        doer.note(f"decision {state.value}", kind="decision", key=one.packet.id)
        return decision_answer(
            one, currency=_currency(), today=datetime.now(tz=UTC).date(), language=doer.language
        )

    return taken


def approved(doer: Doer, asked: AnswerApproval) -> Answer:
    """Approve what somebody else asked for, or refuse it with a reason."""
    one = answer_approval(asked.number, approved=asked.approved, words=asked.words, by=doer.name)
    doer.note("approve" if asked.approved else "refuse", kind=one.kind, key=one.key)
    return done(one.says, one.says, doer=doer, approval=one.number, state=one.state.value)


def proposed(doer: Doer, asked: Proposal) -> Answer:
    """Put a proposal before the people who approve."""
    content = content_of(asked.model_dump())
    one = ask_approval(
        "proposal", content[:16], content=content, says=f"{asked.says} – {asked.because}", by=doer.name
    )
    doer.note("proposed", kind="proposal", key=content[:16])
    return done(one.says, one.says, doer=doer, approval=one.number, state=one.state.value)


def confident(doer: Doer, asked: Confidence) -> Answer:
    """Keep how sure somebody is of a belief."""
    answer = said_confidence(
        doer.folder, asked.belief, asked.probability, holder=doer.among, by=doer.name, language=doer.language
    )
    doer.note("say confidence", kind="belief", key=asked.belief)
    return answer


def _currency() -> str:
    return workspace().config.company.currency
