"""Writing down what happened, once, and for whom it is: all together or nothing."""

from django.utils import timezone

from cmo.ledger.happenings import happenings, last_seen
from cmo.ledger.opening import writing
from cmo.web.models import Delivery, Event, Mark, Subscription


def collect() -> int:
    """Write down what the ledger tells since the last time; what was there at the first time is not told.

    Returns:
        How many events are new.
    """
    marks = dict(Mark.objects.values_list("name", "number"))
    if missing := {name: number for name, number in last_seen().items() if name not in marks}:
        Mark.objects.bulk_create(
            (Mark(name=name, number=number) for name, number in missing.items()), ignore_conflicts=True
        )
        marks |= missing
    found, reached = happenings(marks)
    if reached == marks:
        return 0
    with writing():
        known = set(Event.objects.filter(key__in=[one.key for one in found]).values_list("key", flat=True))
        events = [
            Event(key=one.key, kind=one.kind, at=one.at, data=dict(one.data))
            for one in found
            if one.key not in known
        ]
        Event.objects.bulk_create(events)
        for subscription in Subscription.objects.filter(ended_at=None):
            Delivery.objects.bulk_create(
                Delivery(event=event, subscription=subscription, due_at=timezone.now())
                for event in events
                if event.kind in subscription.kinds and event.at >= subscription.made_at
            )
        for name, number in reached.items():
            Mark.objects.filter(name=name).update(number=number)
    return len(events)
