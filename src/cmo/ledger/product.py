"""The table of what research and development received of customers' problems."""

from typing import ClassVar

from django.db import models

from cmo.ledger.records import Record


class ProblemStep(Record):
    """A step in the life of a customers' problem."""

    problem = models.CharField(max_length=100, db_index=True)
    position = models.PositiveIntegerField()
    stage = models.CharField(max_length=20)
    words = models.TextField(blank=True)
    seen = models.JSONField(default=dict)
    taken_by = models.TextField()
    taken_at = models.DateTimeField()

    class Meta:
        """Two hands cannot take the same step."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=("problem", "position"), name="ledger_problem_step_once")
        ]
