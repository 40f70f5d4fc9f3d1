"""Credentials: taken from the environment or from a file outside the workspace, shown and kept nowhere."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from cmo.measures import Problem
from cmo.workspace import Workspace
from cmo.workspace.streams import PLACEHOLDER

HIDDEN = "…"
_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*")
_OTHERS = 0o077
_SHORTEST = 4  # a secret of one or two letters would be found in every word


@dataclass(slots=True, kw_only=True)
class Credentials:
    """What ${NAME} stands for, the environment before the file.

    Attributes:
        file: The file's name and value pairs.
        used: The values that were handed out, by name; no sentence and no file may show them.
    """

    file: Mapping[str, str] = field(default_factory=dict, repr=False)
    used: dict[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, workspace: Workspace) -> "Credentials":
        """The credentials of a workspace.

        Raises:
            Problem: The file lies in the workspace, can be read by others, or is not as it must be.
        """
        written = workspace.config.credentials_file
        if written is None:
            return cls()
        where = workspace.document.where(("credentials_file",))
        path = Path(written).expanduser()
        if not path.is_absolute():
            raise Problem(f"{where}: {written}: an absolute path outside this folder was expected")
        home = Path(os.path.realpath(workspace.folder))
        if Path(os.path.realpath(path)).is_relative_to(home):
            raise Problem(f"{where}: {path} lies in the workspace; credentials belong outside of it")
        try:
            mode, text = path.stat().st_mode, path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Problem(f"{where}: {path} cannot be read; a text file was expected") from error
        if mode & _OTHERS:
            raise Problem(f"{where}: others may read {path}; run chmod 600 {path}")
        return cls(file=_pairs(text, where=where, path=path))

    def resolved(self, written: str, *, where: str) -> str:
        """A text with every ${NAME} in its place; in the user's part of a URL, as a URL writes it.

        Args:
            written: The text.
            where: Beginning of an error's sentence.

        Raises:
            Problem: A name is not set, or a password stands in the text.
        """
        plain = urlsplit(PLACEHOLDER.sub("placeholder", written))
        if plain.password and "placeholder" not in plain.password:
            raise Problem(
                f"{where}: a password stands in the file; write ${{NAME}} and set NAME in the environment"
            )
        end = written.rpartition("@")[0] if "://" in written else ""

        def value(found: re.Match[str]) -> str:
            given = self._value(found[1], where=where)
            return quote(given, safe="") if found.start() < len(end) else given

        return PLACEHOLDER.sub(value, written)

    def hidden(self, text: str) -> str:
        """A text without any value that was handed out."""
        return self._replaced(text, dict.fromkeys(self.used, HIDDEN))

    def named(self, text: str) -> str:
        """A text with ${NAME} in the place of every value that was handed out."""
        return self._replaced(text, {name: f"${{{name}}}" for name in self.used})

    def restored(self, text: str) -> str:
        """A text that `named` gave, with the values in their places again."""
        return PLACEHOLDER.sub(lambda found: self.used.get(found[1], found[0]), text)

    def _value(self, name: str, *, where: str) -> str:
        given = os.environ.get(name) or self.file.get(name)
        if not given:
            raise Problem(
                f"{where}: {name} is set neither in the environment nor in the file of credentials; set it"
            )
        self.used[name] = given
        return given

    def _replaced(self, text: str, by: Mapping[str, str]) -> str:
        shown: dict[str, str] = {}
        for name, value in self.used.items():
            for secret in (value, *_within(value)):
                for way in (secret, quote(secret, safe=""), quote(secret)):
                    shown.setdefault(way, by[name])
        for secret in sorted(shown, key=len, reverse=True):
            if len(secret) >= _SHORTEST:
                text = text.replace(secret, shown[secret])
        return text


def _within(value: str) -> tuple[str, ...]:
    """The secrets inside a value that is a URL."""
    try:
        place = urlsplit(value)
        return tuple(unquote(one) for one in (place.password, place.username) if one)
    except ValueError:
        return ()


def _pairs(text: str, *, where: str, path: Path) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        if found is None:
            raise Problem(f"{where}: {path}, line {number}: NAME=value was expected")
        pairs[found[1]] = found[2].strip("'\"")
    return pairs
