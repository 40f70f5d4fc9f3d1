"""Acts asked for on pages: what a form says is held against the same rules as what a program says."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from pydantic import ValidationError

from cmo.briefs.answers import Answer
from cmo.measures import Problem
from cmo.web.acts.act import Doer
from cmo.web.acts.table import ACTS
from cmo.web.gate import signed_in
from cmo.web.tongue import spoken


def doer_on(request: HttpRequest) -> Doer:
    """Who acts on a page."""
    site = request.build_absolute_uri("/").rstrip("/")
    return Doer(user=signed_in(request), language=spoken(), site=site)


def acted(request: HttpRequest, name: str, **given: Any) -> Answer:
    """Do an act that a page asks for: all of it, or nothing.

    Args:
        request: Who asks.
        name: Name of the act.
        given: What it is asked with.

    Raises:
        PermissionDenied: They may not.
        Problem: What is given is not as it must be.
    """
    act, doer = ACTS[name], doer_on(request)
    if not doer.user.may(act.asks):
        raise PermissionDenied(act.asks.value)
    try:
        asked = act.asked.model_validate(given)
    except ValidationError as error:
        wrong = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise Problem(*wrong) from error
    with transaction.atomic():
        return act.do(doer, asked)
