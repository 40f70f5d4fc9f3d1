"""Work of the team, contacts with customers, objections and their answers."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from cmo.briefs.answers import Answer
from cmo.briefs.field_answers import BEARS, KINDS
from cmo.ledger.diary import Contact, Said
from cmo.ledger.objections import AUDIENCES
from cmo.loop import objections
from cmo.loop.field_diary import erased, logged
from cmo.loop.team import add_work, new_item, step
from cmo.measures import Problem, Text
from cmo.team.work import State
from cmo.web.acts.act import Asked, Doer


def _among(known: tuple[str, ...]) -> AfterValidator:
    def one(given: str) -> str:
        if given not in known:
            raise ValueError(f"one of {', '.join(known)} was expected")
        return given

    return AfterValidator(one)


Short = Annotated[str, Field(max_length=120)]
Long = Annotated[str, Field(max_length=2000)]
Hours = Annotated[float, Field(description="In hours.", gt=0, le=100_000)]
Number = Annotated[int, Field(description="Its number.", ge=1, le=2**31)]


class WorkStep(Asked):
    """A step of a piece of work."""

    work: Annotated[str, Field(min_length=1, max_length=100)]
    state: State | None = None
    who: Annotated[Short, Field(description="Who does it.")] = ""
    hours: Annotated[Hours | None, Field(description="Hours it took.")] = None
    words: Long = ""


class NewWork(Asked):
    """A piece of work that is asked for."""

    work: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    says: Annotated[str, Field(description="What is to be done.", min_length=1, max_length=500)]
    hours: Hours
    due: date
    skills: Annotated[
        dict[Short, Annotated[float, Field(ge=0, le=5)]],
        Field(description="Skill to the level it needs.", max_length=20, default_factory=dict),
    ]
    department: Annotated[Short | None, Field(description="Another department that is asked.")] = None


class LogContact(Asked):
    """A contact with a customer."""

    on: date
    kind: Annotated[str, _among(tuple(KINDS)), Field(description=f"One of {', '.join(KINDS)}.")]
    who: Annotated[Short, Field(description="Who spoke with them; yourself where empty.")] = ""
    segment: Annotated[str, Field(max_length=80)] = ""
    channel: Annotated[str, Field(max_length=80)] = ""
    customer: Short = ""
    consent: Annotated[bool, Field(description="Whether they agreed to be quoted.")] = False
    note: Long = ""
    said: Annotated[str, Field(description="Their words.", max_length=4000)] = ""
    belief: Annotated[str, Field(description="The belief it bears on.", max_length=64)] = ""
    bears: Annotated[str, _among(("", *BEARS)), Field(description=f"One of {', '.join(BEARS)}.")] = ""


class EraseContact(Asked):
    """Which contact."""

    contact: Number


class Objection(Asked):
    """An objection of an audience."""

    audience: Annotated[str, _among(tuple(AUDIENCES)), Field(description=f"One of {', '.join(AUDIENCES)}.")]
    says: Annotated[str, Field(min_length=1, max_length=2000)]
    segment: Annotated[str, Field(max_length=80)] = ""
    raised_by: Short = ""


class AnswerObjection(Asked):
    """The answer to an objection, in one language or in both; figures are names of facts in braces."""

    objection: Number
    en: Annotated[str, Field(max_length=4000)] = ""
    fr: Annotated[str, Field(max_length=4000)] = ""


def worked(doer: Doer, asked: WorkStep) -> Answer:
    """Take a piece of work one step further, or give it to somebody."""
    given = asked.model_dump(exclude={"work"})
    answer = step(doer.folder, asked.work, **given, by=doer.name, language=doer.language)
    doer.note("work", kind="work", key=asked.work)
    return answer


def work_asked(doer: Doer, asked: NewWork) -> Answer:
    """Ask for a piece of work, of the team or of another department."""
    item = new_item(
        asked.work,
        asked.says,
        hours=asked.hours,
        by=asked.due,
        skills=asked.skills,
        department=asked.department,
    )
    answer = add_work(doer.folder, item, by=doer.name, language=doer.language)
    doer.note("ask for work", kind="work", key=asked.work)
    return answer


def contact_logged(doer: Doer, asked: LogContact) -> Answer:
    """Log a contact."""
    if not asked.said and not asked.note:
        raise Problem("say what the customer said, or what there is to note")
    given = asked.model_dump(include={"on", "kind", "segment", "channel", "customer", "consent", "note"})
    said = Said(words=asked.said, belief=asked.belief, bears=asked.bears if asked.belief else "")
    contact = Contact(
        **given,
        who=asked.who or doer.name,
        language=doer.language,
        said=(said,) if asked.said else (),
    )
    answer = logged(doer.folder, contact, by=doer.name, language=doer.language)
    doer.note("log a contact", kind="contact", key=asked.kind)
    return answer


def contact_erased(doer: Doer, asked: EraseContact) -> Answer:
    """Take the words and the name out of a contact."""
    answer = erased(doer.folder, customer=None, contact=asked.contact, language=doer.language)
    doer.note("erase a contact", kind="contact", key=str(asked.contact))
    return answer


def objected(doer: Doer, asked: Objection) -> Answer:
    """Note an objection."""
    answer = objections.noted(
        doer.folder,
        asked.audience,
        asked.says,
        segment=asked.segment,
        raised_by=asked.raised_by,
        by=doer.name,
        language=doer.language,
    )
    doer.note("note an objection", kind="objection", key=asked.audience)
    return answer


def objection_answered(doer: Doer, asked: AnswerObjection) -> Answer:
    """Answer an objection; a typed figure is refused."""
    if not asked.en and not asked.fr:
        raise Problem("an answer was expected, in one language at least")
    says = Text(asked.en or asked.fr, asked.fr or asked.en)
    answer = objections.answered(doer.folder, asked.objection, says, by=doer.name, language=doer.language)
    doer.note("answer an objection", kind="objection", key=str(asked.objection))
    return answer
