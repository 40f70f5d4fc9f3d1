"""The design gate: what a test must show before it may start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cmo.experiments.checks import Check
from cmo.experiments.registration import Kind, Registration, Stopping
from cmo.measures import Language, Text, Unit

LEAST_POWER = 0.7
LONGEST = 91
"""Days after which seasons, cookies and colleagues have changed too much for one comparison."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What is known of a test before it starts.

    Attributes:
        registration: What is promised.
        power: Probability to see the effect that is expected, in [0, 1].
        mde: Smallest relative effect seen with 80 % power, > 0.
        expected_effect: Relative effect that is expected, from past tests where there are some.
        cost: What the test costs, in `currency`, >= 0.
        value: What its result is expected to be worth, in `currency`.
        currency: The company's currency, `EUR`.
        population: What it touches: channels, markets, segments.
    """

    registration: Registration
    power: float
    mde: float
    expected_effect: float
    cost: float
    value: float
    currency: str
    population: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a test may start.

    Attributes:
        passed: Whether every vital check passed.
        checks: What was looked at.
    """

    passed: bool
    checks: tuple[Check, ...]


def design_gate(
    design: Design, others: Sequence[Design] = (), *, budget: float | None = None, today: date | None = None
) -> Verdict:
    """Look at a design before its start: power, size of effect, cost, duration, contamination.

    Args:
        design: The test.
        others: Tests that run or are approved.
        budget: Money left for tests; not limited where none is given.
        today: The day of the question; the start is not judged where none is given.
    """
    checks = [
        _power(design),
        _worth(design),
        _cost(design, budget),
        _duration(design),
        _contamination(design, others),
        _reading(design),
    ]
    if today is not None:
        checks.append(_start(design, today))
    return Verdict(
        passed=all(check.passed is not False for check in checks if check.vital), checks=tuple(checks)
    )


def _check(code: str, passed: bool, says: Mapping[bool, Text], *, vital: bool = True) -> Check:  # noqa: FBT001 - what was found
    return Check(code=code, passed=passed, p=None, says=says[passed], vital=vital)


def _share(value: float) -> Text:
    return _written(Unit("share"), value)


def _money(value: float, currency: str) -> Text:
    return _written(Unit(currency), value)


def _written(unit: Unit, value: float) -> Text:
    languages: tuple[Language, Language] = ("en", "fr")
    return Text(*(unit.write(value, language) for language in languages))


def _power(design: Design) -> Check:
    told = _share(design.power)
    return _check(
        "power",
        design.power >= LEAST_POWER,
        {
            True: Text(
                en=f"The expected effect would be seen in {told.en} of such tests.",
                fr=f"L’effet attendu serait vu dans {told.fr} de tels tests.",
            ),
            False: Text(
                en=f"The expected effect would be seen in only {told.en} of such tests: use more units.",
                fr=f"L’effet attendu ne serait vu que dans {told.fr} de tels tests : il faut plus d’unités.",
            ),
        },
    )


def _worth(design: Design) -> Check:
    least = design.registration.least_effect
    told, enough = _share(design.mde), _share(least)
    return _check(
        "mde",
        least == 0.0 or design.mde <= least,
        {
            True: Text(
                en=f"Effects from {told.en} are seen.",
                fr=f"Les effets à partir de {told.fr} sont vus.",
            ),
            False: Text(
                en=f"Effects below {told.en} are missed, though {enough.en} would be worth acting on.",
                fr=f"Les effets sous {told.fr} échappent, alors que {enough.fr} suffiraient.",
            ),
        },
        vital=False,
    )


def _cost(design: Design, budget: float | None) -> Check:
    affordable = budget is None or design.cost <= budget
    passed = affordable and design.cost <= design.value
    cost, value = _money(design.cost, design.currency), _money(design.value, design.currency)
    return _check(
        "cost",
        passed,
        {
            True: Text(
                en=f"It costs {cost.en} and is expected to be worth {value.en}.",
                fr=f"Il coûte {cost.fr} et devrait rapporter {value.fr}.",
            ),
            False: Text(
                en=f"It costs {cost.en}: more than it is worth ({value.en}) or than is left.",
                fr=f"Il coûte {cost.fr} : plus que sa valeur ({value.fr}) ou que ce qui reste.",
            ),
        },
    )


def _duration(design: Design) -> Check:
    days = (design.registration.ends_on - design.registration.starts_on).days + 1
    whole = days % 7 == 0
    return _check(
        "duration",
        whole and days <= LONGEST,
        {
            True: Text(
                en=f"It runs {days} days, in whole weeks.", fr=f"Il dure {days} jours, en semaines entières."
            ),
            False: Text(
                en=f"It runs {days} days: take whole weeks, at most {LONGEST} days.",
                fr=f"Il dure {days} jours : prendre des semaines entières, {LONGEST} jours au plus.",
            ),
        },
        vital=days > LONGEST,
    )


def _contamination(design: Design, others: Sequence[Design]) -> Check:
    own = design.registration
    shared = [
        other.registration.test
        for other in others
        if other.registration.test != own.test
        and set(other.population) & set(design.population)
        and other.registration.starts_on <= own.ends_on
        and own.starts_on <= other.registration.ends_on
        and Kind.UNITS not in {own.kind, other.registration.kind}
    ]
    told = ", ".join(shared)
    return _check(
        "contamination",
        not shared,
        {
            True: Text(
                en="No other test touches the same markets.",
                fr="Aucun autre test ne touche les mêmes marchés.",
            ),
            False: Text(
                en=f"It touches what {told} touches at the same time: one of them must wait.",
                fr=f"Il touche ce que touche {told} en même temps : l’un des deux doit attendre.",
            ),
        },
    )


def _reading(design: Design) -> Check:
    registration = design.registration
    passed = registration.stopping is not Stopping.PLANNED_LOOKS or registration.looks >= 2
    return _check(
        "stopping_rule",
        passed,
        {
            True: Text(en="When it may be read is written down.", fr="Le moment de sa lecture est écrit."),
            False: Text(
                en="Planned looks are promised but only one is planned: write how many.",
                fr="Des lectures intermédiaires sont promises mais une seule est prévue : écrire combien.",
            ),
        },
    )


def _start(design: Design, today: date) -> Check:
    starts = design.registration.starts_on
    return _check(
        "registered_before",
        today <= starts,
        {
            True: Text(
                en=f"It is registered before its start on {starts}.",
                fr=f"Il est inscrit avant son début le {starts}.",
            ),
            False: Text(
                en=f"It started on {starts}, before it was registered: its result can only be exploratory.",
                fr=f"Il a commencé le {starts}, avant son inscription : son résultat n’est qu’exploratoire.",
            ),
        },
    )
