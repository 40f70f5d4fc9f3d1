"""The strategy remembered: strategy.yaml applied like a plan, exported without loss, every change kept."""

import os
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.utils import timezone
from pydantic import ValidationError

from cmo.ledger import models
from cmo.ledger.opening import where, writing
from cmo.ledger.rewriting import rewritten, written
from cmo.measures import Problem
from cmo.strategy.changes import Change, Item, Merge, Name, changes, items_of, merge, strategy_of
from cmo.strategy.document import Strategy
from cmo.workspace import Document, validated

_Items = dict[Name, Item]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One change of the strategy: who, when, what.

    Attributes:
        number: Its number in this ledger, from 1.
        made_at: When.
        made_by: By whom.
        changes: What, item by item.
    """

    number: int
    made_at: datetime
    made_by: str
    changes: tuple[Change, ...]


def remembered_strategy() -> Strategy:
    """The strategy as the ledger holds it; empty before the first apply.

    Raises:
        Problem: It was written under other rules and does not hold any more.
    """
    return _strategy(_remembered())


def revisions() -> tuple[Revision, ...]:
    """All changes of the strategy, latest first."""
    return tuple(reversed(list(_revisions())))


def last_revision_number() -> int:
    """How often the strategy was changed: the number of the latest revision, 0 before the first."""
    return models.Revision.rows.order_by("-number").values_list("number", flat=True).first() or 0


def difference(file: Path) -> Merge:
    """What applying a strategy.yaml would change, and what was changed elsewhere since it last agreed.

    Raises:
        Problem: The file is not as it must be.
    """
    return _merge(file, _read(file))


def apply_strategy(file: Path, *, by: str) -> Merge:
    """Remember what strategy.yaml changed, all of it or nothing.

    Items that were changed elsewhere and not in the file keep their change. The file is not touched.

    Args:
        file: The strategy.yaml.
        by: Who applies it.

    Raises:
        Problem: The file is not as it must be; an item was changed elsewhere too, and differently; or the
            two together do not hold. Nothing is changed then.
    """
    given = _read(file)
    with writing():
        merged = _merge(file, given)
        if merged.conflicts:
            raise Problem(*(conflict.says.en for conflict in merged.conflicts))
        _strategy(merged.items)
        if merged.changes:
            _keep(merged, by=by)
        _agree(file, items_of(given))
    return merged


def export_strategy(file: Path) -> bool:
    """Write what is remembered to strategy.yaml; comments and layout of what is there stay.

    Args:
        file: The strategy.yaml; made where it is not there.

    Returns:
        Whether the file changed.

    Raises:
        Problem: The file holds changes that were not applied (they would be lost), or cannot be written.
    """
    strategy = remembered_strategy()
    if file.exists():
        pending = _merge(file, _read(file))
        if pending.changes or pending.conflicts:
            lost = len(pending.changes) + len(pending.conflicts)
            raise Problem(
                f"{file.name} holds changes that were not applied ({lost}), and they would be lost: "
                "apply it first (cmo strategy apply), or move it away"
            )
        before = file.read_bytes().decode("utf-8-sig")
        after = rewritten(before, strategy, name=file.name)
    else:
        before, after = None, written(strategy)
    if after != before:
        _write(file, after)
    # Only now: were it noted before, a crash would make the old file look like an edit that undoes the rest.
    with writing():
        _agree(file, items_of(strategy))
    return after != before


def _read(file: Path) -> Strategy:
    return validated(Document.read(file), Strategy)


def _merge(file: Path, given: Strategy) -> Merge:
    document = items_of(given)
    return merge(_base(file, document), document=document, remembered=_remembered())


def _strategy(items: Mapping[Name, Item]) -> Strategy:
    try:
        return strategy_of(items)
    except ValidationError as error:
        sentences = [
            f"{'.'.join(map(str, line['loc']))}: {line['msg'].removeprefix('Value error, ')}"
            for line in error.errors()
        ]
        raise Problem(
            f"the strategy in the ledger {where()} and the file do not hold together: {'; '.join(sentences)}"
        ) from error


def _remembered() -> _Items:
    items: _Items = {}
    for revision in _revisions():
        _step(items, revision)
    order = models.Revision.rows.order_by("-number").values_list("order", flat=True).first() or []
    return {name: items[name] for name in [*(Name(*name) for name in order), *items] if name in items}


def _step(items: _Items, revision: Revision) -> None:
    for change in revision.changes:
        if change.after is None:
            items.pop(change.name, None)
        else:
            items[change.name] = change.after


def _revisions() -> Iterator[Revision]:
    for row in models.Revision.rows.prefetch_related("versions").order_by("number"):
        versions = sorted(row.versions.all(), key=lambda version: version.pk)
        yield Revision(
            number=row.number,
            made_at=row.made_at,
            made_by=row.made_by,
            changes=tuple(
                Change(name=Name(version.section, version.key), before=version.before, after=version.after)
                for version in versions
            ),
        )


def _base(file: Path, document: _Items) -> Mapping[Name, Item]:
    """Return what a file and the ledger last agreed on.

    A file that the ledger does not know yet, a colleague's copy perhaps, is taken at the revision whose
    content it has; with a content of its own it shares nothing, and whatever differs is a conflict.
    """
    agreed = models.Checkout.objects.filter(place=_place(file)).first()
    if agreed is not None:
        return {Name(section, key): item for section, key, item in agreed.content}
    items: _Items = {}
    for revision in _revisions():
        _step(items, revision)
        if not changes(items, document):
            return document
    return {}


def _keep(merged: Merge, *, by: str) -> None:
    last = last_revision_number()
    order = [list(name) for name in merged.items]
    revision = models.Revision(number=last + 1, made_at=timezone.now(), made_by=by, order=order)
    revision.save()
    models.ItemVersion.rows.bulk_create(
        models.ItemVersion(
            revision=revision,
            section=change.name.section,
            key=change.name.key,
            before=change.before,
            after=change.after,
        )
        for change in merged.changes
    )


def _agree(file: Path, items: Mapping[Name, Item]) -> None:
    content = [[name.section, name.key, item] for name, item in items.items()]
    models.Checkout.objects.update_or_create(place=_place(file), defaults={"content": content})


def _place(file: Path) -> str:
    """Name a file so that no other has its name; a ledger in the file's own folder may move with it."""
    if connection.vendor == "sqlite":
        folder = Path(connection.settings_dict["NAME"]).parent
        return Path(os.path.relpath(file.absolute(), folder)).as_posix()
    return f"{platform.node()}:{file.absolute().as_posix()}"


def _write(file: Path, text: str) -> None:
    """Put the text in the place of the file at once: whoever reads it meets the old or the new one whole."""
    beside = file.with_name(f".{file.name}.new")
    try:
        beside.write_bytes(text.encode())
        beside.replace(file)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise Problem(f"{file}: the file cannot be written ({error.strerror}); check the rights") from error
