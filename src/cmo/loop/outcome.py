"""What a review tells: what was read, what fell, what holds, where the brief is."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from cmo.briefs.answers import STANCES, Answer, Data, verdict_data, verdict_line
from cmo.measures import LANGUAGES, Language, Text, Unit
from cmo.strategy.verdict import Stance, Verdict
from cmo.warehouse.batches import shown
from cmo.warehouse.readout import Read, ReadReport


def told(
    report: ReadReport, verdicts: Sequence[Verdict], *, brief: Path, new: bool, language: Language
) -> Answer:
    """A review as an answer.

    Args:
        report: What was read.
        verdicts: What became of each belief.
        brief: The board's page.
        new: Whether anything had changed since the review before.
        language: Language to speak.
    """
    data: Data = {
        "new": new,
        "sources": [source_data(one) for one in report.sources],
        **batch_data(report),
        "beliefs": [verdict_data(one, language) for one in verdicts],
        "changed": [one.belief for one in verdicts if one.changed],
        "brief": str(brief),
    }
    same = Text("Nothing has changed since the last review.", "Rien n'a changé depuis la dernière revue.")
    tally = Counter(one.stance for one in verdicts)
    counted = ", ".join(_tallied(stance, n, language) for stance in Stance if (n := tally[stance]))
    beliefs = Text(f"Beliefs: {counted or 'none'}.", f"Convictions : {counted or 'aucune'}.")
    notable = [one for one in verdicts if one.stance is Stance.REFUTED or one.changed]
    lines = [
        *([] if new else [same.in_(language)]),
        _rows(report).in_(language),
        *errors_lines(report, language),
        beliefs.in_(language),
        *(verdict_line(one, language) for one in notable),
        Text(f"The board's page: {brief}", f"La page de la direction : {brief}").in_(language),
    ]
    return Answer(data=data, lines=tuple(lines))


def _tallied(stance: Stance, n: int, language: Language) -> str:
    plural = "s" if n > 1 and language == "fr" else ""
    return f"{n} {STANCES[stance].in_(language)}{plural}"


def source_data(one: Read) -> Data:
    """What was read of one file or table."""
    return {
        "table": one.table,
        "origin": one.origin,
        "state": one.state,
        "rows_in": one.rows_in,
        "rows_kept": one.rows_kept,
        "rows_refused": one.rows_refused,
        "rows_left_out": one.rows_left_out,
        "rows_restated": one.rows_restated,
    }


def batch_data(report: ReadReport) -> Data:
    """The batch that a reading made, and where rows that were not kept are listed."""
    return {
        "batch": None if report.batch is None else report.batch.number,
        "errors": [str(path) for path in report.errors],
    }


def errors_lines(report: ReadReport, language: Language) -> list[str]:
    """Where rows that were not kept are listed, and which sources wait since a batch was taken back."""
    lists = [
        Text(f"Rows that were not kept: {path}", f"Lignes non retenues : {path}").in_(language)
        for path in report.errors
    ]
    waiting = [shown(one.origin) for one in report.sources if one.state == "undone"]
    if waiting:
        names = ", ".join(waiting)
        lists.append(
            Text(
                f"Not read again, since their last batch was taken back: {names} (cmo imports).",
                f"Non relus, leur dernier lot ayant été annulé : {names} (cmo imports).",
            ).in_(language)
        )
    return lists


def _rows(report: ReadReport) -> Text:
    count = Unit("count")
    totals = [report.total(name) for name in ("rows_in", "rows_read", "rows_refused")]
    en, fr = ([count.write(total, to) for total in totals] for to in LANGUAGES)
    where = f"{(n := len(report.sources))} source{'s' if n > 1 else ''}"
    return Text(
        f"{en[0]} rows in {where}, {en[1]} of them read now, {en[2]} refused.",
        f"{fr[0]} lignes dans {where}, dont {fr[1]} lues maintenant, {fr[2]} refusées.",
    )
