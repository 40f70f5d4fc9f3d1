"""Clicks of machines told apart from clicks of people, when they arrive; nothing of the machine is kept.

Gateways open every link of a message within seconds of its delivery, ask with HEAD, or name themselves.
Such a click counts nowhere: neither in a rate, nor for the bandit, nor as contact of the person.
"""

import re
from dataclasses import dataclass
from typing import Final

_NAMES: Final = re.compile(
    r"bot\b|crawl|spider|slurp|preview|scan|safelinks|mimecast|proofpoint|barracuda|ironport|symantec|fireeye|"
    r"trendmicro|headless|phantom|python|curl|wget|libwww|java/|go-http|okhttp|httpclient|axios|node-fetch|"
    r"googleimageproxy|yahoomailproxy|facebookexternalhit|whatsapp|telegrambot|slackbot|discordbot|monitor",
    re.IGNORECASE,
)
AT_ONCE: Final = 3.0
"""Seconds after sending within which nobody reads and clicks."""
TOGETHER: Final = 2.0
"""Seconds within which a person does not follow two links of one message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A request for a link of ours.

    Attributes:
        method: GET or HEAD.
        agent: What the program calls itself.
        purpose: What it says it is for (Purpose, Sec-Purpose), empty where it says nothing.
        since_sent: Seconds since the message was sent; none where that is not known.
        since_other: Seconds since another link of the same message was asked for; none where none was.
    """

    method: str
    agent: str
    purpose: str = ""
    since_sent: float | None = None
    since_other: float | None = None


def robot_of(hit: Hit) -> str:
    """Why a hit is a machine's, in a word; empty for a person's."""
    if hit.method != "GET":
        return "method"
    if not hit.agent.strip() or _NAMES.search(hit.agent):
        return "agent"
    if "prefetch" in hit.purpose.casefold() or "preview" in hit.purpose.casefold():
        return "prefetch"
    if hit.since_sent is not None and hit.since_sent < AT_ONCE:
        return "at once"
    if hit.since_other is not None and abs(hit.since_other) < TOGETHER:
        return "together"
    return ""
