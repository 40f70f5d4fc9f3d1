"""The door of the API: a token in a header, never a cookie, so that no other site can act for anybody."""

import os
from datetime import timedelta
from threading import local
from typing import Final

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle

from cmo.measures import LANGUAGES, Language
from cmo.web.acts.act import Doer
from cmo.web.api.bucket import Buckets
from cmo.web.models import Token
from cmo.web.rights import Action
from cmo.web.tokens import digest_of

PER_SECOND: Final = float(os.environ.get("CMO_API_PER_SECOND", "10"))
"""Calls a second that a token may go on making."""
AT_ONCE: Final = 10 * PER_SECOND
"""Calls that a token may make at once after a rest."""
_SEEN_EVERY: Final = timedelta(minutes=1)


class Denied(Exception):  # noqa: N818 - it is told as a refusal
    """A token may not do this; `action` is the permission that it lacks."""

    def __init__(self, action: Action, *, language: Language) -> None:
        super().__init__(action.value)
        self.action, self.language = action, language


class Bearer(HttpBearer):
    """Lets in who holds a token that is known, not expired, and whose owner is still here."""

    def __init__(self, action: Action) -> None:
        super().__init__()
        self.action = action

    def authenticate(self, request: HttpRequest, token: str) -> Doer | None:
        """Whose token it is.

        Raises:
            Denied: The token, or its owner, may not do this.
        """
        doer = doer_of(request, token)
        if doer is not None and (doer.token is None or not doer.token.may(self.action)):
            raise Denied(self.action, language=doer.language)
        return doer


def doer_of(request: HttpRequest, token: str) -> Doer | None:
    """In whose name a token acts; none where it opens nothing."""
    row = live_token(token)
    if row is None:
        return None
    wanted = (request.headers.get("Accept-Language", "")[:2].lower(), row.owner.language)
    language: Language = next((one for want in wanted for one in LANGUAGES if one == want), "en")
    return Doer(
        user=row.owner, language=language, token=row, site=request.build_absolute_uri("/").rstrip("/")
    )


def live_token(token: str) -> Token | None:
    """The token of these letters, as long as it opens anything; that it was used is written down."""
    now = timezone.now()
    row = (
        Token.objects.select_related("owner")
        .filter(digest=digest_of(token), ended_at=None, expires_at__gt=now, owner__is_active=True)
        .first()
    )
    if row is not None and (row.last_used_at is None or now - row.last_used_at > _SEEN_EVERY):
        Token.objects.filter(pk=row.pk).update(last_used_at=now)
    return row


class Rate(BaseThrottle):
    """So many calls at once, so many a second: each process keeps its own count of each token."""

    def __init__(self) -> None:
        self._buckets = Buckets(per_second=PER_SECOND, at_once=AT_ONCE)
        self._said = local()

    def allow_request(self, request: HttpRequest) -> bool:
        """Whether one more call is taken now."""
        doer: Doer = request.auth  # type: ignore[attr-defined] # ninja puts it there
        self._said.wait = self._buckets.wait(0 if doer.token is None else doer.token.pk)
        return bool(self._said.wait == 0.0)

    def wait(self) -> float:
        """Seconds until the next call of this thread's caller is taken."""
        return float(self._said.wait)
