"""Links followed: where they lead, and what is kept of it.

That a link of a message was followed, when, by what kind.
"""

from cmo.communication.campaign import Campaign, of_mapping
from cmo.communication.channels import CHANNELS
from cmo.communication.links import digest_of, targets
from cmo.communication.robots import Hit, robot_of
from cmo.ledger import outbox, people
from cmo.ledger.works import version_of

KIND, MAIL = "campaign", "email"


def follow(token: str, number: int, *, method: str, agent: str, purpose: str) -> str | None:
    """Where a link leads, having written down that it was followed; none where there is no such link.

    Neither the address nor the name of the program that asked is kept: what it says of itself is judged and
    dropped.

    Args:
        token: The token of the message.
        number: Number of the link, from 1.
        method: GET or HEAD.
        agent: What the program calls itself.
        purpose: What it says it is for.
    """
    message = outbox.by_token(digest_of(token))
    if message is None:
        return None
    said = version_of(KIND, message.post, message.version)
    to = None if said is None else target_of(of_mapping(said), message.channel, message.arm, number)
    if to is None:
        return None

    def judge(since_sent: float | None, since_other: float | None) -> str:
        mail = message.channel == MAIL
        return robot_of(
            Hit(
                method=method,
                agent=agent,
                purpose=purpose,
                since_sent=since_sent if mail else None,
                since_other=since_other if mail else None,
            )
        )

    robot = outbox.hit(message, number, judge=judge)
    if not robot and message.channel == MAIL:
        people.touched(message.recipient)
    return to


def target_of(campaign: Campaign, channel: str, arm: str, number: int) -> str | None:
    """Where a link of a piece leads, with its UTM parameters; none where the piece has no such link."""
    if campaign.piece(f"{channel}:{arm}") is None:
        return None
    found = targets(
        campaign.brief.link,
        source="newsletter" if channel == MAIL else channel,
        medium=CHANNELS[channel].medium,
        campaign=campaign.id,
        content=arm,
    )
    return found[number - 1] if 1 <= number <= len(found) else None
