"""What a link nobody can guess opens: dates for a calendar, news for a reader."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from icalendar import Calendar
from icalendar import Event as Entry

from cmo.briefs.voice import Voice
from cmo.briefs.wording import BADGE
from cmo.experiments.registration import Stage
from cmo.ledger.challenges import open_challenges
from cmo.ledger.decisions import standing_decisions
from cmo.ledger.learnings import learnings
from cmo.ledger.tests import lives
from cmo.measures import LANGUAGES, Language
from cmo.strategy.verdict import Stance
from cmo.web.acts.page import acted
from cmo.web.knowledge import known
from cmo.web.models import Event, FeedLink
from cmo.web.rights import Action
from cmo.web.tokens import digest_of

_MOST: Final = 100


def make(request: HttpRequest) -> HttpResponse:
    """Make one's own links."""
    made = acted(request, "make_feed").data
    request.session["fresh_feed"] = [made["calendar"], made["news"]]
    return redirect("me")


def end(request: HttpRequest, feed: int) -> HttpResponse:
    """Take them back."""
    messages.success(request, acted(request, "end_feed", feed=feed).lines[0])
    return redirect("me")


def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Challenges due, decisions to look at again, tests that begin and end."""
    link = _link(token)
    if link is None:
        return _gone(request)
    voice, now = Voice(_language(link)), known()
    site, seq = request.build_absolute_uri("/"), now.review
    found = Calendar()
    found.add("prodid", "-//cmo//office//EN")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", now.workspace.config.company.name)
    for uid, day, says, path in _dates(voice):
        entry = Entry()
        entry.add("uid", f"{uid}@cmo")
        entry.add("sequence", seq)
        entry.add("dtstamp", datetime.now(tz=UTC))
        entry.add("dtstart", day)
        entry.add("dtend", day + timedelta(days=1))
        entry.add("transp", "TRANSPARENT")
        entry.add("summary", says)
        entry.add("url", f"{site}{path}")
        found.add_component(entry)
    return HttpResponse(found.to_ical(), content_type="text/calendar; charset=utf-8")


def news(request: HttpRequest, token: str) -> HttpResponse:
    """Verdicts that changed, and what was learnt, the latest first."""
    link = _link(token)
    if link is None:
        return _gone(request)
    language = _language(link)
    voice, site = Voice(language), request.build_absolute_uri("/")
    with translation.override(language):
        named = _("News of the field")
    title = f"{known().workspace.config.company.name} · {named}"
    feed = Atom1Feed(title=title, link=site, description="", language=language, feed_guid=f"{site}news")
    for event in Event.objects.filter(kind="verdict.changed")[:_MOST]:
        told = event.data
        says = told["says"][language]
        badge = voice.read(BADGE[Stance(told["after"])])
        feed.add_item(
            title=f"{voice.quote(says)}: {badge}" if language == "en" else f"{voice.quote(says)} : {badge}",
            link=f"{site}reality/",
            description="" if told["probability"] is None else voice.found(told["probability"]),
            unique_id=f"urn:cmo:{event.key}",
            updateddate=event.at,
            pubdate=event.at,
        )
    for one in learnings():
        feed.add_item(
            title=voice.read(one.says),
            link=f"{site}tests/",
            description="",
            unique_id=f"urn:cmo:learning:{one.id}",
            updateddate=_noon(max((of.ended_on for of in one.outcomes), default=one.expires_on)),
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _dates(voice: Voice) -> list[tuple[str, date, str, str]]:
    found = [
        (
            f"challenge-{one.number}",
            one.due_on,
            voice.say("Answer: {belief}", "Répondre : {belief}", belief=voice.read(one.says)),
            "reality/",
        )
        for one in open_challenges()
    ]
    found += [
        (
            f"decision-{one.number}",
            one.packet.review_on,
            voice.say("Look again: {says}", "Revoir : {says}", says=voice.read(one.packet.says)),
            "decisions/",
        )
        for one in standing_decisions()
    ]
    for life in lives():
        if life.design is None or life.stage not in {Stage.APPROVED, Stage.RUNNING}:
            continue
        says, promise = voice.read(life.says), life.design.registration
        begins = life.started_on or promise.starts_on
        found += [
            (
                f"test-{life.test}-start",
                begins,
                voice.say("Test begins: {says}", "Début du test : {says}", says=says),
                "tests/",
            ),
            (
                f"test-{life.test}-end",
                life.ended_on or promise.ends_on,
                voice.say("Test ends: {says}", "Fin du test : {says}", says=says),
                "tests/",
            ),
        ]
    return found


def _link(token: str) -> FeedLink | None:
    link = FeedLink.objects.select_related("owner").filter(digest=digest_of(token), ended_at=None).first()
    return link if link is not None and link.owner.may(Action.SEE) else None


def _language(link: FeedLink) -> Language:
    return next((one for one in LANGUAGES if one == link.owner.language), "en")


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "web/expired.html", {"title": _("This link opens nothing any more")}, status=410)
