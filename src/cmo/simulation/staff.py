"""The people of a simulated company, who could help them, and the work that waits when its data end."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

Row = dict[str, object]

_TEAM: Final[tuple[tuple[str, str, str, Mapping[str, int], int, Mapping[str, object]], ...]] = (
    (
        "general-manager",
        "Hélène Marchand",
        "general_manager",
        {"strategy": 4, "finance": 3},
        10,
        {"executive": True, "contacts_per_month": 1, "languages": ["fr", "en"]},
    ),
    (
        "head-of-media",
        "Bruno Keller",
        "media_manager",
        {"media_planning": 4, "tv": 4, "radio": 2, "sea": 1},
        35,
        {"wishes": ["sea"], "channels": ["tv", "radio", "display"], "languages": ["fr", "de"]},
    ),
    (
        "crm-manager",
        "Inès Benali",
        "crm_manager",
        {"email": 4, "segmentation": 3, "copywriting": 2},
        35,
        {
            "wishes": ["copywriting"],
            "channels": ["email"],
            "proofs": {"email": "the newsletter"},
        },
    ),
    (
        "brand-manager",
        "Louise Garnier",
        "brand_manager",
        {"brand": 4, "social": 3, "copywriting": 3, "video": 2},
        35,
        {"wishes": ["video"], "channels": ["social"]},
    ),
    (
        "ecommerce-manager",
        "Tom Whitaker",
        "ecommerce_manager",
        {"sea": 3, "affiliation": 3, "seo": 2},
        35,
        {"channels": ["search", "affiliation"], "languages": ["en", "fr"], "markets": ["France"]},
    ),
    ("data-analyst", "Karim Lefort", "data_analyst", {"sql": 4, "statistics": 3, "experiments": 2}, 28, {}),
    ("developer", "Anaïs Roche", "developer", {"python": 3, "web": 4}, 14, {}),
)
_AWAY: Final = {"crm-manager": (10, 20), "ecommerce-manager": (30, 40), "data-analyst": (16, 19)}
"""Days of absence after the data end: first and last."""
_WORK: Final[tuple[tuple[str, str, str, Mapping[str, int], int, int, Mapping[str, object]], ...]] = (
    ("season-film", "Le film de la saison", "The season's film", {"video": 3}, 30, 33, {"worth": 15_000}),
    ("film-cut", "Sa version courte", "Its short cut", {"video": 2}, 8, 47, {"after": ["season-film"]}),
    ("newsletter", "La lettre aux clientes", "The newsletter", {"email": 3}, 12, 19, {"channel": "email"}),
    ("search-words", "Nouveaux mots clés", "New search words", {"sea": 2}, 16, 26, {"channel": "search"}),
    ("page-audit", "Audit des pages", "Audit of the pages", {"seo": 2}, 18, 40, {}),
    ("press-text", "Le texte pour la presse", "The text for the press", {"copywriting": 3}, 10, 26, {}),
    ("tracking", "Réparer le suivi", "Repair the tracking", {"web": 3}, 40, 33, {"department": "developers"}),
)
_SUPPLIERS: Final = (
    {
        "id": "film-studio",
        "says": {"fr": "Un studio de film", "en": "A film studio"},
        "kind": "agency",
        "skills": {"video": 4},
        "price_per_hour": 85,
        "hours_per_week": 20,
        "weeks": 1,
    },
    {
        "id": "video-course",
        "says": {"fr": "Une formation au montage", "en": "A course in film editing"},
        "kind": "training",
        "skills": {"video": 3},
        "price": 900,
        "hours": 14,
    },
)


def team(end: date) -> list[Row]:
    """Everybody with skills, hours and absences after the data end."""
    found: list[Row] = []
    for name, full, role, skills, hours, more in _TEAM:
        row: Row = {
            "id": name,
            "name": full,
            "role": role,
            "skills": dict(skills),
            "hours_per_week": hours,
            **more,
        }
        if name in _AWAY:
            first, last = (end + timedelta(days=days) for days in _AWAY[name])
            row["absences"] = [[first, last]]
        found.append(row)
    return found


def suppliers() -> list[Row]:
    """Who could help, at which price."""
    return [dict(one) for one in _SUPPLIERS]


def work(end: date) -> list[Row]:
    """What must be done in the weeks after the data end."""
    return [
        {
            "id": name,
            "says": {"fr": fr, "en": en},
            "skills": dict(skills),
            "hours": hours,
            "by": end + timedelta(days=days),
            **more,
        }
        for name, fr, en, skills, hours, days, more in _WORK
    ]
