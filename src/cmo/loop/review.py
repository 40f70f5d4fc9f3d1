"""The main job, once something new was read: measure, confront, decide, remember, brief. All or nothing."""

from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from cmo.briefs.answers import Answer
from cmo.ledger.opening import writing as remembering
from cmo.ledger.reviews import Run, last_review, remember_review, remembered_evidence
from cmo.ledger.verdicts import previous_stands
from cmo.loop.briefing import board_brief
from cmo.loop.deciding import at_stake, deliberate, keep
from cmo.loop.events import keep_events
from cmo.loop.health import examine
from cmo.loop.listening import keep_told, scan
from cmo.loop.measuring import measure_field
from cmo.loop.observing import Observed, Progress
from cmo.loop.outcome import told
from cmo.loop.roll import keep_roll
from cmo.loop.standing import opened
from cmo.loop.stating import stated
from cmo.loop.team_evidence import with_team
from cmo.loop.voice_kept import keep_voice
from cmo.measures import Language, Text
from cmo.strategy.confront import confront
from cmo.strategy.evidence import Evidence, windows_asked
from cmo.warehouse.engines import open_field
from cmo.warehouse.field import Field
from cmo.workspace import Workspace


def review(folder: Path, observed: Observed, *, progress: Progress, language: Language) -> Answer:
    """Run the loop over a workspace once.

    What is read is kept at once, what is found is remembered in a single transaction: a run that is cut off
    leaves the last review as it was, and the next one finishes the work. Same inputs, same result.

    Args:
        folder: The company's folder.
        observed: What was just read.
        progress: Told what is being done.
        language: Language of the answer and of the board's page.

    Raises:
        Problem: Something is wrong with what was given; the last review stands.
    """
    workspace = opened(folder)
    with workspace.writing():
        started_at = datetime.now(tz=UTC)
        found, field = _evidence(workspace, observed, progress=progress)
        evidence = with_team(found, observed.strategy)
        beliefs = observed.strategy.beliefs
        progress(Text("confronting the beliefs", "confrontation des convictions"))
        verdicts = confront(beliefs, evidence, previous=previous_stands(beliefs))
        currency = workspace.config.company.currency
        sky = None if field is None else scan(workspace, field)
        thought = deliberate(observed, evidence, verdicts, field=field, currency=currency, progress=progress)
        with remembering():
            run = Run(
                started_at=started_at,
                fingerprint=observed.fingerprint,
                seed=0,
                engine=workspace.config.engine,
                version=version("chief-marketing-officer"),
            )
            stakes = at_stake(observed.strategy)
            kept = remember_review(run, evidence=evidence, verdicts=verdicts, stakes=stakes)
            keep(thought, kept, observed, currency=currency)
            if sky is not None:
                keep_told(sky, review=kept.number)
        progress(Text("writing the brief", "rédaction de la note"))
        brief = board_brief(workspace, language=language)
        keep_voice(workspace, progress=progress)
    return told(observed.report, verdicts, brief=brief, new=True, language=language)


def _evidence(
    workspace: Workspace, observed: Observed, *, progress: Progress
) -> tuple[Evidence, Field | None]:
    claims = [belief.claim for belief in observed.strategy.beliefs if belief.claim is not None]
    last = last_review()
    if last is not None and last.run.fingerprint.partition(":")[0] == observed.data:
        known = remembered_evidence()
        if set(windows_asked(claims)) <= set(known.during):
            return known, None
    field = open_field(workspace, strategy=stated(observed.strategy))
    progress(Text("looking at the health of the data", "examen de la santé des données"))
    examine(workspace, field)
    keep_events(workspace, field)
    found = measure_field(field, claims=claims, progress=progress)
    keep_roll(workspace, field, progress=progress)
    return found, field
