"""Campaigns: drafted, changed, proved, approved by somebody else, given their day, sent, stopped."""

from datetime import date
from typing import Annotated

from pydantic import Field

from cmo.briefs.answers import Answer
from cmo.communication.campaign import Plan
from cmo.communication.claims import Proof
from cmo.loop import campaign_life, campaigns
from cmo.web.acts.act import Asked, Doer
from cmo.web.acts.judging import Words
from cmo.web.acts.working import job_answer
from cmo.web.jobs.queue import Kind, ask_job

Name = Annotated[str, Field(description="Name of the campaign.", min_length=1, max_length=40)]
Line = Annotated[str, Field(max_length=500)]


class Draft(Asked):
    """What a campaign is drafted from."""

    campaign: Name
    decision: Annotated[str, Field(description="Id of the decision it serves.", max_length=120)] = ""
    goal: Line = ""
    segment: Annotated[str, Field(description="Whom it is for.", max_length=60)] = ""
    message: Annotated[str, Field(description="The one message.", max_length=300)] = ""
    link: Annotated[str, Field(description="Where it leads.", max_length=1000)] = ""
    channels: Annotated[tuple[str, ...], Field(min_length=1, max_length=20)] = ("email",)
    belief: Annotated[str, Field(description="The belief it rests on.", max_length=64)] = ""


class OfCampaign(Asked):
    """Which campaign."""

    campaign: Name


class Edit(OfCampaign):
    """A piece as it should be."""

    piece: Annotated[str, Field(min_length=1, max_length=100)]
    title: Line = ""
    preheader: Line = ""
    body: Annotated[str, Field(max_length=20_000)] = ""


class Prove(OfCampaign):
    """The proof of a claim."""

    claim: Annotated[str, Field(min_length=1, max_length=200)]
    says: Line
    source: Line


class Answered(OfCampaign):
    """The answer to a request for approval."""

    approved: bool
    words: Words = ""


class Scheduled(OfCampaign):
    """The day of a campaign."""

    on: date


class Stopped(OfCampaign):
    """Why a campaign ends."""

    why: Annotated[str, Field(min_length=1, max_length=2000)]


def drafted(doer: Doer, asked: Draft) -> Answer:
    """Draft a campaign."""
    given = asked.model_dump(exclude={"campaign"})
    wanted = campaigns.Wanted(id=asked.campaign, plan=Plan(), **given)
    return campaigns.new(doer.folder, wanted, by=doer.name, language=doer.language)


def edited(doer: Doer, asked: Edit) -> Answer:
    """Change a piece."""
    change = campaigns.Edit(**asked.model_dump(exclude={"campaign"}))
    return campaigns.edit(doer.folder, asked.campaign, change, by=doer.name, language=doer.language)


def proved(doer: Doer, asked: Prove) -> Answer:
    """Give the proof of a claim."""
    proof = Proof(says=asked.says, source=asked.source, given_by=doer.name)
    return campaigns.prove(doer.folder, asked.campaign, asked.claim, proof, language=doer.language)


def approval_asked(doer: Doer, asked: OfCampaign) -> Answer:
    """Ask for approval."""
    return campaign_life.ask(doer.folder, asked.campaign, by=doer.name, language=doer.language)


def answered(doer: Doer, asked: Answered) -> Answer:
    """Approve, or refuse with a reason."""
    return campaign_life.approve(
        doer.folder,
        asked.campaign,
        approved=asked.approved,
        words=asked.words,
        by=doer.name,
        language=doer.language,
    )


def scheduled(doer: Doer, asked: Scheduled) -> Answer:
    """Give it its day."""
    return campaign_life.schedule(
        doer.folder, asked.campaign, on=asked.on, embargo=None, by=doer.name, language=doer.language
    )


def sent(doer: Doer, asked: OfCampaign) -> Answer:
    """Have the next batch sent in the background."""
    campaigns.known(asked.campaign)
    given = {"campaign": asked.campaign, "by": doer.name}
    return job_answer(ask_job(Kind.SEND, by=doer.user, language=doer.language, arguments=given), doer)


def stopped(doer: Doer, asked: Stopped) -> Answer:
    """Stop it."""
    return campaign_life.stop(
        doer.folder, asked.campaign, why=asked.why, by=doer.name, language=doer.language
    )
