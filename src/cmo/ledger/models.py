"""The tables of the ledger. Nothing above this room sees them: it gives and takes plain values."""

from typing import ClassVar

from django.db import models

from cmo.ledger.communication import (
    Click,
    ConsentEvent,
    Journalist,
    Outgoing,
    Pitch,
    Registration,
    Secret,
    Subscriber,
    WorkStep,
    WorkVersion,
)
from cmo.ledger.horizon import ChannelMove, TopicChance, TopicMove, TopicOutcome
from cmo.ledger.judgement import Deliberated, Forecast, Outcome, Proposal, ProposalStep
from cmo.ledger.product import ProblemStep
from cmo.ledger.records import Record
from cmo.ledger.staff_tables import (
    CalendarLink,
    Contact,
    Declaration,
    DiversityTable,
    Objection,
    Reply,
    Task,
    TaskStep,
    Verbatim,
)
from cmo.ledger.trials import Learning, LearningSupport, TestDesign, TestReading, TestStep

__all__ = [
    "CalendarLink",
    "ChannelMove",
    "Click",
    "ConsentEvent",
    "Contact",
    "Declaration",
    "Deliberated",
    "DiversityTable",
    "Forecast",
    "Journalist",
    "Learning",
    "LearningSupport",
    "Objection",
    "Outcome",
    "Outgoing",
    "Pitch",
    "ProblemStep",
    "Proposal",
    "ProposalStep",
    "Registration",
    "Reply",
    "Secret",
    "Subscriber",
    "Task",
    "TaskStep",
    "TestDesign",
    "TestReading",
    "TestStep",
    "TopicChance",
    "TopicMove",
    "TopicOutcome",
    "Verbatim",
    "WorkStep",
    "WorkVersion",
]
"""Models that live in rooms of their own; Django finds them here."""


class Revision(Record):
    """One change of the strategy, by somebody, at some time."""

    number = models.PositiveIntegerField(unique=True)
    made_at = models.DateTimeField()
    made_by = models.TextField()
    order = models.JSONField(default=list)  # sections and keys of all items, as their readers meet them


class ItemVersion(Record):
    """One item of the strategy (an objective, the plan, a belief …), as a revision left it."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="versions")
    section = models.CharField(max_length=20)
    key = models.CharField(max_length=64)  # empty for what there is one of: positioning, plan
    before = models.JSONField(null=True)  # null: it was not there
    after = models.JSONField(null=True)  # null: it was taken out

    class Meta:
        """An item changes once in a revision."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=("revision", "section", "key"), name="ledger_item_once_a_revision")
        ]


class Checkout(models.Model):
    """What a workspace's strategy.yaml held when it was last applied or exported; replaced each time."""

    place = models.TextField(unique=True)
    content = models.JSONField()
    made_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        """Where the file lies."""
        return self.place


class Review(Record):
    """One run of the loop, kept whole or not at all."""

    number = models.PositiveIntegerField(unique=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    fingerprint = models.TextField()
    seed = models.BigIntegerField()
    engine = models.TextField()
    version = models.TextField()


class Evidence(Record):
    """An estimate with its draws, kept once however many reviews find it."""

    digest = models.CharField(max_length=64, unique=True)
    measure = models.CharField(max_length=100, db_index=True)
    by = models.CharField(max_length=100)
    subjects = models.JSONField()
    unit = models.CharField(max_length=50)
    window_start = models.DateField()
    window_end = models.DateField()
    as_of = models.DateField()
    method_en = models.TextField()
    method_fr = models.TextField()
    grade = models.CharField(max_length=1)
    tables = models.JSONField()
    doubts = models.JSONField()
    n_draws = models.PositiveIntegerField()
    location = models.BinaryField()
    deviations = models.BinaryField()
    history = models.OneToOneField("EvidenceHistory", on_delete=models.PROTECT, null=True)


class EvidenceHistory(Record):
    """The same quantity period by period."""

    periods = models.JSONField()
    cycle = models.PositiveIntegerField()
    location = models.BinaryField()
    deviations = models.BinaryField()


class Finding(Record):
    """What a review found of a measure: evidence, or the reason why there is none."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="findings")
    position = models.PositiveIntegerField()
    measure = models.CharField(max_length=100)
    during_start = models.DateField(null=True)  # null: over the whole field
    during_end = models.DateField(null=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True)
    withheld_en = models.TextField(blank=True)
    withheld_fr = models.TextField(blank=True)
    unlock = models.JSONField(default=list)

    class Meta:
        """Either the one or the other."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=("review", "position"), name="ledger_finding_once"),
            models.CheckConstraint(
                condition=models.Q(evidence__isnull=False) ^ ~models.Q(withheld_en=""),
                name="ledger_finding_is_evidence_or_reason",
            ),
        ]


