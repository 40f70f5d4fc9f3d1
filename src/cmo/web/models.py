"""The tables of the office: people, the links and tokens that let them in, and background jobs."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from cmo.web.rights import Action, Role, may

LANGUAGES = (("en", "English"), ("fr", "Français"))
ROLES = tuple((role.value, role.value) for role in Role)


class People(BaseUserManager["User"]):
    """The door to people."""

    def create_user(self, email: str, password: str | None = None, **more: str) -> "User":
        """Add somebody; without a password they can only sign in elsewhere (OIDC) or be invited again."""
        user = User(email=email.strip().lower(), **more)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody of the office."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=20, choices=ROLES, default=Role.VIEWER)
    language = models.CharField(max_length=2, choices=LANGUAGES, default="en")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    objects = People()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        """By name."""

        ordering: ClassVar = ["name", "email"]

    def __str__(self) -> str:
        """Their name, or the address where none was given."""
        return self.name or self.email

    def may(self, action: Action | str) -> bool:
        """Whether they may do something."""
        return self.is_active and may(self.role, Action(action))


class Invitation(models.Model):
    """A link that makes one account, once, before it expires; only its digest is kept."""

    digest = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=20, choices=ROLES)
    email = models.EmailField(blank=True)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """For whom."""
        return f"{self.role} {self.email}"


class GuestLink(models.Model):
    """A link that shows one object to whoever holds it, until it expires or is taken back."""

    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=100)
    language = models.CharField(max_length=2, choices=LANGUAGES)
    made_by = models.ForeignKey(User, on_delete=models.CASCADE)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    n_opened = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        """What it shows."""
        return f"{self.kind}:{self.key}"


class Token(models.Model):
    """A key with which somebody's programs act in their name, within scopes; only its digest is kept."""

    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=80)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """The latest first."""

        ordering: ClassVar = ["-made_at"]

    def __str__(self) -> str:
        """What it is for."""
        return self.name

    def may(self, action: Action) -> bool:
        """Whether a program that holds it may do something: its owner may, and its scopes include it."""
        return action.value in self.allowed

    @property
    def allowed(self) -> frozenset[str]:
        """All that such a program may do."""
        return frozenset(one for one in self.scopes if one in tuple(Action) and self.owner.may(one))


class Attempt(models.Model):
    """A write that a program gave a key of its own, with its answer: asked again, it is only told again."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE)
    key = models.CharField(max_length=255)
    asked = models.CharField(max_length=64)
    answer = models.JSONField(null=True)
    made_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        """Once for each owner and key."""

        constraints: ClassVar = [models.UniqueConstraint(fields=("owner", "key"), name="web_attempt_once")]

    def __str__(self) -> str:
        """Which one."""
        return self.key


class UploadState(models.TextChoices):
    """What became of files that were brought."""

    OPEN = "open"
    TAKEN = "taken"
    DROPPED = "dropped"


class Upload(models.Model):
    """Files that somebody brought, kept apart until they are taken or dropped."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(User, on_delete=models.CASCADE)
    names = models.JSONField(default=list)
    answers = models.JSONField(default=dict)
    language = models.CharField(max_length=2, choices=LANGUAGES)
    state = models.CharField(max_length=10, choices=UploadState.choices, default=UploadState.OPEN)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """The latest first."""

        ordering: ClassVar = ["-made_at"]

    def __str__(self) -> str:
        """Which files."""
        return ", ".join(self.names)


class Mark(models.Model):
    """How far a table of the ledger was read for what has happened."""

    name = models.CharField(max_length=40, unique=True)
    number = models.BigIntegerField()

    def __str__(self) -> str:
        """Which table."""
        return self.name


class Event(models.Model):
    """Something that happened, written down once."""

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=40, db_index=True)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)

    class Meta:
        """The latest first."""

        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        """What."""
        return self.key


class Subscription(models.Model):
    """An address elsewhere that is told of events; its secret is derived, never kept."""

    url = models.URLField(max_length=2000)
    kinds = models.JSONField(default=list)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    made_at = models.DateTimeField(default=timezone.now)
    generation = models.PositiveIntegerField(default=1)
    rotated_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    why_ended = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        """Where."""
        return self.url


class DeliveryState(models.TextChoices):
    """How far a delivery has come."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class Delivery(models.Model):
    """An event on its way to an address: tried until it arrives or is given up."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE)
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    n_tries = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    tried_at = models.DateTimeField(null=True)
    answered = models.CharField(max_length=300, blank=True)

    class Meta:
        """Each event once to each address."""

        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("event", "subscription"), name="web_delivery_once")
        ]
        indexes: ClassVar = [models.Index(fields=("state", "due_at"), name="web_delivery_due")]

    def __str__(self) -> str:
        """What, where."""
        return f"{self.event_id} {self.subscription_id}"


class FeedLink(models.Model):
    """A link nobody can guess under which calendars and readers find what concerns somebody."""

    digest = models.CharField(max_length=64, unique=True)
    owner = models.ForeignKey(User, on_delete=models.CASCADE)
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        """Whose."""
        return str(self.owner)


class Reading(models.Model):
    """That somebody opened a report of a review."""

    review = models.PositiveIntegerField()
    audience = models.CharField(max_length=20)
    reader = models.ForeignKey(User, on_delete=models.CASCADE)
    first_at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Once for each reader and report."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=("review", "audience", "reader"), name="web_reading_once")
        ]

    def __str__(self) -> str:
        """What was read."""
        return f"{self.audience} {self.review}"


class JobState(models.TextChoices):
    """How far a job has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(models.Model):
    """Work in the background, told in plain words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    arguments = models.JSONField(default=dict)
    language = models.CharField(max_length=2, choices=LANGUAGES)
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    asked_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING, db_index=True)
    step_en = models.TextField(blank=True)
    step_fr = models.TextField(blank=True)
    n_steps = models.PositiveIntegerField(default=0)
    n_starts = models.PositiveIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    told = models.JSONField(default=list)
    found = models.JSONField(null=True)

    class Meta:
        """The latest first."""

        ordering: ClassVar = ["-asked_at"]

    def __str__(self) -> str:
        """What it does, and how far it is."""
        return f"{self.kind} {self.state}"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in {JobState.DONE, JobState.FAILED, JobState.CANCELLED}
