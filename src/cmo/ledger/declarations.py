"""What people chose to say of themselves, and the tables that may be told of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_hex

from django.utils import timezone

from cmo.ledger import models
from cmo.ledger.opening import writing
from cmo.measures import Problem
from cmo.team.diversity import Published, may_replace, published


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A table that is shown.

    Attributes:
        question: What was asked.
        table: The numbers.
    """

    question: str
    table: Published


def declare(who: str, question: str, value: str, *, n_team: int) -> None:
    """Keep what somebody says of themselves; an empty value takes it back.

    Args:
        who: Their id.
        question: What they answer.
        value: Their answer.
        n_team: People of the team.

    Raises:
        Problem: The question or the value is longer than a few words.
    """
    question, value = question.strip().lower(), value.strip().lower()
    if not question or len(question) > 40 or len(value) > 60:
        raise Problem("a declaration is a short question and a short answer, as gender=female")
    with writing():
        if value:
            models.Declaration.objects.update_or_create(
                who=who, question=question, defaults={"value": value, "declared_at": timezone.now()}
            )
        else:
            models.Declaration.objects.filter(who=who, question=question).delete()
        _publish(question, n_team=n_team)


def forget_declarations_of(who: str) -> int:
    """Take back all that somebody said of themselves."""
    with writing():
        return models.Declaration.objects.filter(who=who).delete()[0]


def shown_tables() -> tuple[Shown, ...]:
    """The tables that may be told, as they were last published."""
    return tuple(
        Shown(question=row.question, table=Published(counts=row.counts, rest=row.rest))
        for row in models.DiversityTable.objects.order_by("question")
    )


def _publish(question: str, *, n_team: int) -> None:
    """Publish anew, where enough people changed what they say for nobody to be given away."""
    said = dict(models.Declaration.objects.filter(question=question).values_list("who", "value"))
    row = models.DiversityTable.objects.filter(question=question).first()
    salt = token_hex() if row is None else row.salt
    now = {_keyed(who, salt): _keyed(f"{who}\n{value}", salt) for who, value in said.items()}
    before: Mapping[str, str] = {} if row is None else row.basis
    if not may_replace(before, now):
        return
    table = published(said, n_team=n_team)
    models.DiversityTable.objects.update_or_create(
        question=question,
        defaults={
            "counts": dict(table.counts),
            "rest": table.rest,
            "basis": now,
            "salt": salt,
            "published_at": timezone.now(),
        },
    )


def _keyed(said: str, salt: str) -> str:
    return sha256(f"{salt}\n{said}".encode()).hexdigest()
