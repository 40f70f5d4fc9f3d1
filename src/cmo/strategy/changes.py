"""What changed between two strategies, item by item and field by field, and what two hands changed at once.

An item is one objective, belief, test, member or idea, or the one positioning, or the one plan. Items are
compared as plain values, the way JSON knows them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from babel.numbers import format_decimal

from cmo.measures import Language, Text
from cmo.strategy.document import LISTS, Strategy
from cmo.strategy.part import Part

Item = Mapping[str, object]


class Name(NamedTuple):
    """Which item: its section and its id, which is empty where a section is one item."""

    section: str
    key: str


class Kind(StrEnum):
    """What became of an item."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


_SECTIONS: Final = {
    "objectives": Text("objective", "objectif"),
    "positioning": Text("positioning", "positionnement"),
    "plan": Text("plan", "plan"),
    "beliefs": Text("belief", "conviction"),
    "tests": Text("test", "test"),
    "team": Text("team member", "membre de l'équipe"),
    "ideas": Text("idea", "idée"),
    "choices": Text("choice", "choix"),
    "bets": Text("bet", "pari"),
    "competitors": Text("competitor", "concurrent"),
    "suppliers": Text("supplier", "prestataire"),
    "work": Text("work", "travail"),
}
_KINDS: Final = {
    Kind.ADDED: Text("Added:", "Ajout :"),
    Kind.CHANGED: Text("Changed:", "Changement :"),
    Kind.REMOVED: Text("Removed:", "Retrait :"),
}
_NOTHING: Final = Text("nothing", "rien")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field of an item, before and after.

    Attributes:
        path: The keys that lead to it, joined by dots: `claim.at_least`.
        before: Its value before; none where it was not there.
        after: Its value after; none where it is gone.
    """

    path: str
    before: object
    after: object

    @property
    def says(self) -> Text:
        """`confidence 0.9 → 0.6`."""
        return Text(*(f"{self.path} {_in(self.before, to)} → {_in(self.after, to)}" for to in ("en", "fr")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of one item; at least one of before and after is there.

    Attributes:
        name: Which item.
        before: The item before; none where it is new.
        after: The item after; none where it was taken out.
    """

    name: Name
    before: Item | None
    after: Item | None

    @property
    def kind(self) -> Kind:
        """What became of it, in a word."""
        if self.before is None:
            return Kind.ADDED
        return Kind.REMOVED if self.after is None else Kind.CHANGED

    @property
    def fields(self) -> tuple[FieldChange, ...]:
        """The fields that differ, in the order of the document."""
        before, after = dict(_leaves(self.before or {})), dict(_leaves(self.after or {}))
        return tuple(
            FieldChange(path=path, before=before.get(path), after=after.get(path))
            for path in before | after
            if before.get(path) != after.get(path)
        )

    @property
    def says(self) -> Text:
        """The change in a sentence."""
        item, kind = title(self.name), _KINDS[self.kind]
        if self.kind is not Kind.CHANGED:
            return Text(f"{kind.en} {item.en}.", f"{kind.fr} {item.fr}.")
        en, fr = (", ".join(field.says.in_(to) for field in self.fields) for to in _LANGUAGES)
        return Text(f"{kind.en} {item.en}, {en}.", f"{kind.fr} {item.fr}, {fr}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """An item that two hands changed since they last agreed, each differently.

    Attributes:
        here: What the document changed.
        there: What was changed elsewhere.
    """

    here: Change
    there: Change

    @property
    def says(self) -> Text:
        """What either hand did, and how to go on."""
        item = title(self.here.name)
        return Text(
            f"The {item.en} was changed in two places: here ({_deed(self.here, 'en')}), and elsewhere since "
            f"({_deed(self.there, 'en')}). Write the other version into the file and apply it; then change "
            "it again if you still want to.",
            f"Changé à deux endroits, {item.fr} : ici ({_deed(self.here, 'fr')}), et ailleurs depuis "
            f"({_deed(self.there, 'fr')}). Écrivez l'autre version dans le fichier et appliquez-la ; "
            "changez-la ensuite de nouveau si vous le voulez toujours.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Two hands' changes put together.

    Attributes:
        items: The result, in the order of the document, then what it lacks; where there is a conflict, the
            version from elsewhere.
        changes: What the document changes in what is remembered.
        elsewhere: What was changed elsewhere and is not in the document yet.
        conflicts: Items that both changed, differently.
    """

    items: Mapping[Name, Item]
    changes: tuple[Change, ...]
    elsewhere: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]


