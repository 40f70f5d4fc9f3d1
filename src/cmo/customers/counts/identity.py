"""Who is one person: a graph of records and the keys they share, from which nothing is ever lost.

A link says that two records share a key (an e-mail address, a phone number), which key, and since when it is
known. Persons are what links connect. Undoing a link cuts it for good, but keeps it with its history, so that
what was merged can be parted and what was parted can be merged again.

References:
    Tarjan (1975), "Efficiency of a good but not linear set union algorithm", Journal of the ACM 22(2).
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SHARED_BY_TOO_MANY = 6  # records behind one key: a shop's or a family's address, not a person's
NO_ADDRESS = frozenset({"", "noreply", "none", "null", "na", "n/a", "unknown", "inconnu"})


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Link:
    """Two records that share a key.

    Attributes:
        one: A record.
        other: The other, greater by name.
        key: Which key, `email` or `phone`.
        shown: The key with most of it hidden, for people.
    """

    one: str
    other: str
    key: str
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Records that are one person.

    Attributes:
        person: The name of the first record, which stands for all.
        records: All of them, ascending.
        links: Why.
    """

    person: str
    records: tuple[str, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identities:
    """What the keys say.

    Attributes:
        persons: Persons of more than one record.
        cut: Links that were undone, and link nothing.
        crowded: Keys shared by so many records that they name nobody: shown form to records.
    """

    persons: tuple[Person, ...]
    cut: tuple[Link, ...]
    crowded: Mapping[str, int]

    @property
    def of_record(self) -> dict[str, str]:
        """The person behind each record that is not alone."""
        return {record: one.person for one in self.persons for record in one.records}


def normal_email(written: str) -> str | None:
    """An e-mail address as its owner would recognise it, or None where it is none.

    Upper case and blanks do not matter; what stands before the @ is otherwise left as it is, since only the
    provider knows whether dots and tags do.
    """
    address = unicodedata.normalize("NFKC", written).strip().lower()
    name, at, host = address.partition("@")
    if not at or "." not in host or name in NO_ADDRESS or " " in address or "@" in host:
        return None
    return address


def normal_phone(written: str) -> str | None:
    """The last nine digits of a phone number, which country prefixes leave alone; None under eight digits."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", written))
    if len(digits) < 8 or len(set(digits)) == 1:
        return None
    return digits[-9:]


def identities(
    keys: Mapping[str, Sequence[tuple[str, str]]], *, undone: Iterable[tuple[str, str]] = ()
) -> Identities:
    """Persons among records.

    Args:
        keys: For `email` and `phone`, pairs of record and key as written.
        undone: Pairs of records whose links are cut; a third record may still connect them.

    Returns:
        Persons, in order of their names.
    """
    apart = {(min(pair), max(pair)) for pair in undone}
    links: set[Link] = set()
    cut: set[Link] = set()
    crowded: dict[str, int] = {}
    for kind, pairs in keys.items():
        for key, records in _by_key(kind, pairs).items():
            shown = _hidden(key)
            if len(records) > SHARED_BY_TOO_MANY:
                crowded[shown] = len(records)
                continue
            for at, one in enumerate(records):
                for other in records[at + 1 :]:
                    link = Link(one=one, other=other, key=kind, shown=shown)
                    (cut if (one, other) in apart else links).add(link)
    return Identities(persons=_persons(links), cut=tuple(sorted(cut)), crowded=crowded)


def _by_key(kind: str, pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    normal = normal_email if kind == "email" else normal_phone
    records: defaultdict[str, set[str]] = defaultdict(set)
    for record, written in pairs:
        key = normal(written)
        if key is not None:
            records[key].add(record)
    return {key: sorted(those) for key, those in records.items() if len(those) > 1}


def _persons(links: set[Link]) -> tuple[Person, ...]:
    above: dict[str, str] = {}

    def top(record: str) -> str:
        root = record
        while above.setdefault(root, root) != root:
            root = above[root]
        while above[record] != root:
            above[record], record = root, above[record]
        return root

    for link in sorted(links):
        one, other = sorted((top(link.one), top(link.other)))
        above[other] = one
    of: defaultdict[str, list[str]] = defaultdict(list)
    for record in sorted(above):
        of[top(record)].append(record)
    why: defaultdict[str, list[Link]] = defaultdict(list)
    for link in sorted(links):
        why[top(link.one)].append(link)
    return tuple(
        Person(person=root, records=tuple(records), links=tuple(why[root]))
        for root, records in sorted(of.items())
    )


def _hidden(key: str) -> str:
    name, at, host = key.partition("@")
    return f"{name[:1]}…@{host}" if at else f"…{key[-3:]}"
