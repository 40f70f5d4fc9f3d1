"""The tables of the team's work, of the field diary and of objections.

Work, objections and replies are records: added to, never changed. What names customers or colleagues, and
links that open something, can be taken away.
"""

from typing import ClassVar

from django.db import models

from cmo.ledger.records import Record


class Task(Record):
    """A piece of work, as it was asked for."""

    key = models.CharField(max_length=160, unique=True)
    content = models.JSONField()
    origin = models.CharField(max_length=160, blank=True, db_index=True)
    asked_by = models.TextField()
    asked_at = models.DateTimeField()


class TaskStep(Record):
    """A step in the life of a piece of work; also that somebody was given it, or that it was handed over."""

    key = models.CharField(max_length=160, db_index=True)
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=20)
    who = models.CharField(max_length=64, blank=True)
    hours = models.FloatField(null=True)  # that it took, once it is done
    words = models.TextField(blank=True)
    elsewhere = models.TextField(blank=True)  # its address in a tracker
    taken_by = models.TextField()
    taken_at = models.DateTimeField()

    class Meta:
        """Two hands cannot take the same step."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=("key", "position"), name="ledger_task_step_once")
        ]


class CalendarLink(models.Model):
    """A link that gives somebody's work as a calendar; only its digest is kept."""

    digest = models.CharField(max_length=64, unique=True)
    who = models.CharField(max_length=64, db_index=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Whose calendar."""
        return self.who


class Declaration(models.Model):
    """What somebody chose to say of themselves; they can take it back, and it is gone."""

    who = models.CharField(max_length=64)
    question = models.CharField(max_length=40)
    value = models.CharField(max_length=60)
    declared_at = models.DateTimeField()

    class Meta:
        """One answer to a question."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=("who", "question"), name="ledger_declaration_once")
        ]

    def __str__(self) -> str:
        """The question alone."""
        return self.question


class DiversityTable(models.Model):
    """The numbers that are shown of one question, and a keyed hash of what they were counted from."""

    question = models.CharField(max_length=40, unique=True)
    counts = models.JSONField()
    rest = models.PositiveIntegerField()
    basis = models.JSONField()
    salt = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        """The question."""
        return self.question


class Contact(models.Model):
    """That somebody of the company spoke with a customer, or read them."""

    on = models.DateField(db_index=True)
    who = models.CharField(max_length=64, db_index=True)
    kind = models.CharField(max_length=20)
    segment = models.CharField(max_length=80, blank=True, db_index=True)
    channel = models.CharField(max_length=80, blank=True)
    customer = models.CharField(max_length=120, blank=True, db_index=True)
    language = models.CharField(max_length=10, blank=True)
    consent = models.BooleanField(default=False)  # to be quoted and counted as feedback
    note = models.TextField(blank=True)
    logged_by = models.TextField()
    logged_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """When and how."""
        return f"{self.on} {self.kind}"


class Verbatim(models.Model):
    """Words of a customer, and the belief that they speak for or against."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="verbatims")
    position = models.PositiveIntegerField()
    words = models.TextField()
    belief = models.CharField(max_length=64, blank=True, db_index=True)
    bears = models.CharField(max_length=10, blank=True)  # for, against; empty: neither

    class Meta:
        """In the order they were said."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=("contact", "position"), name="ledger_verbatim_once")
        ]

    def __str__(self) -> str:
        """The words."""
        return self.words


class Objection(Record):
    """What an audience holds against us."""

    audience = models.CharField(max_length=20, db_index=True)
    says = models.TextField()
    segment = models.CharField(max_length=80, blank=True)
    raised_by = models.TextField(blank=True)
    noted_by = models.TextField()
    noted_at = models.DateTimeField()


class Reply(Record):
    """An answer to an objection, its figures as names of facts; a later one takes its place."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="replies")
    template_en = models.TextField()
    template_fr = models.TextField()
    answered_by = models.TextField()
    answered_at = models.DateTimeField()
