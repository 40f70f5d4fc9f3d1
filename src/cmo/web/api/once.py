"""A write that is asked twice with one key is done once: deed and answer are kept together, or neither."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

from django.http import HttpRequest
from django.utils import timezone

from cmo.ledger.opening import writing
from cmo.measures import Text
from cmo.web.acts.act import Doer
from cmo.web.api.problems import Conflict
from cmo.web.models import Attempt

KEPT_FOR: Final = timedelta(days=2)
HEADER: Final = "Idempotency-Key"
LONGEST: Final = 255


def once(request: HttpRequest, doer: Doer, do: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any], bool]:
    """Do a write, or tell again what it gave.

    Args:
        request: With its key, or without: then it is done whenever it is asked.
        doer: Who asks; keys of others are others.
        do: Does it and tells of it.

    Returns:
        What is told, and whether it is told again.

    Raises:
        Conflict: The key was given with another request.
    """
    key = request.headers.get(HEADER, "")
    with writing():
        if not key:
            return do(), False
        if len(key) > LONGEST:
            raise Conflict(
                Text(
                    f"A key has at most {LONGEST} characters.", f"Une clé a au plus {LONGEST} caractères."
                ).in_(doer.language)
            )
        asked = sha256(b"\0".join((request.path.encode(), request.body))).hexdigest()
        Attempt.objects.filter(made_at__lt=timezone.now() - KEPT_FOR).delete()
        row, fresh = Attempt.objects.get_or_create(owner=doer.user, key=key, defaults={"asked": asked})
        if row.asked != asked:
            raise Conflict(
                Text(
                    f"{HEADER} {key[:40]} was given before, with another request: choose a new key.",
                    f"{HEADER} {key[:40]} a déjà été donnée, avec une autre requête : choisir une autre clé.",
                ).in_(doer.language)
            )
        if not fresh and row.answer is not None:
            return row.answer, True
        row.answer = do()
        row.save(update_fields=["answer"])
    return row.answer, False
