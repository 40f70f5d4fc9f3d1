"""`cmo check`: how healthy the tables are, what was refused and why, what can be answered."""

from collections import Counter
from pathlib import Path

from cmo.briefs.answers import Answer, Data
from cmo.loop.health import examine
from cmo.loop.left_out import left_out_words
from cmo.loop.observing import Progress, observe
from cmo.loop.outcome import batch_data, errors_lines, source_data
from cmo.loop.standing import opened
from cmo.measures import MEASURES, Language, Text, Unit
from cmo.warehouse.answerable import Answer as Answerable
from cmo.warehouse.answerable import answerable, unlocks
from cmo.warehouse.channel_names import alike, renamed_in
from cmo.warehouse.engines import open_field
from cmo.warehouse.field import Field
from cmo.warehouse.health import Health
from cmo.warehouse.readout import ReadReport
from cmo.warehouse.refusals import Refusal

SHOWN = 20


def check(folder: Path, *, progress: Progress, language: Language) -> Answer:
    """Read all sources and tell what they are good for.

    Raises:
        Problem: A source or the strategy is not as it must be.
    """
    workspace = opened(folder)
    with workspace.writing():
        observed = observe(workspace, progress=progress)
        field = open_field(workspace)
        progress(Text("looking at the health of the data", "examen de la santé des données"))
        tables = examine(workspace, field)
    columns = {name: field.columns(name) for name in field.tables}
    answers = answerable(
        columns, ((name, measure.tables) for name, measure in MEASURES.items() if measure.tables)
    )
    refusals = tuple(observed.report.refusals(limit=SHOWN))
    data: Data = {
        "sources": [source_data(one) for one in observed.report.sources],
        **batch_data(observed.report),
        "tables": [_table(one, language) for one in tables],
        "refused": [_refusal(one, language) for one in refusals],
        "channels": _channels(field),
        "measures": [
            {"measure": one.measure, "possible": one.possible, "lacks": list(one.lacks)} for one in answers
        ],
        "unlocks": {table: list(measures) for table, measures in unlocks(answers).items()},
    }
    lines = [
        *(line for one in tables for line in _health_lines(one, observed.report, language)),
        *_refused_lines(observed.report, refusals, language),
        *errors_lines(observed.report, language),
        *_channel_lines(field, language),
        *_area_lines(answers, language),
    ]
    return Answer(data=data, lines=tuple(lines))


def _table(one: Health, language: Language) -> Data:
    return {
        "table": one.table,
        "rows": one.rows,
        "span": None if one.span is None else one.span.as_list(),
        "findings": [
            {
                "column": found.column,
                "kind": found.kind.value,
                "severity": found.severity.value,
                "count": found.count,
                "share": found.share,
                "examples": list(found.examples),
                "says": found.says.in_(language),
            }
            for found in one.findings
        ],
    }


def _refusal(one: Refusal, language: Language) -> Data:
    return {
        "origin": one.origin,
        "table": one.table,
        "row": one.row,
        "column": one.column,
        "value": one.value,
        "rule": one.rule,
        "says": one.says.in_(language),
    }


def _health_lines(one: Health, report: ReadReport, language: Language) -> list[str]:
    count = Unit("count")
    refused = report.total("rows_refused", table=one.table)
    since = "" if one.span is None else f", {one.span.start} – {one.span.end}"
    rows, no = count.write(one.rows, language), count.write(refused, language)
    left = left_out_words(report.left_out(one.table), language)
    head = Text(
        f"{one.table}: {rows} rows{since}, {no} refused{left}",
        f"{one.table} : {rows} lignes{since}, {no} refusées{left}",
    )
    return [head.in_(language), *(f"  {found.says.in_(language)}" for found in one.findings), ""]


def _refused_lines(report: ReadReport, shown: tuple[Refusal, ...], language: Language) -> list[str]:
    if not shown:
        return []
    head = Text("Refused rows:", "Lignes refusées :")
    lines = [head.in_(language), *(f"  {_refused_line(one, language)}" for one in shown[:SHOWN])]
    rest = report.total("rows_refused") - len(shown[:SHOWN])
    if rest > 0:
        more = Unit("count").write(rest, language)
        lines.append(Text(f"  and {more} more.", f"  et {more} autres.").in_(language))
    return [*lines, ""]


def _refused_line(one: Refusal, language: Language) -> str:
    where = Text(f"{Path(one.origin).name}, row {one.row}", f"{Path(one.origin).name}, ligne {one.row}").in_(
        language
    )
    column = f", {one.column}" if one.column else ""
    value = f" = {one.value[:60]!r}" if one.value else ""
    return f"{where}{column}{value}: {one.says.in_(language)}"


def _channels(field: Field) -> Data:
    """Names of channels that count as another, and those that look like one."""
    return {
        "renamed": {
            table: {one.name: one.channel for one in found} for table, found in renamed_in(field).items()
        },
        "alike": {channel: list(names) for channel, names in alike(field).items()},
    }


def _channel_lines(field: Field, language: Language) -> list[str]:
    counted = [
        (table, channel, ", ".join(one.name for one in found if one.channel == channel))
        for table, found in renamed_in(field).items()
        for channel in dict.fromkeys(one.channel for one in found)
    ]
    said = [
        Text(f"{table}: {names} counted as {channel}", f"{table} : {names} compté comme {channel}")
        for table, channel, names in counted
    ]
    said += [
        Text(
            f"{', '.join(names)} look like one channel; say so in cmo.yaml: channels: {{standard: true}}",
            f"{', '.join(names)} semblent être un seul canal ; le dire dans cmo.yaml : "
            f"channels: {{standard: true}}",
        )
        for names in alike(field).values()
    ]
    return [*(one.in_(language) for one in said), *([""] if said else [])]


def _area_lines(answers: tuple[Answerable, ...], language: Language) -> list[str]:
    can, total = Counter[str](), Counter[str]()
    for one in answers:
        area = one.measure.partition(".")[0]
        total[area] += 1
        can[area] += one.possible
    said = [
        Text(
            f"{area}: {can[area]} of {n} measures can be answered",
            f"{area} : {can[area]} mesures sur {n} peuvent être estimées",
        ).in_(language)
        for area, n in total.items()
    ]
    unlocked = [
        Text(
            f"  {table} would unlock {', '.join(measures)}", f"  {table} débloquerait {', '.join(measures)}"
        ).in_(language)
        for table, measures in unlocks(answers).items()
    ]
    return [*said, *unlocked]
