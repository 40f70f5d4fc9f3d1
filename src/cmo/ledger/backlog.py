"""Problems remembered with those who build the product: each step written once, with its author."""

from collections.abc import Mapping

from django.utils import timezone

from cmo.ledger.opening import writing
from cmo.ledger.product import ProblemStep
from cmo.measures import Problem
from cmo.value.backlog import NEXT, Stage, Step


def problem_steps() -> dict[str, tuple[Step, ...]]:
    """The steps of every problem that was ever proposed, oldest first."""
    found: dict[str, tuple[Step, ...]] = {}
    for row in ProblemStep.rows.order_by("pk"):
        found[row.problem] = (*found.get(row.problem, ()), _step_of(row))
    return found


def take_problem(
    problem: str, to: Stage, *, by: str, words: str = "", seen: Mapping[str, object]
) -> tuple[Step, ...]:
    """Take a problem one stage further.

    Args:
        problem: Its id.
        to: The stage it reaches.
        by: Who says so.
        words: What there is to say; a decline needs a reason.
        seen: How it stands now, plain values.

    Raises:
        Problem: The stage does not follow from where it stands, or a reason is missing.
    """
    if to is Stage.DECLINED and not words.strip():
        raise Problem("a problem is declined with a reason: say why")
    with writing():
        steps = problem_steps().get(problem, ())
        now = steps[-1].stage if steps else None
        if to not in NEXT[now]:
            may = " or ".join(one.value for one in NEXT[now])
            stands = "not proposed yet" if now is None else now.value
            raise Problem(f"the problem {problem} is {stands}: it can become {may}, not {to.value}")
        row = ProblemStep(
            problem=problem,
            position=len(steps),
            stage=to.value,
            words=words.strip(),
            seen=dict(seen),
            taken_by=by,
            taken_at=timezone.now(),
        )
        row.save()
    return (*steps, _step_of(row))


def _step_of(row: ProblemStep) -> Step:
    return Step(stage=Stage(row.stage), at=row.taken_at, by=row.taken_by, words=row.words, seen=row.seen)
