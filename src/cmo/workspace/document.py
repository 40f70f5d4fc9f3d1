"""A YAML file as plain values that remember the line they stand on."""

import codecs
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from cmo.measures import Problem

Place: TypeAlias = Sequence[str | int]
"""Keys and positions from the root of a document to a value in it."""

MAX_BYTES = 2_000_000
MAX_VALUES = 200_000
MAX_DEPTH = 40

_BRACKET = re.compile(r"[\[\]{}]")
_SCALARS = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A YAML document.

    Attributes:
        name: Name of its file, as errors call it.
        data: Its values: mappings, lists, strings, numbers, booleans, dates and None.
        lines: The line, from 1, of each value by its place.
    """

    name: str
    data: dict[str, Any]
    lines: Mapping[tuple[str | int, ...], int]

    @classmethod
    def read(cls, path: Path) -> "Document":
        """Reads a YAML file whose root is a mapping.

        Raises:
            Problem: It cannot be read, is too large, is not YAML, repeats a key or nests without end.
        """
        return cls.parse(_text_of(path), name=path.name)

    @classmethod
    def parse(cls, text: str, *, name: str) -> "Document":
        """Reads YAML text whose root is a mapping.

        Raises:
            Problem: The text is not YAML, repeats a key or nests without end.
        """
        _refuse_nesting(text, name=name)
        try:
            root = YAML(typ="safe", pure=True).compose(io.StringIO(text))
        except MarkedYAMLError as error:
            raise Problem(_not_yaml(error, name=name)) from error
        except (YAMLError, ValueError) as error:
            raise Problem(f"{name}: this is not YAML; {' '.join(str(error).split())}") from error
        except RecursionError as error:
            raise Problem(f"{name}: the values nest deeper than {MAX_DEPTH} levels; flatten them") from error
        reading = _Reading(name=name)
        data = {} if root is None else reading.value(root, ())
        if not isinstance(data, dict):
            raise Problem(
                f"{name}, line 1: keys with values were expected, such as 'company: {{name: Acme}}'"
            )
        return cls(name=name, data=data, lines=reading.lines)

    def line_of(self, place: Place) -> int:
        """The line a value stands on; of the nearest value around it where there is none at that place."""
        known: tuple[str | int, ...] = ()
        for step in place:
            if (*known, step) in self.lines:
                known = (*known, step)
        return self.lines.get(known, 1)

    def where(self, place: Place) -> str:
        """The place in words, as every error begins: file, line, key."""
        key = ""
        for step in place:
            key += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if key else step
        return f"{self.name}, line {self.line_of(place)}" + (f", {key}" if key else "")


@dataclass(slots=True, kw_only=True)
class _Reading:
    """One walk over the nodes, which counts values so that a small file cannot grow without end."""

    name: str
    lines: dict[tuple[str | int, ...], int] = field(default_factory=dict)
    values: int = 0
    constructor: SafeConstructor = field(
        default_factory=lambda: SafeConstructor(loader=YAML(typ="safe", pure=True))
    )

    def value(self, node: Node, place: tuple[str | int, ...]) -> Any:
        line = node.start_mark.line + 1
        self.lines[place] = line
        self.values += 1
        if self.values > MAX_VALUES:
            raise Problem(
                f"{self.name}: there are more than {MAX_VALUES} values, aliases unfolded; shorten it"
            )
        if len(place) > MAX_DEPTH:
            raise Problem(
                f"{self.name}, line {line}: the values nest deeper than {MAX_DEPTH} levels; flatten them"
            )
        if isinstance(node, MappingNode):
            return self._mapping(node, place)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*place, at)) for at, item in enumerate(node.value)]
        return self._scalar(node, line=line)

    def _mapping(self, node: MappingNode, place: tuple[str | int, ...]) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode) or key_node.tag == "tag:yaml.org,2002:merge":
                raise Problem(f"{self.name}, line {line}: a key must be a plain word; write the keys out")
            key = key_node.value
            if key in mapping:
                raise Problem(f"{self.name}, line {line}: the key {key} stands here twice; keep one")
            mapping[key] = self.value(value_node, (*place, key))
            self.lines[(*place, key)] = line
        return mapping

    def _scalar(self, node: Node, *, line: int) -> Any:
        if node.tag not in _SCALARS:
            raise Problem(
                f"{self.name}, line {line}: the tag {node.tag} is not known here; write the value alone"
            )
        try:
            value = self.constructor.construct_object(node)
        except (ValueError, OverflowError, YAMLError) as error:
            raise Problem(
                f"{self.name}, line {line}: {node.value[:40]!r} cannot be read as a value; quote it"
            ) from error
        if isinstance(value, float) and not math.isfinite(value):
            raise Problem(f"{self.name}, line {line}: {node.value} is not a finite number; give one")
        return value


def _text_of(path: Path) -> str:
    name = path.name
    try:
        if not path.is_file():
            raise Problem(f"{path}: no such file; make it, for example with cmo init")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise Problem(f"{name}: the file has {size} bytes, at most {MAX_BYTES} are read; shorten it")
        data = path.read_bytes()
    except OSError as error:
        raise Problem(f"{path}: the file cannot be read ({error.strerror}); check its rights") from error
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Problem(f"{name}, line {line}: the file is not in UTF-8; save it as UTF-8") from error


def _refuse_nesting(text: str, *, name: str) -> None:
    """Refuses brackets within brackets without end, which would keep the parser busy for hours."""
    depth = 0
    for found in _BRACKET.finditer(text):
        depth = max(depth + (1 if found[0] in "[{" else -1), 0)
        if depth > 10 * MAX_DEPTH:
            line = text.count("\n", 0, found.start()) + 1
            raise Problem(
                f"{name}, line {line}: the values nest deeper than {MAX_DEPTH} levels; flatten them"
            )


def _not_yaml(error: MarkedYAMLError, *, name: str) -> str:
    mark = error.problem_mark or error.context_mark
    line = f", line {mark.line + 1}" if mark else ""
    why = " ".join(str(error.problem or error.context or "it cannot be parsed").split())
    if "\\t" in why:
        why = "a tab stands where spaces are needed"
    return f"{name}{line}: this is not YAML; {why}"
