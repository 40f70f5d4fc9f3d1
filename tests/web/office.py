"""Makes an office for tests, in a process of its own: Django takes its settings once.

`python office.py FOLDER` makes a company with a remembered review and people in every role, and prints as
JSON their session cookies and every address of the office.
"""

import json
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from cmo.web.start import configure, opened

COMPANY = """\
company: {name: Petite Boutique, currency: EUR, language: en, timezone: Europe/Paris}
sources: {orders: {path: data/orders.csv}}
"""
ORDERS = (
    "order_id,customer_id,ordered_at,revenue\n1,a,2026-01-05,10\n2,b,2026-02-05,20\n3,a,2026-03-05,oops\n"
)
STRATEGY = """\
objectives:
  - {id: sales, says: {en: "3 M€", fr: "3 M€"}, measure: sales.forecast, at_least: 3000000, by: 2027-12-31}
plan: {period: 2027, budget: 300, channels: {tv: {spend: 200}, radio: {spend: 100}}}
team: [{id: bruno, name: Bruno Keller, role: Media, skills: {media: 4}, hours_per_week: 35}]
tests: [{id: email, kind: ab, start: 2026-01-01, end: 2026-01-31}]
ideas: [{id: shop, says: {en: "A shop for a week", fr: "Une boutique éphémère"}, kind: event}]
beliefs:
  - {id: tv, says: {en: "TV is our best channel", fr: "La télé est notre meilleur canal"}, owner: bruno,
     confidence: 0.9, claim: {measure: media.roi, of: tv, is: highest}}
  - {id: loyal, says: {en: "Half come back", fr: "La moitié revient"}, confidence: 0.7,
     claim: {measure: customers.repeat_rate, at_least: 0.3}}
  - {id: loved, says: {en: "They love us", fr: "Ils nous aiment"}, claim: {measure: value.nps, at_least: 30}}
"""
PLAN = {
    "budget": 300.0,
    "horizon": ["2027-01-01", "2027-12-31"],
    "current": {"profit": {"mean": 100.0, "q05": 50.0, "q95": 150.0}},
    "proposed": {"profit": {"mean": 120.0, "q05": 60.0, "q95": 180.0}},
    "gain": {"mean": 20.0, "q05": -5.0, "q95": 45.0, "probability_positive": 0.9},
    "allocation": [
        {"channel": "tv", "current": 200.0, "proposed": 50.0, "mroi": {"mean": 0.4, "q05": 0.1, "q95": 0.9}},
        {
            "channel": "radio",
            "current": 100.0,
            "proposed": 250.0,
            "mroi": {"mean": 1.4, "q05": 0.9, "q95": 2},
        },
    ],
}


def remember() -> None:
    """A review that found a few things."""
    from cmo.ledger.reviews import Run, remember_review
    from cmo.ledger.strategy import remembered_strategy
    from cmo.measures import Doubt, Estimate, Grade, History, Text, Unanswered, Window, months
    from cmo.strategy.confront import confront
    from cmo.strategy.evidence import Evidence

    rng = np.random.default_rng(7)
    window = Window(start=date(2024, 1, 1), end=date(2026, 3, 31))

    def estimate(
        name: str, centre: list[float], subjects: tuple[str, ...], by: str, unit: str, **more: Any
    ) -> Estimate:
        draws = np.asarray(centre) * (1 + 0.05 * rng.standard_normal((2000, len(centre))))
        return Estimate.of_draws(
            name,
            draws,
            subjects=subjects,
            by=by,
            unit=unit,
            window=window,
            as_of=window.end,
            method=Text("counted for tests", "compté pour les tests"),
            grade=Grade.C,
            tables=("orders",),
            doubts=(Doubt(code="few", says=Text("Few rows.", "Peu de lignes.")),),
            **more,
        )

    periods = months(window)
    history = History.of_draws(
        200_000 * (1 + 0.1 * rng.standard_normal((2000, 1, len(periods)))), periods=periods, cycle=12
    )
    ahead = tuple(f"2026-{month:02d}" for month in range(4, 13))
    found = (
        estimate("sales.revenue", [5e6], ("total",), "total", "EUR", history=history),
        estimate("sales.forecast", [2e5] * 9, ahead, "month", "EUR"),
        estimate("customers.repeat_rate", [0.5], ("total",), "total", "share"),
        estimate("customers.active", [1234.0], ("total",), "total", "count"),
        estimate("media.roi", [0.5, 1.5], ("tv", "radio"), "channel", "EUR/EUR"),
        estimate("market.trend", [0.1, 0.3], ("clay", "tea"), "topic", "share"),
    )
    gap = Unanswered(
        measure="value.nps",
        reason=Text("There is no feedback.", "Il n'y a pas d'avis."),
        unlock=("feedback",),
    )
    evidence = Evidence(estimates=found, unanswered=(gap,))
    run = Run(started_at=datetime.now(tz=UTC), fingerprint="f:f", seed=0, engine="duckdb", version="1")
    remember_review(
        run, evidence=evidence, verdicts=confront(remembered_strategy().beliefs, evidence, previous={})
    )


