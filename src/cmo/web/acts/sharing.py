"""Links for guests, invitations, roles, one's own name and language."""

from datetime import timedelta
from typing import Annotated, Final, Literal

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field

from cmo.briefs.answers import Answer
from cmo.briefs.document import Audience
from cmo.ledger.audit import note
from cmo.measures import Problem
from cmo.web.acts.act import Asked, Doer, done
from cmo.web.models import GuestLink, Invitation, User
from cmo.web.rights import Role
from cmo.web.tokens import digest_of, new_token

BRIEF: Final = "brief"
GUEST_DAYS: Final = 30
INVITATION_DAYS: Final = 7

Number = Annotated[int, Field(description="Its number.", ge=1, le=2**31)]
Tongue = Annotated[Literal["en", "fr"], Field(description="Its language.")]


class Share(Asked):
    """A reading for a guest."""

    audience: Annotated[Audience, Field(description="Which reading.")]
    language: Tongue = "en"


class EndLink(Asked):
    """A guest's link to take back."""

    link: Number


class Invite(Asked):
    """An invitation."""

    role: Annotated[Role, Field(description="What they will be.")]
    email: Annotated[
        str,
        Field(
            description="Their address, where it is known.", max_length=254, pattern=r"^$|^[^@\s]+@[^@\s]+$"
        ),
    ] = ""


class Change(Asked):
    """A change of somebody's role."""

    person: Number
    role: Annotated[Role, Field(description="What they are from now on.")]
    closed: Annotated[bool, Field(description="Whether their account is closed.")] = False


class NewPassword(Asked):
    """Somebody who needs a new password."""

    person: Number


class Me(Asked):
    """What somebody says of themselves."""

    name: Annotated[str | None, Field(description="Their name.", max_length=120)] = None
    language: Annotated[Literal["en", "fr"] | None, Field(description="Their language.")] = None


def shared(doer: Doer, asked: Share) -> Answer:
    """Make a link that shows a reading to a guest for a while."""
    token = new_token()
    link = GuestLink.objects.create(
        digest=digest_of(token),
        kind=BRIEF,
        key=asked.audience.value,
        language=asked.language,
        made_by=doer.user,
        expires_at=timezone.now() + timedelta(days=GUEST_DAYS),
    )
    doer.note("share with a guest", kind=BRIEF, key=f"{asked.audience.value} link {link.pk}")
    return _link(f"/guest/{token}/", doer, link=link.pk, expires_at=link.expires_at.isoformat())


def link_ended(doer: Doer, asked: EndLink) -> Answer:
    """Take a guest's link back."""
    row = GuestLink.objects.filter(pk=asked.link).first()
    if row is None:
        raise Problem(f"there is no link {asked.link}")
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    doer.note("end a guest's link", kind=BRIEF, key=f"{row.key} link {row.pk}")
    said = _("The link opens nothing any more.")
    return done(said, said, doer=doer, link=row.pk)


def invited(doer: Doer, asked: Invite) -> Answer:
    """Make a link that makes one account."""
    return _link(make_invitation(asked.role, email=asked.email, by=doer.name), doer, role=asked.role.value)


def make_invitation(role: Role, *, email: str, by: str) -> str:
    """The path of a fresh invitation.

    Args:
        role: What whoever takes it up will be.
        email: Their address, empty where it is not known.
        by: Who invites; the office itself at its first start.
    """
    token = new_token()
    Invitation.objects.create(
        digest=digest_of(token),
        role=role.value,
        email=email,
        invited_by=User.objects.filter(email=by).first(),
        expires_at=timezone.now() + timedelta(days=INVITATION_DAYS),
    )
    note("invite", by=by, kind="person", key=email, details={"role": role.value})
    return f"/welcome/{token}/"


def person_changed(doer: Doer, asked: Change) -> Answer:
    """Change somebody's role, or close their account; there is always an owner."""
    with transaction.atomic():
        row = User.objects.select_for_update().filter(pk=asked.person).first()
        if row is None:
            raise Problem(f"there is no person {asked.person}")
        owners = User.objects.filter(role=Role.OWNER, is_active=True).exclude(pk=row.pk)
        if (asked.closed or asked.role is not Role.OWNER) and not owners.exists():
            raise Problem(_("Somebody must own this office: make another owner first."))
        row.role, row.is_active = asked.role.value, not asked.closed
        row.save(update_fields=["role", "is_active"])
        told = {"role": asked.role.value, "closed": asked.closed}
        doer.note("change person", kind="person", key=row.email, details=told)
    said = _("Changed.")
    return done(said, said, doer=doer, person=row.pk, **told)


def password_asked(doer: Doer, asked: NewPassword) -> Answer:
    """Make a link with which somebody sets a new password; it ends with its first use."""
    row = User.objects.filter(pk=asked.person, is_active=True).first()
    if row is None:
        raise Problem(f"there is no person {asked.person} whose account is open")
    named = {"uidb36": user_pk_to_url_str(row), "key": default_token_generator.make_token(row)}
    doer.note("new password", kind="person", key=row.email)
    return _link(reverse("account_reset_password_from_key", kwargs=named), doer, person=row.pk)


def told_of_oneself(doer: Doer, asked: Me) -> Answer:
    """Change one's own name or language."""
    given = asked.model_dump(exclude_none=True)
    for name, value in given.items():
        setattr(doer.user, name, value)
    doer.user.save(update_fields=list(given) or None)
    said = _("Changed.")
    return done(said, said, doer=doer, name=doer.user.name, language=doer.user.language)


def _link(path: str, doer: Doer, **data: object) -> Answer:
    url = f"{doer.site}{path}"
    said = _("This link is shown once: %(url)s") % {"url": url}
    return done(said, said, doer=doer, url=url, **data)
