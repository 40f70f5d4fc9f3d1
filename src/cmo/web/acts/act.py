"""An act: what it asks, whom it is for, and who does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from pydantic import BaseModel, ConfigDict

from cmo.briefs.answers import Answer
from cmo.ledger.audit import note
from cmo.measures import Language, Text
from cmo.strategy.document import Strategy
from cmo.web.models import Token, User
from cmo.web.rights import Action


class Asked(BaseModel):
    """What an act is asked with; some need nothing."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doer:
    """Who acts.

    Attributes:
        user: In whose name.
        language: Language of what they are told.
        token: The key of the program that acts for them; none on a page.
        site: Where the office is reached, as `https://cmo.example.org`; for links that leave it.
    """

    user: User
    language: Language
    token: Token | None = None
    site: str = ""

    @property
    def name(self) -> str:
        """Their name in the record."""
        return self.user.email

    @property
    def folder(self) -> Path:
        """The company's folder."""
        found: Path = settings.CMO_FOLDER
        return found

    def note(self, action: str, *, kind: str, key: str, details: Mapping[str, object] | None = None) -> None:
        """Write down in the audit log what was done."""
        through = {} if self.token is None else {"token": self.token.pk}
        note(action, by=self.name, kind=kind, key=key, details={**(details or {}), **through})

    def among(self, strategy: Strategy) -> str:
        """Their id in the team of strategy.yaml; their address where the team does not name them."""
        called = {self.user.name.casefold(), self.user.email.casefold()} - {""}
        names = ((one.id, {one.id.casefold(), one.name.casefold()}) for one in strategy.team)
        return next((name for name, known in names if known & called), self.user.email)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that can be done, and by whom.

    Attributes:
        says: What it does, for those who choose among acts.
        asks: The permission it asks.
        asked: What it is asked with.
        do: `do(doer, asked)`, what is told.
    """

    says: Text
    asks: Action
    asked: type[Asked]
    do: Callable[[Doer, Any], Answer]


def done(en: str, fr: str, *, doer: Doer, **data: object) -> Answer:
    """An answer of one sentence."""
    return Answer(data=dict(data), lines=(Text(en, fr).in_(doer.language),))