def people() -> dict[str, str]:
    """Somebody in every role; the session of each."""
    from allauth.account.models import EmailAddress
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from cmo.web.models import User
    from cmo.web.rights import Role

    sessions = {}
    for role in Role:
        user = User.objects.create_user(
            f"{role.value}@example.org", "a long pass phrase 7", name=role.value.title(), role=role.value
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        sessions[role.value] = session.session_key
    return sessions


def keys() -> dict[str, str]:
    """Keys of programs: one of each role with all scopes, one of the owner for each scope, and dead ones."""
    from django.utils import timezone

    from cmo.web.models import Token, User
    from cmo.web.rights import Action, Role
    from cmo.web.tokens import digest_of

    later, now = timezone.now() + timedelta(days=1), timezone.now()
    every = [one.value for one in Action]
    wanted: dict[str, dict[str, Any]] = {role.value: {"owner": role.value, "scopes": every} for role in Role}
    wanted |= {f"only {one}": {"owner": "owner", "scopes": [one]} for one in every}
    wanted["expired"] = {"owner": "owner", "scopes": every, "expires_at": now}
    wanted["ended"] = {"owner": "owner", "scopes": every, "ended_at": now}
    for name, more in wanted.items():
        more["owner"] = User.objects.get(role=more["owner"])
        Token.objects.create(digest=digest_of(f"cmo_{name}"), name=name, **{"expires_at": later, **more})
    return {name: f"cmo_{name}" for name in wanted}


def objects() -> dict[str, str]:
    """A scenario, a link of a guest and an invitation."""
    from django.utils import timezone

    from cmo.web.models import GuestLink, Invitation, Job, User
    from cmo.web.tokens import digest_of

    owner, later = User.objects.get(role="owner"), timezone.now() + timedelta(days=1)
    jobs = [
        Job.objects.create(kind="plan", language="en", asked_by=owner, state="done", found=PLAN)
        for _ in range(3)
    ]
    for token, ends in (("guest", later), ("old", timezone.now())):
        GuestLink.objects.create(
            digest=digest_of(token), kind="brief", key="board", language="fr", made_by=owner, expires_at=ends
        )
    Invitation.objects.create(digest=digest_of("invited"), role="viewer", expires_at=later)
    return dict(zip(("job", "plan", "walked"), (str(job.pk) for job in jobs), strict=True))


def main(folder: Path) -> None:
    """Make it and tell of it."""
    (folder / "data").mkdir(parents=True)
    (folder / "cmo.yaml").write_text(COMPANY, encoding="utf-8")
    (folder / "strategy.yaml").write_text(STRATEGY, encoding="utf-8")
    (folder / "data" / "orders.csv").write_text(ORDERS, encoding="utf-8")
    opened(configure(folder))
    from cmo.ledger.strategy import apply_strategy
    from cmo.loop.questions import QUESTIONS
    from cmo.web.acts.table import ACTS
    from cmo.web.api.lists import LISTINGS
    from cmo.web.routes import ROUTES

    apply_strategy(folder / "strategy.yaml", by="tests")
    remember()
    told = {
        "sessions": people(),
        "keys": keys(),
        "acts": {name: one.asks.value for name, one in ACTS.items()},
        "listings": {name: one.asks.value for name, one in LISTINGS.items()},
        "questions": list(QUESTIONS),
        **objects(),
        "routes": [
            {
                "at": one.at,
                "name": one.name,
                "asks": None if one.asks is None else one.asks.value,
                "posts": one.posts,
                "shows": one.shows,
            }
            for one in ROUTES
        ],
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
