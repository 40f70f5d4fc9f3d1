"""What files were taken for, told to the person who gave them."""

from collections.abc import Sequence
from pathlib import Path

from cmo.briefs.answers import Answer, Data
from cmo.loop.draft import Draft, Question, Trial
from cmo.loop.draft_yaml import certain, found
from cmo.loop.left_out import left_out_words
from cmo.measures import Language, Text, Unit


def draft_answer(draft: Draft, *, yaml: str, written: Sequence[Path], language: Language) -> Answer:
    """A draft as data, and as lines for a terminal."""
    data: Data = {
        "files": [str(path) for path in written],
        "company": {
            "name": draft.company.name,
            "currency": draft.company.currency.value,
            "language": draft.company.language.value,
            "timezone": draft.company.timezone.value,
        },
        "sources": [_source_data(one, language) for one in draft.trials],
        "questions": [_question_data(one, language) for one in draft.questions],
        "refused": [{"file": str(path), "why": why} for path, why in draft.refused.items()],
        "yaml": yaml,
    }
    return Answer(data=data, lines=tuple(_lines(draft, written=written, language=language)))


def _source_data(one: Trial, language: Language) -> Data:
    return {
        "file": str(one.path),
        "table": one.guess.table,
        "format": None if one.guess.export is None else one.guess.export.name,
        "confidence": one.guess.sure,
        "encoding": one.encoding,
        "delimiter": one.delimiter,
        "decimal": one.dialect.decimal,
        "dates": dict(one.dialect.orders),
        "columns": [
            {
                "column": column.name,
                "from": column.written,
                "confidence": column.sure,
                "why": column.why.in_(language),
                "sample": list(one.samples.get(column.name, ())),
            }
            for column in one.guess.columns
        ],
        "rows_in": one.rows_in,
        "rows_kept": one.rows_kept,
        "rows_refused": one.rows_refused,
        "left_out": dict(one.left_out),
        "sums": dict(one.sums),
        "refused_for_example": None if one.refusal is None else one.refusal.in_(language),
    }


def _question_data(one: Question, language: Language) -> Data:
    return {
        "key": one.key,
        "says": one.says.in_(language),
        "choices": list(one.choices),
        "answer": f"--answer '{one.key}={'|'.join(one.choices) or '…'}'",
    }


def _lines(draft: Draft, *, written: Sequence[Path], language: Language) -> list[str]:
    company = draft.company
    head = [
        company.name,
        *(
            f"  {label.in_(language):<14} {line.value:<13} {line.why.in_(language)}"
            for label, line in (
                (Text("currency", "devise"), company.currency),
                (Text("language", "langue"), company.language),
                (Text("time zone", "fuseau horaire"), company.timezone),
            )
        ),
        "",
    ]
    body = [line for one in draft.trials for line in _source_lines(one, language)]
    not_taken = Text("cannot be taken", "ne peut être pris")
    refused = [f"{path.name}: {not_taken.in_(language)}. {why}" for path, why in draft.refused.items()]
    files = [str(path) for path in written]
    return [*head, *body, *refused, *([""] if refused else []), *files]


def _source_lines(one: Trial, language: Language) -> list[str]:
    sure = certain(one.guess.sure, language)
    what = one.guess.table if one.guess.export is None else f"{one.guess.table} ({one.guess.export.name})"
    lines = [f"{one.path.name} → {what}, {sure}"]
    if way := found(one).in_(language):
        lines.append(f"  {way}")
    lines.append(f"  {_counts(one, language)}")
    if one.refusal is not None:
        example = Text("refused, for example: ", "refusée, par exemple : ").in_(language)
        lines.append(f"  {example}{one.refusal.in_(language)}")
    lines += [f"  {_sum(name, amount, language)}" for name, amount in one.sums.items()]
    width = max(len(column.name) for column in one.guess.columns)
    from_width = min(max(len(column.written) for column in one.guess.columns), 44)
    for column in one.guess.columns:
        values = " · ".join(" ".join(value.split())[:24] for value in one.samples.get(column.name, ()))
        lines.append(
            f"    {column.name:<{width}}  ← {column.written[:from_width]:<{from_width}}  "
            f"{certain(column.sure, language):>5}  {values}".rstrip()
        )
    return [*lines, ""]


def _sum(name: str, amount: float, language: Language) -> str:
    written = f"{amount:,.2f}"
    if language == "fr":
        written = written.replace(",", "\N{NARROW NO-BREAK SPACE}").replace(".", ",")
    return Text(f"{name} comes to {written}", f"total de {name} : {written}").in_(language)


def _counts(one: Trial, language: Language) -> str:
    count = Unit("count")
    n_in, kept, refused = (count.write(n, language) for n in (one.rows_in, one.rows_kept, one.rows_refused))
    left = left_out_words(one.left_out, language)
    return Text(
        f"{n_in} rows: {kept} kept, {refused} refused{left}",
        f"{n_in} lignes : {kept} gardées, {refused} refusées{left}",
    ).in_(language)
