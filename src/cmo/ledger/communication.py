"""The tables of what is said to people: works and their steps, what leaves, what comes back, consents.

Works and consents are histories. What leaves and whom it went to are rows that change and can be erased:
they are about persons.
"""

from typing import ClassVar

from django.db import models

from cmo.ledger.records import Record


class WorkVersion(Record):
    """A campaign, a press release or an event, as somebody left it."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    made_by = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        """Versions are numbered."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=("kind", "key", "number"), name="ledger_work_version")
        ]


class WorkStep(Record):
    """A step in the life of a work."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=64)
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    words = models.TextField(blank=True)
    details = models.JSONField(default=dict)
    taken_by = models.TextField()
    taken_at = models.DateTimeField()

    class Meta:
        """Two hands cannot take the same step."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=("kind", "key", "position"), name="ledger_work_step_once")
        ]


class Secret(models.Model):
    """A key of the ledger's own, made once: it must live and be backed up with what it signs."""

    name = models.CharField(max_length=20, unique=True)
    value = models.CharField(max_length=64)

    def __str__(self) -> str:
        """What it is for, never its value."""
        return self.name


class Outgoing(models.Model):
    """A piece on its way to one channel, and there to one person or to everybody: once, or not at all."""

    post = models.CharField(max_length=64)
    channel = models.CharField(max_length=30)
    version = models.PositiveIntegerField()
    person = models.CharField(max_length=200, blank=True)  # empty: a post for everybody, or a person erased
    recipient = models.CharField(max_length=64)  # keyed hash of the address; the arm for a post
    arm = models.CharField(max_length=60)
    batch = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, default="waiting")
    token = models.CharField(max_length=64, unique=True)  # digest
    external = models.CharField(max_length=300, blank=True)
    url = models.TextField(blank=True)
    error = models.TextField(blank=True)
    attempts = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        """One message for one identity; found by what is still to do."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("post", "channel", "version", "recipient"), name="ledger_outgoing_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=("post", "channel", "state"), name="ledger_outgoing_todo"),
            models.Index(fields=("recipient",), name="ledger_outgoing_recipient"),
            models.Index(fields=("person",), name="ledger_outgoing_person"),
        ]

    def __str__(self) -> str:
        """Its identity without the person."""
        return f"{self.post} {self.channel} {self.state}"


class Click(models.Model):
    """A link of a message that was followed, by a person or by a machine."""

    outgoing = models.ForeignKey(Outgoing, on_delete=models.CASCADE, related_name="clicks")
    link = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    robot = models.CharField(max_length=20, blank=True)  # why it is a machine's; empty for a person's

    class Meta:
        """Found by time."""

        indexes: ClassVar = [models.Index(fields=("at",), name="ledger_click_at")]

    def __str__(self) -> str:
        """Whether it counts."""
        return self.robot or "person"


class ConsentEvent(models.Model):
    """Something that happened to the consent of an address; the address itself is not here, only its hash."""

    recipient = models.CharField(max_length=64, db_index=True)
    kind = models.CharField(max_length=20)
    purpose = models.CharField(max_length=40, blank=True)
    wording = models.TextField(blank=True)
    source = models.TextField(blank=True)
    token = models.CharField(max_length=64, blank=True, db_index=True)  # digest, of who asked to confirm
    at = models.DateTimeField()

    def __str__(self) -> str:
        """What happened."""
        return f"{self.kind} {self.purpose}"


class Subscriber(models.Model):
    """Somebody who asked to be written to; the only place where an address given to us stands in clear."""

    recipient = models.CharField(max_length=64, unique=True)
    address = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=2, default="en")
    asked_at = models.DateTimeField()
    last_contact_at = models.DateTimeField()  # by the person: a form, a confirmation, a click; never an open

    def __str__(self) -> str:
        """Without the address."""
        return self.recipient[:8]


class Journalist(models.Model):
    """Somebody of the press."""

    recipient = models.CharField(max_length=64, unique=True)
    address = models.EmailField()
    name = models.CharField(max_length=120)
    outlet = models.CharField(max_length=120, blank=True)
    beat = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=2, default="en")
    opted_out_at = models.DateTimeField(null=True)
    last_contact_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        """The outlet."""
        return self.outlet


class Pitch(models.Model):
    """A story offered to somebody of the press, and what became of it."""

    journalist = models.ForeignKey(Journalist, on_delete=models.CASCADE, related_name="pitches")
    release = models.CharField(max_length=64)
    state = models.CharField(max_length=12)
    words = models.TextField(blank=True)
    url = models.TextField(blank=True)
    by = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        """How far it is."""
        return f"{self.release} {self.state}"


class Registration(models.Model):
    """Somebody who will come to an event."""

    event = models.CharField(max_length=64, db_index=True)
    recipient = models.CharField(max_length=64)
    address = models.EmailField()
    name = models.CharField(max_length=120)
    agreed = models.BooleanField(default=False)  # to be written to afterwards
    came = models.BooleanField(null=True)
    at = models.DateTimeField()

    class Meta:
        """Once for each person and event."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=("event", "recipient"), name="ledger_registration_once")
        ]

    def __str__(self) -> str:
        """The event."""
        return self.event
