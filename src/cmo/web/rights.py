"""Who may do what: one literal table, role by action. Every page and every call asks it on the server."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from cmo.measures import Text


class Action(StrEnum):
    """Something that a person asks to do; each has a permission of its own."""

    SEE = "see"
    EDIT = "edit"
    ANSWER = "answer"
    RUN = "run"
    PROPOSE = "propose"
    APPROVE = "approve"
    SEND = "send"
    PUBLISH = "publish"
    SPEND = "spend"
    SHARE = "share"
    SEE_PERSONAL = "see_personal"
    EXPORT_PERSONAL = "export_personal"
    SEE_AUDIT = "see_audit"
    CONFIGURE = "configure"
    MANAGE_PEOPLE = "manage_people"

    @property
    def says(self) -> Text:
        """What it means, for the page that shows the table."""
        return _ACTIONS[self]


class Role(StrEnum):
    """What somebody is in the office. A guest has none: a link opens one object to them, nothing else."""

    OWNER = "owner"
    CMO = "cmo"
    MANAGER = "manager"
    CONTRIBUTOR = "contributor"
    ANALYST = "analyst"
    APPROVER = "approver"
    VIEWER = "viewer"

    @property
    def says(self) -> Text:
        """Its name for people."""
        return _ROLES[self]


_ALL: Final = frozenset(Action)
_WORKS: Final = frozenset({Action.SEE, Action.EDIT, Action.ANSWER, Action.RUN, Action.PROPOSE})

RIGHTS: Final[Mapping[Role, frozenset[Action]]] = MappingProxyType(
    {
        Role.OWNER: _ALL,
        Role.CMO: _ALL - {Action.CONFIGURE, Action.MANAGE_PEOPLE},
        Role.MANAGER: _WORKS
        | {Action.APPROVE, Action.SEND, Action.PUBLISH, Action.SHARE, Action.SEE_PERSONAL},
        Role.CONTRIBUTOR: _WORKS - {Action.RUN},
        Role.ANALYST: _WORKS | {Action.SEE_PERSONAL, Action.SEE_AUDIT},
        Role.APPROVER: frozenset({Action.SEE, Action.APPROVE}),
        Role.VIEWER: frozenset({Action.SEE}),
    }
)


def may(role: str | None, action: Action) -> bool:
    """Whether somebody in this role may do that; nobody in no role, and in none that is unknown."""
    return role is not None and role in RIGHTS and action in RIGHTS[Role(role)]


_ACTIONS: Final = {
    Action.SEE: Text("see figures, verdicts and briefs", "voir chiffres, verdicts et notes"),
    Action.EDIT: Text("edit the strategy and plans", "modifier la stratégie et les plans"),
    Action.ANSWER: Text("answer challenges", "répondre aux contestations"),
    Action.RUN: Text("start reviews and other jobs", "lancer revues et autres travaux"),
    Action.PROPOSE: Text("propose decisions", "proposer des décisions"),
    Action.APPROVE: Text("approve what others propose", "approuver ce que d'autres proposent"),
    Action.SEND: Text("send messages", "envoyer des messages"),
    Action.PUBLISH: Text("publish", "publier"),
    Action.SPEND: Text("commit money", "engager de l'argent"),
    Action.SHARE: Text("share a report with a guest", "partager une note avec un invité"),
    Action.SEE_PERSONAL: Text("see personal data", "voir des données personnelles"),
    Action.EXPORT_PERSONAL: Text("export personal data", "exporter des données personnelles"),
    Action.SEE_AUDIT: Text("read the audit log", "lire le journal d'audit"),
    Action.CONFIGURE: Text("change settings", "changer les réglages"),
    Action.MANAGE_PEOPLE: Text("invite people and set roles", "inviter et donner des rôles"),
}
_ROLES: Final = {
    Role.OWNER: Text("owner", "propriétaire"),
    Role.CMO: Text("marketing director", "direction marketing"),
    Role.MANAGER: Text("manager", "responsable"),
    Role.CONTRIBUTOR: Text("contributor", "contributeur"),
    Role.ANALYST: Text("analyst", "analyste"),
    Role.APPROVER: Text("approver", "approbateur"),
    Role.VIEWER: Text("viewer", "lecteur"),
}