def items_of(strategy: Strategy) -> dict[Name, Item]:
    """The items of a strategy, as JSON knows them, in the order of the document."""
    parts = [
        (Name(section, part.id if section in LISTS else ""), part)
        for section, content in strategy
        for part in (content if section in LISTS else [content])
        if part is not None
    ]
    items = {name: _item(part) for name, part in parts}
    return {name: item for name, item in items.items() if item}


def strategy_of(items: Mapping[Name, Item]) -> Strategy:
    """The strategy that these items make.

    Raises:
        pydantic.ValidationError: An item, or the whole, is not as the document must be.
    """
    lists: dict[str, list[Item]] = {section: [] for section in LISTS}
    singles: dict[str, Item] = {}
    for name, item in items.items():
        if name.section in LISTS:
            lists[name.section].append(item)
        else:
            singles[name.section] = item
    return Strategy.model_validate(lists | singles)


def changes(before: Mapping[Name, Item], after: Mapping[Name, Item]) -> tuple[Change, ...]:
    """What must be done to `before` to make it `after`; the order of items means nothing."""
    return tuple(
        Change(name=name, before=before.get(name), after=after.get(name))
        for name in {**before, **after}
        if before.get(name) != after.get(name)
    )


def merge(
    base: Mapping[Name, Item], *, document: Mapping[Name, Item], remembered: Mapping[Name, Item]
) -> Merge:
    """Put together what the document and others changed since they last agreed.

    Args:
        base: What the document held when it last agreed with what is remembered.
        document: What the document holds now.
        remembered: What is remembered now.
    """
    here = {change.name: change for change in changes(base, document)}
    there = {change.name: change for change in changes(base, remembered)}
    conflicts = tuple(
        Conflict(here=here[name], there=there[name])
        for name in here
        if name in there and here[name].after != there[name].after
    )
    disputed = {conflict.here.name for conflict in conflicts}
    items = dict(remembered)
    for name, change in here.items():
        if name in disputed:
            continue
        if change.after is None:
            items.pop(name, None)
        else:
            items[name] = change.after
    return Merge(
        items={name: items[name] for name in {**document, **items} if name in items},
        changes=changes(remembered, items),
        elsewhere=tuple(change for change in changes(document, items) if change.name not in disputed),
        conflicts=conflicts,
    )


def title(name: Name) -> Text:
    """`belief tv-best`, `conviction tv-best`."""
    section = _SECTIONS[name.section]
    return Text(f"{section.en} {name.key}".strip(), f"{section.fr} {name.key}".strip())


_LANGUAGES: Final[tuple[Language, Language]] = ("en", "fr")
_DEEDS: Final = {Kind.ADDED: Text("added", "ajout"), Kind.REMOVED: Text("removed", "retrait")}


def _deed(change: Change, language: Language) -> str:
    if change.kind is not Kind.CHANGED:
        return _DEEDS[change.kind].in_(language)
    return ", ".join(field.says.in_(language) for field in change.fields)


def _leaves(item: Item, path: str = "") -> Iterator[tuple[str, object]]:
    for key, value in item.items():
        if isinstance(value, Mapping) and not _is_text(value):
            yield from _leaves(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def _is_text(value: Mapping[str, object]) -> bool:
    return set(value) == {"en", "fr"} and all(isinstance(words, str) for words in value.values())


def _in(value: object, language: Language) -> str:
    """Write a value as a person of that language does."""
    if value is None:
        return _NOTHING.in_(language)
    if isinstance(value, Mapping):
        return _in(value.get(language), language)
    if isinstance(value, list):
        return ", ".join(_in(one, language) for one in value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        locale = {"en": "en_GB", "fr": "fr_FR"}[language]
        return str(format_decimal(value, locale=locale, decimal_quantization=False))
    words = str(value)
    quoted = f"« {words} »" if language == "fr" else f"“{words}”"
    return quoted if " " in words else words


def _item(part: Part) -> Item:
    return {key: _as_json(value) for key, value in part.as_mapping().items()}


def _as_json(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_json(inner) for inner in value]
    return value
