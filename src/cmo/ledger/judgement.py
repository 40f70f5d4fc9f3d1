"""The tables of decisions and of forecasts held against what happened."""

from typing import ClassVar

from django.db import models

from cmo.ledger.records import Record


class Proposal(Record):
    """A decision as it was proposed; a later one of the same name takes its place."""

    review = models.PositiveIntegerField(null=True)  # number of the review that found it; null: a person did
    key = models.CharField(max_length=120, db_index=True)
    packet = models.JSONField()
    basis = models.CharField(max_length=64)  # digest of the evidence it was drawn from
    proposed_by = models.TextField()
    proposed_at = models.DateTimeField()


class ProposalStep(Record):
    """A step in the life of a decision."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="steps")
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=20)
    words = models.TextField(blank=True)
    taken_by = models.TextField()
    taken_at = models.DateTimeField()
    brought = models.FloatField(null=True)

    class Meta:
        """Two hands cannot take the same step."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=("proposal", "position"), name="ledger_proposal_step_once")
        ]


class Deliberated(Record):
    """What a review thought of doing: its list in order, what it withheld, the tests that pay."""

    review = models.PositiveIntegerField(unique=True)
    data = models.TextField()  # digest of the data that designs of tests were made from
    listed = models.JSONField()
    withheld = models.JSONField()
    tests = models.JSONField()
    designs = models.JSONField()


class Forecast(Record):
    """What a review expected of a period to come."""

    review = models.PositiveIntegerField()
    measure = models.CharField(max_length=100)
    subject = models.CharField(max_length=120)
    start = models.DateField()
    end = models.DateField()
    mean = models.FloatField()
    q05 = models.FloatField()
    q95 = models.FloatField()
    made_on = models.DateField()

    class Meta:
        """A period is forecast once from the same day."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("measure", "subject", "start", "made_on"), name="ledger_forecast_once"
            )
        ]


class Outcome(Record):
    """What happened in the period of a forecast."""

    forecast = models.OneToOneField(Forecast, on_delete=models.PROTECT, related_name="outcome")
    review = models.PositiveIntegerField()
    value = models.FloatField()
