"""Files that somebody brings: looked at by the very import, then taken as one batch, or not at all."""

import re
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from shutil import copyfile
from typing import Any, Final

from ruamel.yaml import YAML

from cmo.briefs.answers import Answer
from cmo.loop.draft import Draft
from cmo.loop.draft_answer import draft_answer
from cmo.loop.draft_yaml import document
from cmo.loop.drafting import drafted
from cmo.loop.observing import Progress
from cmo.loop.outcome import batch_data, errors_lines, source_data
from cmo.measures import Language, Problem, Text, Unit
from cmo.warehouse.intake import read_sources
from cmo.workspace import Config, Document, Workspace, validated

CONFIG: Final = "cmo.yaml"
DATA: Final = "data"
_ODD: Final = re.compile(r"[^\w.-]+", flags=re.ASCII)


def looked_at(
    folder: Path, files: Sequence[Path], *, answers: Mapping[str, str], language: Language | None
) -> Answer:
    """What files are taken for, what would be refused of them, and what is open. Nothing is changed.

    Args:
        folder: The company's folder.
        files: The files.
        answers: Answers by the key of their question.
        language: Language of the answer.

    Raises:
        Problem: The folder is no workspace, or an answer is about nothing.
    """
    workspace = Workspace.open(folder)
    draft = _draft(workspace, files, answers=answers)
    answer = draft_answer(draft, yaml="", written=(), language=language or workspace.config.company.language)
    sources, refused = answer.data["sources"], answer.data["refused"]
    for one in (*_mappings(sources), *_mappings(refused)):
        one["file"] = Path(str(one["file"])).name
    told = {"sources": sources, "questions": answer.data["questions"], "refused": refused}
    return Answer(data=told, lines=answer.lines[5:])


def taken(
    folder: Path,
    files: Sequence[Path],
    *,
    answers: Mapping[str, str],
    progress: Progress,
    language: Language | None,
) -> Answer:
    """Take files into the workspace: copied, named in cmo.yaml, read as one batch. All of it, or nothing.

    They are read before cmo.yaml is changed: done again after it was cut off, it gives the same.

    Args:
        folder: The company's folder.
        files: The files.
        answers: Answers by the key of their question.
        progress: Told what is being done.
        language: Language of the answer.

    Raises:
        Problem: A question is open, a file cannot be taken, or another process is writing.
    """
    workspace = Workspace.open(folder)
    spoken = language or workspace.config.company.language
    with workspace.writing():
        progress(Text("looking at the files", "examen des fichiers"))
        fresh: list[Path] = []
        placed = [_placed(workspace.folder, one, fresh=fresh) for one in files]
        named = dict(zip((one.name for one in files), (one.name for one in placed), strict=True))
        try:
            draft = _draft(workspace, placed, answers=_renamed(answers, named))
            _refuse_open(draft, spoken)
            text = _with_sources(workspace, draft)
            config = Document.parse(text, name=CONFIG)
            changed = Workspace(
                folder=workspace.folder, config=validated(config, Config), document=config, _held=1
            )
            report = read_sources(changed, progress=_reading(progress))
            _replace(workspace.folder / CONFIG, text)
        except BaseException:
            for path in fresh:
                path.unlink(missing_ok=True)
            raise
    count = Unit("count")
    batch = None if report.batch is None else report.batch.number
    said = Text(
        f"Taken as batch {batch}; cmo imports undo {batch} takes it back."
        if batch
        else "Nothing new is in these files.",
        f"Pris comme lot {batch} ; cmo imports undo {batch} l'annule."
        if batch
        else "Rien de nouveau dans ces fichiers.",
    )
    rows = [
        f"{Path(one.path).name} → {one.guess.table}: {count.write(one.rows_kept, spoken)}"
        for one in draft.trials
    ]
    return Answer(
        data={"sources": [source_data(one) for one in report.sources], **batch_data(report)},
        lines=(said.in_(spoken), *rows, *errors_lines(report, spoken)),
    )


def _draft(workspace: Workspace, files: Sequence[Path], *, answers: Mapping[str, str]) -> Draft:
    company = workspace.config.company
    known = {
        "name": company.name,
        "currency": company.currency,
        "language": company.language,
        "timezone": company.timezone,
    }
    return drafted(workspace.folder, files, answers={**answers, **known})


def _refuse_open(draft: Draft, language: Language) -> None:
    open_ = [one.says.in_(language) for one in draft.questions]
    refused = [f"{path.name}: {why}" for path, why in draft.refused.items()]
    if open_ or refused or not draft.trials:
        raise Problem(*open_, *refused, *(() if open_ or refused else ("there is nothing in these files",)))


def _placed(folder: Path, file: Path, *, fresh: list[Path]) -> Path:
    """A copy among the company's data, under a name that no pattern can read otherwise."""
    stem, endings = file.name.partition(".")[::2]
    stem = _ODD.sub("-", stem).strip("-.") or "file"
    ending = "." + _ODD.sub("-", endings) if endings else ""
    (folder / DATA).mkdir(exist_ok=True)
    content = file.read_bytes()
    for number in range(1, 10_000):
        path = folder / DATA / (f"{stem}{ending}" if number == 1 else f"{stem}-{number}{ending}")
        if not path.exists():
            fresh.append(path)
            copyfile(file, path)
            return path
        if path.read_bytes() == content:
            return path
    raise Problem(f"{file.name}: too many files have this name; rename it")


def _renamed(answers: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    """Answers about files, by the names they have now."""
    split = {key: key.rpartition(".") for key in answers}
    return {
        (f"{names[name]}.{what}" if name in names else key): answers[key]
        for key, (name, _, what) in split.items()
    }


def _with_sources(workspace: Workspace, draft: Draft) -> str:
    """cmo.yaml with the sources besides; comments and layout of the rest stay."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1_000_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    before = yaml.load((workspace.folder / CONFIG).read_text(encoding="utf-8-sig"))
    added = YAML(typ="safe").load(document(draft.company, draft.trials, folder=workspace.folder))
    if not before.get("sources"):
        before["sources"] = {}
    held = before["sources"]
    for table, sources in added["sources"].items():
        own = held.get(table, [])
        known = own if isinstance(own, list) else [own]
        paths = {one.get("path") for one in known}
        news = [one for one in sources if one["path"] not in paths]
        if news:
            held[table] = [*known, *news]
    written = StringIO()
    yaml.dump(before, written)
    return written.getvalue()


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise Problem(f"{path}: the file cannot be written ({error.strerror}); check the rights") from error


def _reading(progress: Progress) -> Any:
    def told(origin: str, rows: int) -> None:
        name = Path(origin).name
        progress(Text(f"reading {name}: {rows} rows", f"lecture de {name} : {rows} lignes"))

    return told


def _mappings(given: object) -> list[dict[str, Any]]:
    return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
