"""What a variant brought, counted."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a variant brought on a channel in a batch.

    Attributes:
        channel: Where.
        arm: The variant.
        batch: Batch of the test.
        sent: Messages that left.
        clicked: Messages of which a person followed a link.
        robots: Messages of which only machines did.
    """

    channel: str
    arm: str
    batch: int
    sent: int
    clicked: int
    robots: int
