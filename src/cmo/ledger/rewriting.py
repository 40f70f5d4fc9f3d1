"""strategy.yaml written back: only the characters that must differ are touched, so comments and layout stay.

The text is cut where the YAML parser says that keys and values begin and end; what it becomes is parsed
again before it is given away.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from itertools import groupby
from typing import Any, Final, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, SequenceNode
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from cmo.measures import Problem
from cmo.strategy.document import Strategy
from cmo.workspace import Document, validated

_WIDE: Final = 1_000_000  # never break a line
_WORDS: Final = re.compile(r"\w([\w .'’/-]*\w)?")


class _Entry(NamedTuple):
    """A key with its value, or an item of a list."""

    key: str
    start: int
    behind: int  # where its colon or dash ends
    node: Node


@dataclass(slots=True, kw_only=True)
class _Edits:
    """Cuts and insertions to be made in a text."""

    text: str
    made: list[tuple[int, int, str]] = field(default_factory=list)

    def put(self, start: int, end: int, words: str) -> None:
        self.made.append((start, end, words))

    def result(self) -> str:
        text = self.text
        # From the end, so that places stay true; at one place the last first, so that the first stands first.
        for _, (start, end, words) in sorted(enumerate(self.made), key=_backwards, reverse=True):
            text = text[:start] + words + text[end:]
        return text

    def entries(self, node: MappingNode) -> list["_Entry"]:
        return [
            _Entry(key.value, _start(key), self.text.index(":", key.end_mark.index) + 1, value)
            for key, value in node.value
        ]

    def end(self, entry: "_Entry") -> int:
        """Where an entry's last character stands; YAML's own marks may lie behind the comments after it."""
        node = entry.node
        start, end = _start(node), node.end_mark.index
        if isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
            if isinstance(node, MappingNode):
                return self.end(self.entries(node)[-1])
            return self.end(_item_entry(self, node, "", node.value[-1]))
        return entry.behind if start == end else start + len(self.text[start:end].rstrip(" \t\r\n"))

    def line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def next_line(self, at: int) -> int:
        found = self.text.find("\n", at)
        return len(self.text) if found < 0 else found + 1

    def insert_line(self, at: int, words: str) -> None:
        """Insert whole lines behind the line of `at`."""
        place = self.next_line(at)
        broken = place == 0 or self.text[place - 1] == "\n"
        self.put(place, place, words if broken else f"\n{words}")


def _backwards(numbered: tuple[int, tuple[int, int, str]]) -> tuple[int, int, int]:
    i, (start, end, _) = numbered
    return start, end, i


def written(strategy: Strategy) -> str:
    """The text of a new strategy.yaml."""
    return "\n".join(_block({section: part}) for section, part in strategy.as_mapping().items())


def rewritten(text: str, strategy: Strategy, *, name: str) -> str:
    """The text of strategy.yaml, changed as little as makes it say `strategy`.

    Args:
        text: The file as it is; valid.
        strategy: What it shall say.
        name: Name of the file, for errors.

    Raises:
        Problem: Its layout cannot be kept, because items share values by anchors.
    """
    before = validated(Document.parse(text, name=name), Strategy)
    if _by_id(before) == _by_id(strategy):
        return text
    root = YAML(typ="safe", pure=True).compose(StringIO(text))
    edits = _Edits(text=text)
    if root is None:
        edits.insert_line(len(text), written(strategy))
    elif root.flow_style:
        edits.put(_start(root), root.end_mark.index, written(strategy))
    else:
        _edit_mapping(edits, root, before.as_mapping(), strategy.as_mapping())
    result = edits.result()
    if "\r\n" in text:
        result = re.sub(r"(?<!\r)\n", "\r\n", result)
    try:
        kept = validated(Document.parse(result, name=name), Strategy)
    except Problem:
        kept = None
    if kept is None or _by_id(kept) != _by_id(strategy):
        raise Problem(
            f"{name}: it cannot be rewritten in its present layout; write values that are shared by anchors "
            "(&, *) out, or move the file away, then export again"
        )
    return result


def _edit_mapping(
    edits: _Edits, node: MappingNode, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    entries = edits.entries(node)
    _delete(edits, node, entries, gone={key for key in before if key not in after})
    for entry in entries:
        if entry.key in after and before.get(entry.key) != after[entry.key]:
            _edit_value(edits, entry, before.get(entry.key), after[entry.key])
    present = {entry.key for entry in entries}
    added = {key: value for key, value in after.items() if key not in present}
    if node.flow_style and added:
        _extend(edits, entries, _flow(added))
    elif added:
        _add_keys(edits, entries, added)


def _edit_value(edits: _Edits, entry: _Entry, before: object, after: object) -> None:
    node = entry.node
    if isinstance(node, MappingNode) and isinstance(before, Mapping) and isinstance(after, Mapping):
        if before.keys() & after.keys():
            _edit_mapping(edits, node, before, after)
            return
    elif isinstance(node, SequenceNode) and _has_ids(before) and _has_ids(after):
        old, new = _with_ids(before), _with_ids(after)
        if old.keys() & new.keys():
            _edit_list(edits, node, old, new)
            return
    _replace(edits, entry, after)


def _edit_list(
    edits: _Edits, node: SequenceNode, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    entries = [_item_entry(edits, node, key, item) for key, item in zip(before, node.value, strict=True)]
    _delete(edits, node, entries, gone=before.keys() - after.keys())
    for entry in entries:
        if entry.key in after and before[entry.key] != after[entry.key]:
            _edit_value(edits, entry, before[entry.key], after[entry.key])
    added = [item for key, item in after.items() if key not in before]
    if node.flow_style and added:
        _extend(edits, entries, _flow(added))
    elif added:
        _add_items(edits, entries, added)


def _item_entry(edits: _Edits, node: SequenceNode, key: str, item: Node) -> _Entry:
    start = _start(item) if node.flow_style else edits.text.rindex("-", 0, _start(item))
    return _Entry(key, start, start if node.flow_style else start + 1, item)


def _replace(edits: _Edits, entry: _Entry, value: object) -> None:
    node = entry.node
    end = edits.end(entry)
    if isinstance(node, CollectionNode) and not node.flow_style:
        # A block stands on lines of its own below its key.
        edits.put(edits.line_start(_start(node)), edits.next_line(end), "")
    else:
        edits.put(entry.behind, end, "")
    if _has_ids(value):
        edits.insert_line(end, _items(value, indent=2))
    else:
        edits.put(entry.behind, entry.behind, f" {_flow(value)}")


def _delete(edits: _Edits, node: CollectionNode, entries: Sequence[_Entry], *, gone: set[str]) -> None:
    """Cut out runs of entries, each with its own lines or its own comma."""
    numbered = enumerate(entries)
    for is_gone, run in groupby(numbered, key=lambda pair: pair[1].key in gone):
        if not is_gone:
            continue
        members = list(run)
        (i, first), (j, last) = members[0], members[-1]
        following = entries[j + 1].start if j + 1 < len(entries) else None
        line = edits.line_start(first.start)
        alone = not edits.text[line : first.start].strip()
        if not node.flow_style and alone:
            for _, entry in members:
                edits.put(edits.line_start(entry.start), edits.next_line(edits.end(entry)), "")
        elif following is not None:
            edits.put(first.start, following, "")
        else:
            edits.put(edits.end(entries[i - 1]), edits.end(last), "")


def _extend(edits: _Edits, entries: Sequence[_Entry], addition: str) -> None:
    """Add to a pair of brackets what stands in another."""
    at = edits.end(entries[-1])
    edits.put(at, at, f", {addition[1:-1]}")


def _add_keys(edits: _Edits, entries: Sequence[_Entry], added: Mapping[str, Any]) -> None:
    last = entries[-1]
    indent = last.start - edits.line_start(last.start)
    if indent == 0:
        words = "".join("\n" + _block({key: value}) for key, value in added.items())
    else:
        lines = (_flow({key: value})[1:-1] for key, value in added.items())
        words = "".join(" " * indent + f"{line}\n" for line in lines)
    edits.insert_line(edits.end(last), words)


def _add_items(edits: _Edits, entries: Sequence[_Entry], added: Sequence[object]) -> None:
    last = entries[-1]
    indent = last.start - edits.line_start(last.start)
    if isinstance(last.node, CollectionNode) and last.node.flow_style:
        words = "".join(" " * indent + f"- {_flow(item)}\n" for item in added)
    else:
        words = _items(added, indent=indent)
    edits.insert_line(edits.end(last), words)


def _start(node: Node) -> int:
    start: int = node.start_mark.index
    return start


def _has_ids(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) and "id" in item for item in value)


def _with_ids(items: Any) -> dict[str, Any]:
    return {item["id"]: item for item in items}


def _by_id(strategy: Strategy) -> dict[str, Any]:
    """Return the content by id: the order of a list is the user's own."""
    parts = strategy.as_mapping().items()
    return {section: _with_ids(part) if _has_ids(part) else part for section, part in parts}


def _flow(value: object) -> str:
    """Write a value on one line, safe inside brackets and outside."""
    return _dump({"x": value}, flow=True).strip().removeprefix("{x: ").removesuffix("}")


def _block(value: object) -> str:
    return _dump(value, flow=False)


def _items(items: object, *, indent: int) -> str:
    lines = _block({"items": items}).splitlines(keepends=True)[1:]
    return "".join(" " * indent + line[2:] for line in lines)


def _quoted(value: object) -> object:
    """Put every text that is more than words in quotes: readers differ on what may stand without."""
    if isinstance(value, Mapping):
        return {key: _quoted(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_quoted(inner) for inner in value]
    if isinstance(value, str) and not _WORDS.fullmatch(value):
        return DoubleQuotedScalarString(value)
    return value


def _dump(value: object, *, flow: bool) -> str:
    yaml = YAML()
    yaml.default_flow_style = flow
    yaml.width = _WIDE
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.ignore_aliases = lambda _: True
    out = StringIO()
    yaml.dump(_quoted(value), out)
    return out.getvalue()
