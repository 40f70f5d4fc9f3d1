"""Starting: an empty workspace, and the schemas of its two files."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from cmo.briefs.answers import Answer
from cmo.loop.draft_answer import draft_answer
from cmo.loop.draft_yaml import document
from cmo.loop.drafting import drafted
from cmo.loop.standing import STRATEGY as STRATEGY_FILE
from cmo.measures import Language, Problem, Text
from cmo.strategy.document import Strategy
from cmo.warehouse.schema import workspace_schema

Ask: TypeAlias = Callable[[str, Sequence[str]], str]
"""Asks a person a question with its choices, and gives the answer."""

COMPANY = """\
# Who you are, and where your data lies. `cmo schema cmo` prints the schema of this file.
company: {{name: {name}, currency: EUR, language: en, timezone: Europe/Paris}}

# Where the counting is done: duckdb (embedded) or sc://host:port (Spark Connect).
engine: duckdb

# Canonical table -> where it is and how its columns are called there (docs/tables.md lists them all).
# The right side of `columns` is a column of the file or an SQL expression over its columns.
sources: {{}}
#  orders:
#    path: data/orders-*.csv
#    columns: {{order_id: Invoice, customer_id: Customer ID, ordered_at: Date, revenue: Quantity * Price}}
#  media: {{path: data/media.xlsx}}
"""

STRATEGY = """\
# What you want, believe and plan. `cmo schema strategy` prints the schema of this file.
# Write each belief with the confidence its holder has BEFORE the data is shown.
beliefs: []
#  - id: loyal
#    says: {en: "Most customers order again", fr: "La plupart des clients recommandent"}
#    confidence: 0.8
#    claim: {measure: customers.repeat_rate, at_least: 0.5}

objectives: []
#  - {id: revenue, says: "2 M€ next year", measure: sales.forecast, at_least: 2000000, by: 2027-12-31}
"""


def initialise(folder: Path) -> Answer:
    """Make an empty workspace, commented.

    Returns:
        The files that were written, and what to do next.

    Raises:
        Problem: There is a workspace already, or the folder cannot be made.
    """
    files = {folder / "cmo.yaml": COMPANY.format(name=_name(folder)), folder / "strategy.yaml": STRATEGY}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in files:
            if path.exists():
                raise Problem(f"{path} is there already; nothing was changed")
        for path, content in files.items():
            path.write_text(content, encoding="utf-8")
        (folder / "data").mkdir(exist_ok=True)
    except OSError as error:
        raise Problem(f"{folder}: the workspace cannot be made ({error.strerror})") from error
    return Answer(
        data={"files": [str(path) for path in files]},
        lines=(
            *(str(path) for path in files),
            f"Say in cmo.yaml where your data lies, then: cmo check -w {folder}",
        ),
    )


def initialise_from(
    folder: Path,
    files: Sequence[Path],
    *,
    answers: Mapping[str, str],
    ask: Ask | None,
    language: Language | None,
) -> Answer:
    """Make a workspace of the exports and files a company has, its cmo.yaml guessed and explained.

    The files stay where they are. Nothing is written while a question is open.

    Args:
        folder: Folder to make.
        files: The files.
        answers: Answers by the key of their question.
        ask: Asks a person; None where nobody is there to be asked.
        language: Language to speak; the one of the files by default.

    Returns:
        What the files were taken for, the files that were written, and what is open.

    Raises:
        Problem: There is a workspace already, or no file can be taken.
    """
    for path in (folder / "cmo.yaml", folder / STRATEGY_FILE):
        if path.exists():
            raise Problem(f"{path} is there already; nothing was changed")
    given = dict(answers)
    draft = drafted(folder, files, answers=given)
    speak: Language = language or ("fr" if draft.company.language.value == "fr" else "en")
    while ask is not None and draft.questions:
        given |= {
            question.key: ask(question.says.in_(speak), question.choices) for question in draft.questions
        }
        draft = drafted(folder, files, answers=given)
    if not draft.trials and not draft.questions:
        raise Problem(*(f"{path.name}: {why}" for path, why in draft.refused.items()))
    text = document(draft.company, draft.trials, folder=folder)
    if draft.questions:
        return draft_answer(draft, yaml=text, written=(), language=speak)
    contents = {folder / "cmo.yaml": text, folder / STRATEGY_FILE: STRATEGY}
    _write(folder, contents)
    answer = draft_answer(draft, yaml=text, written=tuple(contents), language=speak)
    after = Text(
        f"Correct cmo.yaml where it is wrong, then: cmo check -w {folder}",
        f"Corrigez cmo.yaml là où il se trompe, puis : cmo check -w {folder}",
    )
    return Answer(data=answer.data, lines=(*answer.lines, after.in_(speak)))


def _write(folder: Path, contents: Mapping[Path, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in contents.items():
            path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise Problem(f"{folder}: the workspace cannot be made ({error.strerror})") from error


def schema_of(which: Literal["cmo", "strategy"]) -> Answer:
    """The JSON Schema of cmo.yaml or strategy.yaml."""
    return Answer(data=workspace_schema() if which == "cmo" else Strategy.model_json_schema())


def _name(folder: Path) -> str:
    words = folder.absolute().name.replace("-", " ").replace("_", " ").title()
    return '"' + "".join(sign for sign in words if sign.isalnum() or sign == " ").strip() + '"'