class Verdict(Record):
    """What a review found of a belief: first what was known before, then what is known after."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="verdicts")
    position = models.PositiveIntegerField()
    belief = models.CharField(max_length=64, db_index=True)

    says_en = models.TextField()
    says_fr = models.TextField()
    owner = models.TextField(null=True)  # noqa: DJ001 - nobody is not somebody without a name
    stated = models.FloatField(null=True)
    claim = models.JSONField(null=True)
    probability_before = models.FloatField(null=True)
    stance_before = models.CharField(max_length=20, null=True)  # noqa: DJ001 - null: the first verdict

    probability_after = models.FloatField(null=True)
    stance_after = models.CharField(max_length=20)
    why_en = models.TextField()
    why_fr = models.TextField()
    grade = models.CharField(max_length=1, null=True)  # noqa: DJ001 - null: no evidence
    as_of = models.DateField(null=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, null=True)

    class Meta:
        """One verdict on a belief in a review."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=("review", "belief"), name="ledger_verdict_once_a_review")
        ]


class Challenge(Record):
    """A verdict, a missed forecast or a decision that brought other than said: somebody must answer."""

    verdict = models.OneToOneField(Verdict, on_delete=models.PROTECT, null=True)
    forecast = models.OneToOneField(Forecast, on_delete=models.PROTECT, null=True)
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, null=True)
    gap = models.FloatField(null=True)  # money; null: none is known to depend on it
    severity = models.CharField(max_length=10, default="low")
    question_en = models.TextField(default="")
    question_fr = models.TextField(default="")
    observation_en = models.TextField()
    observation_fr = models.TextField()
    due_on = models.DateField()
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="superseded_by"
    )


class Answer(Record):
    """The answer to a challenge."""

    challenge = models.OneToOneField(Challenge, on_delete=models.PROTECT, related_name="answer")
    state = models.CharField(max_length=20)
    words = models.TextField()
    answered_by = models.TextField()
    answered_at = models.DateTimeField()


class AuditEntry(Record):
    """Something that somebody did, chained to the entry before so that a change shows."""

    number = models.PositiveIntegerField(unique=True)
    at = models.DateTimeField()
    by = models.TextField()
    action = models.CharField(max_length=40)
    kind = models.CharField(max_length=40, blank=True)
    key = models.CharField(max_length=100, blank=True)
    details = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)


class ApprovalRequest(Record):
    """Somebody asks others to approve an object as it is."""

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=100)
    content = models.CharField(max_length=64)  # digest: approval of one content says nothing of another
    says = models.TextField()
    asked_by = models.TextField()
    asked_at = models.DateTimeField()

    class Meta:
        """Found by object."""

        indexes: ClassVar = [models.Index(fields=("kind", "key"), name="ledger_approval_object")]


class ApprovalAnswer(Record):
    """What an approver says to a request, once."""

    request = models.OneToOneField(ApprovalRequest, on_delete=models.PROTECT, related_name="answer")
    approved = models.BooleanField()
    words = models.TextField(blank=True)
    answered_by = models.TextField()
    answered_at = models.DateTimeField()
