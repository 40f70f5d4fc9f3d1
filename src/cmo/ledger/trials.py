"""The tables of tests and of what was learnt from them."""

from typing import ClassVar

from django.db import models

from cmo.ledger.records import Record


class TestDesign(Record):
    """A version of a test's design, sealed by a hash of what it promises."""

    test = models.CharField(max_length=64, db_index=True)
    number = models.PositiveIntegerField()
    promise = models.JSONField()
    seal = models.CharField(max_length=64)
    figures = models.JSONField()
    population = models.JSONField()
    made_by = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        """Versions are numbered."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=("test", "number"), name="ledger_test_design_version")
        ]


class TestStep(Record):
    """A step in the life of a test."""

    test = models.CharField(max_length=64, db_index=True)
    position = models.PositiveIntegerField()
    stage = models.CharField(max_length=20)
    taken_at = models.DateTimeField()
    taken_by = models.TextField()
    words = models.TextField(blank=True)
    conclusion = models.CharField(max_length=20, blank=True)
    day = models.DateField(null=True)
    design = models.ForeignKey(TestDesign, on_delete=models.PROTECT, null=True)
    details = models.JSONField(default=dict)

    class Meta:
        """Two hands cannot take the same step."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=("test", "position"), name="ledger_test_step_once")
        ]


class TestReading(Record):
    """What an analysis of a test found, kept once for the same data and the same promise."""

    test = models.CharField(max_length=64, db_index=True)
    digest = models.CharField(max_length=64)
    as_of = models.DateField()
    final = models.BooleanField()
    found = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        """The same question to the same data has one answer."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=("test", "digest"), name="ledger_test_reading_once")
        ]


class Learning(Record):
    """A version of a sentence that tests support or contradict."""

    learning = models.CharField(max_length=64, db_index=True)
    number = models.PositiveIntegerField()
    says_en = models.TextField()
    says_fr = models.TextField()
    positive = models.BooleanField()
    scope = models.JSONField()
    expires_on = models.DateField()
    made_by = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        """Versions are numbered."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=("learning", "number"), name="ledger_learning_version")
        ]


class LearningSupport(Record):
    """What a test contributes to a learning, for or against."""

    learning = models.CharField(max_length=64, db_index=True)
    test = models.CharField(max_length=64)
    effect = models.FloatField()
    standard_error = models.FloatField()
    ended_on = models.DateField()
    conclusion = models.CharField(max_length=20)

    class Meta:
        """A test speaks once of a learning."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=("learning", "test"), name="ledger_learning_support_once")
        ]
