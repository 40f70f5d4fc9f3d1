"""strategy.yaml: what the company wants, believes, plans, has tested and could try, and by whom."""

from datetime import date, timedelta

import numpy as np

from cmo.simulation.beliefs import Statement
from cmo.simulation.staff import suppliers, team, work
from cmo.simulation.trials import BANNER_TEST
from cmo.simulation.workspace import History

_IDEAS = (
    ("live-shopping", "Vendre en vidéo en direct", "Sell in live video", "channel"),
    ("solid-range", "Élargir la gamme solide", "Extend the solid range", "product"),
    ("refill-club", "Un abonnement de recharges", "A subscription to refills", "product"),
    ("podcast", "Parrainer un podcast", "Sponsor a podcast", "channel"),
    ("delivery-slot", "Livrer sur rendez-vous", "Deliver by appointment", "service"),
)
_POSITIONING = {
    "for": {"fr": "celles qui lisent les étiquettes", "en": "those who read the labels"},
    "who": {"fr": "veulent des soins efficaces et sains", "en": "want care that works and is sound"},
    "we_are": {"fr": "une maison française de cosmétiques", "en": "a French house of cosmetics"},
    "that": {"fr": "montre d'où vient chaque ingrédient", "en": "shows where each ingredient comes from"},
    "unlike": {"fr": "les marques qui ne montrent que des visages", "en": "brands that only show faces"},
}


def _round(amount: float, digits: int = 2) -> int:
    """Round to some significant digits, as plans are written."""
    if amount <= 0:
        return 0
    size = 10 ** max(int(np.floor(np.log10(amount))) - digits + 1, 0)
    return int(round(amount / size) * size)


def next_quarter(end: date) -> str:
    """The quarter that begins after a day."""
    quarter = (end.month - 1) // 3 + 2
    return f"{end.year + (quarter > 4)}-Q{(quarter - 1) % 4 + 1}"


def last_day(history: History) -> date:
    """Last day of the data."""
    world = history.market.world
    return world.start + timedelta(days=7 * world.weeks - 1)


def plan_of(history: History) -> dict[str, object]:
    """The plan in force: last year's pace for the quarter to come."""
    company = history.market.world.company
    quarter = np.array([w.actions.spend.sum(axis=1) for w in history.lived[-52:]]).sum(axis=0) / 4
    spends = {key: _round(float(amount)) for key, amount in zip(company.channel_keys, quarter, strict=True)}
    return {
        "period": next_quarter(last_day(history)),
        "budget": sum(spends.values()),
        "channels": {
            key: {"spend": amount, "min": _round(0.4 * amount), "max": _round(2.0 * amount)}
            for key, amount in spends.items()
        },
    }


def _objectives(history: History, end: date) -> list[dict[str, object]]:
    yearly = float(sum(w.margin.sum() for w in history.lived[-52:]))
    target = _round(1.12 * yearly)
    by = date(end.year + 1, 12, 31)
    millions = f"{target / 1e6:.1f}"
    return [
        {
            "id": "contribution",
            "says": {
                "fr": f"{millions.replace('.', ',')} M€ de contribution en {by.year}",
                "en": f"{millions} M€ contribution in {by.year}",
            },
            "measure": "sales.contribution",
            "at_least": target,
            "by": by,
        },
        {
            "id": "awareness",
            "says": {"fr": "Être connue d'une personne sur deux", "en": "Be known by one person in two"},
            "measure": "brand.awareness",
            "at_least": 0.5,
            "by": by,
        },
        {
            "id": "nps",
            "says": {"fr": "Un NPS de 40", "en": "An NPS of 40"},
            "measure": "value.nps",
            "at_least": 40,
            "by": by,
        },
    ]


def tests_of(history: History) -> list[dict[str, object]]:
    """The tests that were run."""
    market, geo = history.market, history.plan.geo_test
    company, start = market.world.company, market.world.start
    first = market.nature.mondays[geo.first]
    tests: list[dict[str, object]] = [
        {
            "id": geo.test_id,
            "kind": "geo",
            "channel": geo.channel,
            "treated": [company.region_names[r] for r in geo.regions],
            "start": first,
            "end": first + timedelta(days=7 * geo.weeks - 1),
        }
    ]
    for assigned in history.ledger.tests:
        sent = market.nature.mondays[assigned.test.week]
        tests.append(
            {
                "id": assigned.test.test_id,
                "kind": "split",
                "channel": "email",
                "start": sent,
                "end": sent + timedelta(days=7 * assigned.test.weeks - 1),
                "metric": "converted",
            }
        )
    shown = start + timedelta(weeks=int(0.55 * market.world.weeks))
    banner = {"id": BANNER_TEST, "kind": "ab", "start": shown, "end": shown + timedelta(days=13)}
    tests.append(banner | {"metric": "converted"})
    return tests


def strategy_of(history: History, statements: tuple[Statement, ...]) -> dict[str, object]:
    """The whole document."""
    end = last_day(history)
    return {
        "objectives": _objectives(history, end),
        "positioning": _POSITIONING,
        "plan": plan_of(history),
        "beliefs": [s.as_mapping() for s in statements],
        "tests": tests_of(history),
        "team": team(end),
        "suppliers": suppliers(),
        "work": work(end),
        "ideas": [{"id": i, "says": {"fr": fr, "en": en}, "kind": kind} for i, fr, en, kind in _IDEAS],
    }
