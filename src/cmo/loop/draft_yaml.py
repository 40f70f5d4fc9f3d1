"""A guess written down as a cmo.yaml whose lines say why they are there and what to change."""

from collections.abc import Mapping, Sequence
from json import dumps
from pathlib import Path

from cmo.loop.draft import Company, Trial
from cmo.measures import Language, Text

_HEAD = Text(
    "# Made by cmo init from your files. Every line is a guess with its reason: correct what is wrong,\n"
    "# then run cmo check. `cmo schema cmo` prints the schema of this file; docs/imports.md lists the\n"
    "# known exports.\n",
    "# Écrit par cmo init d'après vos fichiers. Chaque ligne est une supposition avec sa raison : corrigez\n"
    "# ce qui est faux, puis lancez cmo check. `cmo schema cmo` donne le schéma de ce fichier ;\n"
    "# docs/imports.md liste les exports connus.\n",
)
_FORMAT = Text(
    "a known export: what each column means is known; add columns: to change one",
    "export connu : le sens des colonnes est connu ; ajoutez columns: pour en changer une",
)

_PARTED = {
    ",": Text("commas", "virgules"),
    ";": Text("semicolons", "points-virgules"),
    "\t": Text("tabs", "tabulations"),
    "|": Text("bars", "barres"),
}
_FORCE = Text(
    "say otherwise with encoding:, delimiter:, decimal: or dates: below path:",
    "dites le contraire par encoding:, delimiter:, decimal: ou dates: sous path:",
)


def document(company: Company, trials: Sequence[Trial], *, folder: Path) -> str:
    """The text of cmo.yaml.

    Args:
        company: Who the company is taken for.
        trials: The sources.
        folder: The workspace; files in it are named from there, others by their whole path.
    """
    language: Language = "fr" if company.language.value == "fr" else "en"
    lines = [
        _HEAD.in_(language),
        "company:",
        f"  name: {_quoted(company.name)}",
        *(
            f"  {key}: {line.value}  # {line.why.in_(language)}"
            for key, line in (
                ("currency", company.currency),
                ("language", company.language),
                ("timezone", company.timezone),
            )
        ),
        "",
        "engine: duckdb",
        "",
        "sources:" if trials else "sources: {}",
    ]
    tables: dict[str, list[Trial]] = {}
    for trial in trials:
        tables.setdefault(trial.guess.table, []).append(trial)
    for table, ones in tables.items():
        lines.append(f"  {table}:")
        for one in ones:
            lines += [f"    {line}" for line in _source(one, folder=folder, language=language)]
    return "\n".join(lines) + "\n"


def _source(one: Trial, *, folder: Path, language: Language) -> list[str]:
    way, how = found(one).in_(language), _FORCE.in_(language)
    lines = [f"# {way}; {how}"] if way else []
    lines.append(f"- path: {_quoted(_from(one.path, folder))}")
    if one.guess.export is not None:
        lines.append(f"  format: {one.guess.export.name}  # {_FORMAT.in_(language)}")
    answered = Text("as you answered", "comme vous l'avez répondu").in_(language)
    lines += [
        f"  {key}: {value if key == 'period' else _quoted(value)}  # {answered}"
        for key, value in one.said.items()
        if key != "format"
    ]
    if one.guess.export is None:
        lines.append("  columns:")
        lines += [
            f"    {column.name}: {_quoted(column.written)}  "
            f"# {certain(column.sure, language)}, {column.why.in_(language)}"
            f"{_such_as(one.samples, column.name)}"
            for column in one.guess.columns
        ]
    return lines


def _from(path: Path, folder: Path) -> str:
    """A path from the workspace for what lies in it, else the whole path."""
    home = folder.absolute()
    return str(path.relative_to(home)) if path.is_relative_to(home) else str(path)


def found(one: Trial) -> Text:
    """How a file is written, in words."""
    en, fr = [], []
    if one.encoding is not None:
        en.append(one.encoding)
        fr.append(one.encoding)
    if one.delimiter is not None:
        parted = _PARTED.get(one.delimiter, Text(one.delimiter, one.delimiter))
        en.append(f"cells parted by {parted.en}")
        fr.append(f"cellules séparées par des {parted.fr}")
    if one.dialect.decimal is not None:
        en.append("decimal comma" if one.dialect.decimal == "," else "decimal point")
        fr.append("virgule décimale" if one.dialect.decimal == "," else "point décimal")
    for order in dict.fromkeys(one.dialect.orders.values()):
        en.append("day first" if order == "day_first" else "month first")
        fr.append("jour d'abord" if order == "day_first" else "mois d'abord")
    return Text(", ".join(en), ", ".join(fr))


def certain(share: float, language: Language) -> str:
    """A confidence in words."""
    return f"{100 * share:.0f}" + ("%" if language == "en" else "\N{NARROW NO-BREAK SPACE}%")


def _such_as(samples: Mapping[str, Sequence[str]], name: str) -> str:
    value = next(iter(samples.get(name, ())), None)
    return "" if value is None else f": {' '.join(value.split())[:40]}"


def _quoted(value: str) -> str:
    return dumps(value, ensure_ascii=False)
