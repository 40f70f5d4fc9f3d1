"""Addresses elsewhere that are told what happens, and the links of calendars and readers."""

from typing import Annotated, Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field, field_validator

from cmo.briefs.answers import Answer
from cmo.ledger.happenings import KINDS
from cmo.measures import Problem
from cmo.web.acts.act import Asked, Doer, done
from cmo.web.hooks.address import target_of
from cmo.web.hooks.secrets import secret_of
from cmo.web.hooks.signing import written
from cmo.web.models import Delivery, DeliveryState, FeedLink, Subscription
from cmo.web.tokens import digest_of, new_token

MOST: Final = 20
"""Addresses that may be told at once."""
Number = Annotated[int, Field(description="Its number.", ge=1, le=2**31)]


class Subscribe(Asked):
    """An address that is told of events."""

    url: Annotated[str, Field(description="An https address.", min_length=8, max_length=2000)]
    kinds: Annotated[
        tuple[str, ...],
        Field(description=f"Of which events: {', '.join(KINDS)}.", min_length=1, max_length=50),
    ]

    @field_validator("kinds")
    @classmethod
    def _known(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        unknown = [one for one in kinds if one not in KINDS]
        if unknown:
            raise ValueError(f"{unknown[0][:40]!r} is no event; the events are {', '.join(KINDS)}")
        return tuple(dict.fromkeys(kinds))


class OfSubscription(Asked):
    """Which address."""

    webhook: Number


class OfDelivery(Asked):
    """Which delivery."""

    delivery: Number


class OfFeed(Asked):
    """Which link."""

    feed: Number


def subscribed(doer: Doer, asked: Subscribe) -> Answer:
    """Tell an address from now on; its secret is shown once."""
    target_of(asked.url)
    if Subscription.objects.filter(ended_at=None).count() >= MOST:
        raise Problem(_("Many addresses are told already: end one first."))
    row = Subscription.objects.create(url=asked.url, kinds=list(asked.kinds), made_by=doer.user)
    doer.note("subscribe webhook", kind="webhook", key=str(row.pk), details={"url": asked.url})
    return _secret(row, doer)


def rotated(doer: Doer, asked: OfSubscription) -> Answer:
    """Make a new secret; the one before signs besides for a day."""
    row = _subscription(asked.webhook)
    row.generation, row.rotated_at = row.generation + 1, timezone.now()
    row.save(update_fields=["generation", "rotated_at"])
    doer.note("rotate webhook", kind="webhook", key=str(row.pk))
    return _secret(row, doer)


def unsubscribed(doer: Doer, asked: OfSubscription) -> Answer:
    """Tell an address no more."""
    row = _subscription(asked.webhook)
    row.ended_at, row.why_ended = timezone.now(), f"ended by {doer.name}"[:200]
    row.save(update_fields=["ended_at", "why_ended"])
    doer.note("end webhook", kind="webhook", key=str(row.pk))
    said = _("This address is told nothing any more.")
    return done(said, said, doer=doer, webhook=row.pk)


def replayed(doer: Doer, asked: OfDelivery) -> Answer:
    """Send a message again, with the same id."""
    row = Delivery.objects.select_related("subscription").filter(pk=asked.delivery).first()
    if row is None or row.subscription.ended_at is not None:
        raise Problem(f"there is no delivery {asked.delivery} to an address that is still told")
    row.state, row.n_tries, row.due_at = DeliveryState.WAITING, 0, timezone.now()
    row.save(update_fields=["state", "n_tries", "due_at"])
    doer.note("replay delivery", kind="webhook", key=str(row.pk))
    said = _("It is sent again.")
    return done(said, said, doer=doer, delivery=row.pk)


def fed(doer: Doer, _asked: Asked) -> Answer:
    """Make links for a calendar and a reader of news; they are shown once."""
    token = new_token()
    row = FeedLink.objects.create(digest=digest_of(token), owner=doer.user)
    doer.note("make feed links", kind="feed", key=str(row.pk))
    urls = {name: f"{doer.site}/feeds/{token}/{file}" for name, file in FILES.items()}
    said = _("These links are shown once.")
    return done(said, said, doer=doer, feed=row.pk, **urls)


def feed_ended(doer: Doer, asked: OfFeed) -> Answer:
    """Take one's own links back."""
    if not FeedLink.objects.filter(pk=asked.feed, owner=doer.user, ended_at=None).update(
        ended_at=timezone.now()
    ):
        raise Problem(f"there is no link {asked.feed} of yours")
    doer.note("end feed links", kind="feed", key=str(asked.feed))
    said = _("The links open nothing any more.")
    return done(said, said, doer=doer, feed=asked.feed)


FILES: Final = {"calendar": "cmo.ics", "news": "news.atom"}
"""What a link opens."""


def _secret(row: Subscription, doer: Doer) -> Answer:
    told: dict[str, Any] = {"webhook": row.pk, "url": row.url, "kinds": row.kinds}
    said = _("The secret is shown once.")
    return done(said, said, doer=doer, **told, secret=written(secret_of(row)))


def _subscription(number: int) -> Subscription:
    row = Subscription.objects.filter(pk=number, ended_at=None).first()
    if row is None:
        raise Problem(f"there is no address {number} that is told")
    return row
