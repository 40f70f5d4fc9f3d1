"""What stands around every page: the menu, who is signed in, how many things wait."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cmo.ledger.approvals import waiting_approvals
from cmo.ledger.challenges import open_challenges
from cmo.web.knowledge import workspace
from cmo.web.models import Job, JobState


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the menu.

    Attributes:
        name: Name of its address.
        label: Its words.
        under: The first part of all addresses that belong to it.
    """

    name: str
    label: str | Promise
    under: str


MENU: Final = (
    Entry(name="today", label=_("Today"), under="/today/"),
    Entry(name="strategy", label=_("Strategy"), under="/strategy/"),
    Entry(name="customers", label=_("Customers & value"), under="/customers/"),
    Entry(name="reality", label=_("Reality check"), under="/reality/"),
    Entry(name="decisions", label=_("Decisions"), under="/decisions/"),
    Entry(name="money", label=_("Money"), under="/money/"),
    Entry(name="studio", label=_("Studio"), under="/studio/"),
    Entry(name="tests", label=_("Test & learn"), under="/tests/"),
    Entry(name="radar", label=_("Radar & channels"), under="/radar/"),
    Entry(name="team", label=_("Team"), under="/team/"),
    Entry(name="reports", label=_("Reports"), under="/reports/"),
    Entry(name="measures", label=_("All figures"), under="/measures/"),
    Entry(name="data", label=_("Data & settings"), under="/data/"),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """The frame of a page; empty for who is not signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"company": workspace().config.company.name}
    path = "/today/" if request.path == "/" else request.path
    return {
        "company": workspace().config.company.name,
        "menu": [
            {"label": one.label, "url": reverse(one.name), "here": path.startswith(one.under)} for one in MENU
        ],
        "waiting": len(open_challenges()) + len(waiting_approvals()),
        "working": Job.objects.filter(state__in=(JobState.WAITING, JobState.RUNNING)).exists(),
    }
