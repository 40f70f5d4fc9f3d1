"""What audiences hold against us, and our answers, their figures kept as names of facts."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from cmo.ledger import models
from cmo.ledger.opening import writing
from cmo.measures import Problem, Text

AUDIENCES = ("board", "sales", "product", "customers", "developers", "press")


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """What an audience holds against us.

    Attributes:
        number: The number under which it is remembered.
        audience: Who: board, sales, product, customers, developers or press.
        says: The objection in their words.
        segment: Segment of customers that it comes from; empty where it is general.
        raised_by: Who raised it, as far as one says.
        noted_on: The day it was noted.
        answer: Our answer, its facts as `{measure}` or `{measure:subject}`; none while there is none.
        answered_by: Who answered.
    """

    number: int
    audience: str
    says: str
    segment: str
    raised_by: str
    noted_on: date
    answer: Text | None
    answered_by: str | None


def note_objection(audience: str, says: str, *, segment: str, raised_by: str, by: str) -> Objection:
    """Note an objection.

    Raises:
        Problem: The audience is none that is known, or nothing is said.
    """
    if audience not in AUDIENCES:
        raise Problem(f"{audience} is no audience: known are {', '.join(AUDIENCES)}")
    if not says.strip():
        raise Problem("an objection is empty: write what is held against us")
    with writing():
        row = models.Objection(
            audience=audience,
            says=says.strip(),
            segment=segment.strip(),
            raised_by=raised_by.strip(),
            noted_by=by,
            noted_at=timezone.now(),
        )
        row.save()
    return objection(row.pk)


def answer_objection(number: int, template: Text, *, by: str) -> Objection:
    """Answer an objection; a later answer takes the place of an earlier one.

    Raises:
        Problem: There is no such objection.
    """
    with writing():
        models.Reply(
            objection=_row(number),
            template_en=template.en,
            template_fr=template.fr,
            answered_by=by,
            answered_at=timezone.now(),
        ).save()
    return objection(number)


def objections(audience: str | None = None) -> tuple[Objection, ...]:
    """All objections, those without an answer first, then the latest."""
    rows = _rows() if audience is None else _rows().filter(audience=audience)
    found = [_objection(row) for row in rows.order_by("-pk")]
    return tuple(sorted(found, key=lambda one: one.answer is not None))


def objection(number: int) -> Objection:
    """One objection.

    Raises:
        Problem: There is none of that number.
    """
    return _objection(_row(number))


def _row(number: int) -> models.Objection:
    row = _rows().filter(pk=number).first()
    if row is None:
        raise Problem(f"there is no objection {number}: cmo objections lists them")
    return row


def _rows() -> QuerySet[models.Objection]:
    return models.Objection.rows.prefetch_related("replies")


def _objection(row: models.Objection) -> Objection:
    last = max(row.replies.all(), key=lambda one: one.pk, default=None)
    return Objection(
        number=row.pk,
        audience=row.audience,
        says=row.says,
        segment=row.segment,
        raised_by=row.raised_by,
        noted_on=row.noted_at.date(),
        answer=None if last is None else Text(last.template_en, last.template_fr),
        answered_by=None if last is None else last.answered_by,
    )
