"""Tests remembered: sealed, taken forward one step at a time, never rewritten."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from cmo.experiments.learning import Learning, Outcome, Scope
from cmo.experiments.life import Figures
from cmo.experiments.registration import Conclusion, Kind, Registration, Stage
from cmo.ledger import trials
from cmo.ledger.learnings import bears_on, learnings, write_learning
from cmo.ledger.tests import keep_design, keep_reading, life_of, lives, note_idea, readings, take_step
from cmo.measures import Problem, Text

MAIL = Registration(
    test="mail-spring",
    kind=Kind.UNITS,
    hypothesis="A saving in the subject line brings more orders.",
    metric="converted",
    control="usual",
    shares=(("usual", 0.5), ("saving", 0.5)),
    starts_on=date(2026, 3, 2),
    ends_on=date(2026, 3, 29),
)
FIGURES = Figures(expected_effect=0.05, weeks=4, standard_error=0.02, power=0.7, mde=0.056, units=9000)
SAYS = Text("Say what is saved", "Dire ce que l’on économise")


def designed(registration: Registration = MAIL) -> None:
    keep_design(registration, FIGURES, population=("segment:all",), says=SAYS, by="ann")


@pytest.mark.usefixtures("ledger")
def test_a_test_lives_from_idea_to_learning() -> None:
    note_idea("mail-spring", says=SAYS, by="ann")
    note_idea("mail-spring", says=SAYS, by="ann", score={"value": 9000.0, "cost": 500.0})
    designed()
    take_step("mail-spring", Stage.APPROVED, by="bob")
    take_step("mail-spring", Stage.RUNNING, by="ann", day=date(2026, 3, 2))
    take_step("mail-spring", Stage.ANALYSING, by="ann", day=date(2026, 3, 29))
    take_step("mail-spring", Stage.DECIDED, by="bob", words="Roll it out", conclusion=Conclusion.WON)
    life = take_step("mail-spring", Stage.LEARNT, by="ann")
    assert [step.stage for step in life.steps] == list(Stage)
    assert life.conclusion is Conclusion.WON
    assert (life.started_on, life.ended_on) == (date(2026, 3, 2), date(2026, 3, 29))
    assert life.score == {"value": 9000.0, "cost": 500.0}
    assert life.says == SAYS
    assert life.design is not None
    assert life.design.registration == MAIL
    assert life.design.figures == FIGURES


@pytest.mark.usefixtures("ledger")
def test_a_design_made_at_once_still_passes_every_stage() -> None:
    designed()
    life = life_of("mail-spring")
    assert life is not None
    assert [step.stage for step in life.steps] == [Stage.IDEA, Stage.SCORED, Stage.DESIGNED]
    assert [one.test for one in lives()] == ["mail-spring"]


@pytest.mark.usefixtures("ledger")
def test_a_change_before_the_start_is_a_visible_new_version_to_be_approved_again() -> None:
    designed()
    take_step("mail-spring", Stage.APPROVED, by="bob")
    with pytest.raises(Problem, match="in just this way already"):
        designed()
    designed(replace(MAIL, metric="revenue"))
    life = life_of("mail-spring")
    assert life is not None
    assert life.stage is Stage.DESIGNED
    assert [(one.number, one.registration.metric) for one in life.designs] == [
        (1, "converted"),
        (2, "revenue"),
    ]
    with pytest.raises(Problem, match="goes to approved"):
        take_step("mail-spring", Stage.RUNNING, by="ann")


@pytest.mark.usefixtures("ledger")
def test_a_change_after_the_start_is_refused() -> None:
    designed()
    take_step("mail-spring", Stage.APPROVED, by="bob")
    take_step("mail-spring", Stage.RUNNING, by="ann", day=date(2026, 3, 2))
    with pytest.raises(Problem, match="not changed any more"):
        designed(replace(MAIL, metric="revenue"))
    with pytest.raises(Problem, match="is running already"):
        note_idea("mail-spring", says=SAYS, by="ann", score={"value": 1.0, "cost": 1.0})


@pytest.mark.usefixtures("ledger")
def test_a_promise_changed_by_another_hand_is_noticed() -> None:
    broken = trials.TestDesign(
        test="mail-spring",
        number=1,
        promise=replace(MAIL, metric="revenue").as_mapping(),
        seal=MAIL.seal,
        figures={"expected_effect": 0.05, "weeks": 4},
        population=[],
        made_by="ann",
        made_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    note_idea("mail-spring", says=SAYS, by="ann")
    broken.save()
    with pytest.raises(Problem, match="not what was sealed"):
        take_step("mail-spring", Stage.SCORED, by="ann")


@pytest.mark.usefixtures("ledger")
def test_steps_are_not_skipped_and_records_not_rewritten() -> None:
    designed()
    with pytest.raises(Problem, match="goes to approved, not to decided"):
        take_step("mail-spring", Stage.DECIDED, by="bob", conclusion=Conclusion.WON)
    with pytest.raises(Problem, match="no test is called"):
        take_step("unknown", Stage.APPROVED, by="bob")
    row = trials.TestStep.rows.get(position=0)
    row.words = "otherwise"
    with pytest.raises(RuntimeError, match="never changed"):
        row.save()


@pytest.mark.usefixtures("ledger")
def test_the_same_question_to_the_same_data_is_kept_once() -> None:
    for effect in (0.1, 0.2):
        kept = keep_reading(
            "mail-spring", digest="d", as_of=date(2026, 4, 1), final=True, found={"effect": effect}
        )
        assert kept.found == {"effect": 0.1}
    keep_reading("mail-spring", digest="e", as_of=date(2026, 4, 8), final=True, found={"effect": 0.3})
    assert [one.found["effect"] for one in readings("mail-spring")] == [0.1, 0.3]
    assert [one.found["effect"] for one in readings()] == [0.3]


def outcome(test: str, effect: float) -> Outcome:
    return Outcome(test=test, effect=effect, se=0.01, ended_on=date(2026, 3, 29), conclusion=Conclusion.WON)


LEARNING = Learning(
    id="savings-sell",
    says=Text("Saying what is saved sells", "Dire ce que l’on économise fait vendre"),
    positive=True,
    scope=Scope(segments=frozenset({"loyal"}), channels=frozenset({"email"})),
    outcomes=(outcome("mail-spring", 0.05),),
    expires_on=date(2027, 3, 29),
)


@pytest.mark.usefixtures("ledger")
def test_a_learning_gathers_tests_for_and_against() -> None:
    assert write_learning(LEARNING, by="ann") == LEARNING
    found = bears_on("savings-sell", outcome("mail-autumn", -0.02))
    assert found.supporting == ("mail-spring",)
    assert found.contradicting == ("mail-autumn",)
    assert learnings() == (found,)
    with pytest.raises(Problem, match="speaks of savings-sell already"):
        bears_on("savings-sell", outcome("mail-autumn", -0.02))
    with pytest.raises(Problem, match="no learning is called"):
        bears_on("unknown", outcome("mail-autumn", -0.02))


@pytest.mark.usefixtures("ledger")
def test_a_learning_said_anew_is_a_new_version_with_the_same_tests() -> None:
    write_learning(LEARNING, by="ann")
    later = replace(LEARNING, expires_on=date(2028, 3, 29), outcomes=())
    assert write_learning(later, by="bob").supporting == ("mail-spring",)
    assert trials.Learning.rows.count() == 2
    with pytest.raises(Problem, match="claims the opposite"):
        write_learning(replace(LEARNING, positive=False), by="ann")
