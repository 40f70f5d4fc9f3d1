"""What the files of a company are taken for: guessed, tried by the very import, asked where it is open."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.compute as pc
import pyarrow.parquet as pq
from pydantic import TypeAdapter

from cmo.loop.draft import Company, Draft, Line, Question, Trial
from cmo.loop.draft_yaml import document
from cmo.measures import Problem, Text
from cmo.warehouse.dialect import Dialect, Undecided
from cmo.warehouse.exports.headers import CURRENCIES, words_of
from cmo.warehouse.guess import FileGuess, guessed
from cmo.warehouse.guess_tables import SourceGuess
from cmo.warehouse.importing import Importing, Outcome, import_file
from cmo.warehouse.opening import Custom
from cmo.warehouse.reading import Readings
from cmo.warehouse.refusals import RULES
from cmo.warehouse.sources import Declared, declared
from cmo.warehouse.tables import TABLES
from cmo.warehouse.text_files import Layout
from cmo.workspace import Workspace

SHOWN = 3
SUMMED = ("revenue", "spend", "conversion_value", "value", "volume")
"""Columns whose sum a person can hold against what the tool shows."""

SOURCE_KEYS = frozenset(("decimal", "dates", "encoding", "delimiter", "sheet", "format", "period"))
COMPANY_KEYS = frozenset(("name", "currency", "language", "timezone"))
_ZONES = {"GBP": "Europe/London", "USD": "America/New_York", "CAD": "America/Toronto", "CHF": "Europe/Zurich"}
_FRENCH = frozenset(
    (
        "jour", "campagne", "cout", "clics", "montant", "depense", "depenses", "commande", "client", "prenom",
        "devise", "pays", "valeur", "quantite", "produit", "canal", "requetes", "revenu", "revenus", "achats",
        "vente", "ventes", "remise", "numero", "nom", "portee",
    )
)  # fmt: skip
_ENGLISH = frozenset(
    (
        "day", "campaign", "cost", "clicks", "amount", "spend", "spent", "order", "customer", "first", "last",
        "name", "currency", "country", "value", "quantity", "product", "channel", "queries", "revenue",
        "purchases", "sales", "discount", "number", "reach", "invoice",
    )
)  # fmt: skip
_LAYOUT, _READINGS = TypeAdapter(Layout), TypeAdapter(Readings)


def drafted(folder: Path, files: Sequence[Path], *, answers: Mapping[str, str]) -> Draft:
    """What the files of a company are taken for.

    Args:
        folder: The workspace to be.
        files: The files.
        answers: Answers by the key of their question.

    Raises:
        Problem: A file is not there, or an answer is about nothing.
    """
    paths = _named_once(files)
    company_said, file_said = _parted(answers, paths)
    guesses: list[FileGuess] = []
    refused: dict[Path, str] = {}
    for path in paths:
        try:
            guesses.append(guessed(path, said=file_said[path.name]))
        except Problem as problem:
            refused[path] = " ".join(problem.sentences)
    company, questions = _company(folder, guesses, said=company_said)
    questions += [_which_table(guess) for guess in guesses if not guess.sources]
    trials: list[Trial] = []
    for guess in guesses:
        for source in guess.sources:
            try:
                trial, open_questions = _tried(
                    guess, source, company=company, said=file_said[guess.path.name]
                )
            except Problem as problem:
                refused[guess.path] = " ".join(problem.sentences)
                break
            questions += [one for one in open_questions if one not in questions]
            trials += [] if trial is None else [trial]
    return Draft(company=company, trials=tuple(trials), questions=tuple(questions), refused=refused)


def _named_once(files: Sequence[Path]) -> list[Path]:
    paths = [path.expanduser().absolute() for path in files]
    for path in paths:
        if not path.is_file():
            raise Problem(f"{path}: no such file; give the files of your exports after --from")
    names = [path.name for path in paths]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise Problem(f"{twice}: two files have this name; rename one, so that answers can name them")
    return paths


def _parted(
    answers: Mapping[str, str], paths: Sequence[Path]
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """The answers about the company and those about each file."""
    company: dict[str, str] = {}
    files: dict[str, dict[str, str]] = {path.name: {} for path in paths}
    for key, value in answers.items():
        name, _, what = key.rpartition(".")
        known = {
            *SOURCE_KEYS,
            "table",
            *(column.name for table in TABLES.values() for column in table.columns),
        }
        if key in COMPANY_KEYS:
            company[key] = value
        elif name in files and what in known:
            files[name][what] = value
        else:
            raise Problem(
                f"--answer {key}={value}: FILE.key=value was expected, with one of the files "
                f"({', '.join(files)}) and a key such as table, dates, decimal or a column's name; or one of "
                f"{', '.join(sorted(COMPANY_KEYS))}"
            )
    return company, files


def _company(
    folder: Path, guesses: Sequence[FileGuess], *, said: Mapping[str, str]
) -> tuple[Company, list[Question]]:
    """Who the company is taken for, and what is open about it."""
    named = {
        guess.currency: guess.path.name
        for guess in guesses
        if guess.currency is not None and guess.currency in CURRENCIES
    }
    questions: list[Question] = []
    if len(named) > 1 and "currency" not in said:
        shown = ", ".join(f"{code} ({file})" for code, file in named.items())
        questions.append(
            Question(
                key="currency",
                says=Text(
                    f"The files are in several currencies: {shown}. Which one does the company count in?",
                    f"Les fichiers sont en plusieurs devises : {shown}. Laquelle est celle de l'entreprise ?",
                ),
                choices=tuple(named),
            )
        )
    currency = Line(value=said.get("currency") or next(iter(named), "EUR"), why=_currency_why(named, said))
    words = [word for guess in guesses for name in guess.header for word in words_of(name).split()]
    french = sum(word in _FRENCH for word in words) > sum(word in _ENGLISH for word in words)
    language = said.get("language") or ("fr" if french else "en")
    zone = said.get("timezone") or _ZONES.get(currency.value, "Europe/Paris")
    title = " ".join(word for word in words_of(folder.absolute().name).split()).title() or "Company"
    return Company(
        name=said.get("name") or title,
        currency=currency,
        language=Line(
            value=language,
            why=Text("the language of most headers", "la langue de la plupart des en-têtes"),
        ),
        timezone=Line(value=zone, why=Text("assumed: no file says it", "supposé : aucun fichier ne le dit")),
    ), questions


def _currency_why(named: Mapping[str, str], said: Mapping[str, str]) -> Text:
    if "currency" in said:
        return Text("as you answered", "comme vous l'avez répondu")
    if named:
        file = next(iter(named.values()))
        return Text(f"stated in {file}", f"indiquée dans {file}")
    return Text("assumed: NO FILE SAYS IT, check it", "supposée : AUCUN FICHIER NE LA DIT, à vérifier")


def _which_table(guess: FileGuess) -> Question:
    name, header = guess.path.name, ", ".join(guess.header[:12])
    return Question(
        key=f"{name}.table",
        says=Text(
            f"{name}: which table is this? Its columns are {header}.",
            f"{name} : quelle table est-ce ? Ses colonnes sont {header}.",
        ),
        choices=tuple(TABLES),
    )


def _tried(
    guess: FileGuess, source: SourceGuess, *, company: Company, said: Mapping[str, str]
) -> tuple[Trial | None, list[Question]]:
    """What the very import makes of a source; what it leaves open is asked, and tried in one of the ways."""
    questions: list[Question] = []
    tried = dict(said)
    while True:
        try:
            trial = _imported(guess, source, company=company, said=tried)
        except Undecided as undecided:
            questions.append(_question(guess.path.name, undecided))
            if not undecided.choices or undecided.key in tried:
                return None, questions
            tried[undecided.key] = undecided.choices[0]
        else:
            return (trial if not questions else None), questions


def _question(name: str, open_: Undecided) -> Question:
    says = {
        "dates": Text(
            f"{name}: {open_.example} may begin with the day or with the month. Which one?",
            f"{name} : {open_.example} peut commencer par le jour ou par le mois. Lequel ?",
        ),
        "decimal": Text(
            f"{name}: {open_.example} may have a decimal comma or a decimal point. Which one?",
            f"{name} : {open_.example} peut avoir une virgule ou un point décimal. Lequel ?",
        ),
        "period": Text(
            f"{name}: which is the first day that it is about (as 2026-07-01)?",
            f"{name} : sur quel premier jour porte-t-il (comme 2026-07-01) ?",
        ),
    }[open_.key]
    return Question(key=f"{name}.{open_.key}", says=says, choices=open_.choices)


def _imported(guess: FileGuess, source: SourceGuess, *, company: Company, said: Mapping[str, str]) -> Trial:
    """One source read as a review would read it, in a folder that is gone afterwards.

    Raises:
        Problem: It cannot be read.
    """
    trial = Trial(
        path=guess.path, guess=source, said={key: said[key] for key in said if key in SOURCE_KEYS}, rows_in=0,
        rows_kept=0, rows_refused=0, left_out={}, samples={}, sums={}, refusal=None, encoding=guess.encoding,
        delimiter=guess.delimiter,
        dialect=Dialect(decimal=guess.decimal, orders=guess.orders),
    )  # fmt: skip
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "cmo.yaml").write_text(document(company, [trial], folder=folder), encoding="utf-8")
        (one,) = declared(Workspace.open(folder))
        custom = Custom(currency=company.currency.value, timezone=company.timezone.value)
        by = Importing(warehouse=folder, batch=0, custom=custom, progress=_nobody)
        outcome = import_file(guess.path, one, before=None, by=by)
        return _counted(trial, outcome, one, warehouse=folder)


def _nobody(rows: int) -> None:
    """Nobody is told how far the trial is."""


def _counted(trial: Trial, outcome: Outcome, one: Declared, *, warehouse: Path) -> Trial:
    (part,) = outcome.imported.parts
    left_out: dict[str, int] = {}
    refusal: Text | None = None
    if part.refused:
        for row in pq.read_table(
            warehouse / part.refused, columns=["row", "column", "value", "rule"]
        ).to_pylist():
            code, _, bound = row["rule"].partition(":")
            if RULES[code].en.startswith("left out"):
                left_out[code] = left_out.get(code, 0) + 1
            elif refusal is None:
                refusal = _refusal(row, RULES[code], bound)
    if not part.rows_kept:
        why = "there is no row in it" if refusal is None else f"for example {refusal.en}"
        raise Problem(f"{trial.path}: none of its {part.rows_in} rows can be kept; {why}")
    rows = pq.ParquetFile(warehouse / part.file)
    first = next(rows.iter_batches(SHOWN)).to_pylist()
    samples = {
        column.name: tuple(str(row[column.name]) for row in first if row[column.name] is not None)
        for column in one.table.columns
        if column.name in first[0]
    }
    money = [name for name in SUMMED if name in rows.schema_arrow.names]
    table = pq.read_table(warehouse / part.file, columns=money)
    layout = None if outcome.imported.layout is None else _LAYOUT.validate_json(outcome.imported.layout)
    told = _READINGS.validate_json(outcome.imported.readings or "")
    return replace(
        trial, rows_in=part.rows_in, rows_kept=part.rows_kept, rows_refused=part.rows_refused,
        left_out=left_out, samples=samples, refusal=refusal,
        sums={name: pc.sum(table.column(name)).as_py() or 0.0 for name in money},
        dialect=told.dialect if trial.guess.export is None else trial.dialect,
        encoding=trial.encoding if layout is None else layout.encoding,
        delimiter=trial.delimiter if layout is None else layout.delimiter,
    )  # fmt: skip


def _refusal(row: Mapping[str, object], rule: Text, bound: str) -> Text:
    column = f", {row['column']}" if row["column"] else ""
    value = f" = {str(row['value'])[:60]!r}" if row["value"] else ""
    en, fr = (said.replace("{bound}", bound) for said in (rule.en, rule.fr))
    return Text(f"row {row['row']}{column}{value}: {en}", f"ligne {row['row']}{column}{value} : {fr}")
