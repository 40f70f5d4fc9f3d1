"""Doors: how allauth lets people in. Nobody signs up by themselves; accounts come from invitations."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from cmo.ledger.audit import note
from cmo.web.models import User


class Door(DefaultAccountAdapter):  # type: ignore[misc] # allauth has no types
    """Sign-in with a password or a passkey."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Only by invitation."""
        return False

    def post_login(self, request: HttpRequest, user: User, **more: Any) -> Any:
        """Note who came in."""
        note("sign in", by=user.email)
        return super().post_login(request, user, **more)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note that somebody tried; the address they gave, never what they typed as password."""
        note("sign in refused", by=str(credentials.get("email") or AnonymousUser())[:200])
        super().authentication_failed(request, **credentials)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: no way to send mail is configured, and none is pretended."""


class OtherDoor(DefaultSocialAccountAdapter):  # type: ignore[misc] # allauth has no types
    """Sign-in with the company's own provider: only for people who were invited."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Only by invitation."""
        return False
