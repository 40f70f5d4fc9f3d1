"""The tables of what is watched: topics on the radar, and sales channels from prospect to stop."""

from typing import ClassVar

from django.db import models

from cmo.ledger.records import Record


class TopicChance(Record):
    """What the radar said of a topic, once for each month that was known."""

    review = models.PositiveIntegerField()
    topic = models.CharField(max_length=200)
    made_on = models.DateField()
    chance = models.FloatField()
    volume = models.FloatField()

    class Meta:
        """Said once; what is said later of the same month does not count."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=("topic", "made_on"), name="ledger_topic_chance_once")
        ]


class TopicOutcome(Record):
    """What became of it."""

    told = models.OneToOneField(TopicChance, on_delete=models.PROTECT, related_name="outcome")
    review = models.PositiveIntegerField()
    growth = models.FloatField()
    rose = models.BooleanField()


class TopicMove(Record):
    """A topic moved to a ring of the radar."""

    topic = models.CharField(max_length=200)
    position = models.PositiveIntegerField()
    ring = models.CharField(max_length=20)
    words = models.TextField(blank=True)
    moved_by = models.TextField()
    moved_at = models.DateTimeField()

    class Meta:
        """Two hands cannot make the same move."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=("topic", "position"), name="ledger_topic_move_once")
        ]


class ChannelMove(Record):
    """A sales channel moved to a stage, with the terms of its pilot."""

    channel = models.CharField(max_length=200)
    position = models.PositiveIntegerField()
    stage = models.CharField(max_length=20)
    words = models.TextField(blank=True)
    terms = models.JSONField(default=dict)
    moved_by = models.TextField()
    moved_at = models.DateTimeField()

    class Meta:
        """Two hands cannot make the same move."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=("channel", "position"), name="ledger_channel_move_once")
        ]
