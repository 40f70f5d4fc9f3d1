"""What the four readings say, in both languages, and that they invent nothing."""

import ast
import json
import re
import string
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cmo.briefs
from cmo.briefs import derived
from cmo.briefs.document import Audience, Brief
from cmo.briefs.facts import Facts, surprise
from cmo.briefs.figures import MOST_DRAWN
from cmo.briefs.readings import compose
from cmo.briefs.voice import Voice, typeset
from cmo.measures import DRAWS, LANGUAGES, Estimate, Figure, Language, Text, Unanswered, Unit, Window
from cmo.strategy.verdict import Stance, Stand, Verdict

N = "\u202f"
ALL = [(audience, language) for audience in Audience for language in LANGUAGES]


def strings(value: Any) -> Iterator[str]:
    """Every string a reader meets; drawings aside, whose letters come from the same rows as their table."""
    match value:
        case str():
            yield value
        case dict():
            for key, item in value.items():
                if key not in {"chart", "name", "kind", "tone", "audience", "language"}:
                    yield from strings(item)
        case list() | tuple():
            for item in value:
                yield from strings(item)
        case _:
            return


def told(brief: Brief) -> str:
    return "\n".join(strings(brief.as_data()))


def runs(words: str) -> set[str]:
    """The runs of digits, thousands and decimals taken together: `12 345,6` is `123456`."""
    return set(re.findall(r"\d+", re.sub(r"(?<=\d)[\u202f\u00a0.,](?=\d)", "", words)))


# --- sentences -----------------------------------------------------------------------------------------


def test_board_brief_opens_with_the_finding(made_up: Callable[..., Facts]) -> None:
    brief = compose(made_up(), audience=Audience.BOARD, language="en")
    assert brief.headline == "The field contradicts 4 of our 16 beliefs"
    assert brief.answer == (
        "The strategy rests on 16 beliefs: 4 are borne out by the field, 4 are contradicted, 4 are still "
        "open and 4 cannot be measured yet. The one to answer first: “TV is our most profitable channel”. "
        "Nadia Benali held it with 90% confidence; the field gives it less than one chance in twenty "
        "(3%). Over the twelve months to 31\u00a0October\u00a02026, sales came to €4,593,216, 7.3% more "
        "than a year earlier. Over the 12 months ahead, expect €4,950,000 if nothing changes, with nine "
        "chances in ten that it comes between €4,530,000 and €5,400,000."
    )


def test_french_board_brief_opens_with_the_finding(made_up: Callable[..., Facts]) -> None:
    brief = compose(made_up("fr"), audience=Audience.BOARD, language="fr")
    assert brief.headline == "Le terrain dément 4 de nos 16 convictions"
    assert plain(brief.answer) == (
        "La stratégie repose sur 16 convictions~: 4 sont confirmées par le terrain, 4 sont démenties, 4 "
        "restent ouvertes et 4 ne peuvent pas encore être mesurées. La première à reprendre~: «~La télé est "
        "notre canal le plus rentable~». Nadia Benali y croyait à 90~%~; le terrain lui donne moins d’une "
        "chance sur vingt (3~%). Sur les douze mois arrêtés au 31_octobre_2026, le chiffre d’affaires "
        "atteint 4~593~216_€, soit 7,3~% de plus qu’un an plus tôt. Sur les 12 mois à venir, on attend "
        "4~950~000_€ si rien ne change, avec neuf chances sur dix que ce soit entre 4~530~000_€ et "
        "5~400~000_€."
    )


def plain(words: str) -> str:
    """The words with `~` for a narrow no-break space and `_` for a wide one."""
    return words.replace(N, "~").replace("\u00a0", "_")


@pytest.mark.parametrize(
    ("audience", "language", "headline"),
    [
        (Audience.SALES, "en", "Sales are 7.3% up on a year ago"),
        (Audience.SALES, "fr", f"Les ventes gagnent 7,3{N}% en un an"),
        (Audience.PRODUCT, "en", "34.7% of new customers order again within a year"),
        (Audience.PRODUCT, "fr", f"34,7{N}% des nouveaux clients repassent commande dans l’année"),
        (Audience.TEAM, "en", "The field contradicts 4 of our 16 beliefs"),
    ],
)
def test_each_reader_gets_the_headline_that_concerns_them(
    made_up: Callable[..., Facts], audience: Audience, language: Language, headline: str
) -> None:
    assert compose(made_up(language), audience=audience, language=language).headline == headline


def test_sections_of_the_board_stand_in_the_order_a_board_reads(made_up: Callable[..., Facts]) -> None:
    brief = compose(made_up(), audience=Audience.BOARD, language="en")
    assert [type(block).__name__ for block in brief.opening] == ["Tiles", "Illustration"]
    assert [section.name for section in brief.sections] == [
        "advice",
        "changes",
        "fell",
        "holds",
        "open",
        "unmeasurable",
        "goals",
        "figures",
        "sales",
        "customers",
        "breakdowns",
        "data",
        "method",
    ]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Ask Nadia Benali to answer for “TV is our most profitable channel”: accept what the field"),
        ("en", "€500,000 of the plan depend on the answer."),
        ("en", "“Search pays for itself”: open (86%) then, borne out (97%) now."),
        ("en", "That is 87_points less than was stated."),
        ("en", "Bring in the table feedback: one more belief could then be confronted."),
        ("en", "In the lead: search, at 2.41 (1.82 to 2.97); that first place has about nine chances in ten"),
        ("en", "The best 10% of customers bring 55.0% (54.0% to 56.0%) of revenue."),
        ("fr", "«~Le référencement payant se rembourse~»~: ouverte (86~%) alors, confirmée (97~%)"),
        ("fr", "C’est 87_points de moins que la confiance déclarée."),
        ("fr", "Apporter la table avis et réclamations (feedback)~: une conviction de plus pourrait"),
        ("fr", "Les 10~% de meilleurs clients apportent 55,0~% (54,0~% à 56,0~%) du chiffre d’affaires."),
        ("fr", "33,0~% des clients repassent commande 1 mois après la première~; 11,7~% le font 12 mois"),
        ("fr", "Les ventes baissent~: est-ce une tendance~?"),
    ],
)
def test_board_brief_says(made_up: Callable[..., Facts], language: Language, sentence: str) -> None:
    assert sentence in plain(told(compose(made_up(language), audience=Audience.BOARD, language=language)))


def test_team_is_told_how_far_its_confidence_went(made_up: Callable[..., Facts]) -> None:
    words = told(compose(made_up(), audience=Audience.TEAM, language="en"))
    assert "On average, we were 20\u00a0points more confident than the field allows." in words


def test_sellers_learn_what_to_say_and_what_to_stop_saying(made_up: Callable[..., Facts]) -> None:
    words = told(compose(made_up(), audience=Audience.SALES, language="en"))
    assert "You can say so: “Search pays for itself”." in words
    assert "Stop saying so: “TV is our most profitable channel”." in words


@pytest.mark.parametrize(("audience", "language"), ALL)
def test_company_without_anything_still_gets_a_brief(
    made_up: Callable[..., Facts], audience: Audience, language: Language
) -> None:
    full = made_up(language)
    facts = Facts(company=full.company, reviewed_on=full.reviewed_on, span=full.span)
    brief = compose(facts, audience=audience, language=language)
    assert brief.headline in {"No belief to confront yet", "Aucune conviction à confronter pour l’instant"}
    assert not list(brief.illustrations())


@pytest.mark.parametrize(
    ("probability", "english", "french"),
    [
        (0.95, "The field bears out our only belief", "Le terrain confirme notre unique conviction"),
        (0.02, "The field contradicts our only belief", "Le terrain dément notre unique conviction"),
        (
            0.5,
            "The data do not settle our only belief yet",
            "ne tranchent pas encore notre unique conviction",
        ),
    ],
)
def test_single_belief_reads_in_the_singular(
    made_up: Callable[..., Facts],
    held: Callable[..., Verdict],
    probability: float,
    english: str,
    french: str,
) -> None:
    facts = replace(made_up(), verdicts=(held("a", "A", "A", None, None, "media.roi", probability),))
    for language, expected in (("en", english), ("fr", french)):
        assert expected in compose(facts, audience=Audience.BOARD, language=language).headline  # type: ignore[arg-type]


# --- laws ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("audience", "language"), ALL)
def test_no_jargon_of_statistics_reaches_the_reader(
    made_up: Callable[..., Facts], audience: Audience, language: Language
) -> None:
    facts = replace(made_up(language), estimates=())
    words = told(compose(facts, audience=audience, language=language)).lower()
    for jargon in (
        "posterior",
        "postérieur",
        "a posteriori",
        "bayes",
        "credible",
        "crédible",
        "quantile",
        "p-value",
    ):
        assert jargon not in words


@pytest.mark.parametrize("audience", Audience)
def test_french_brief_obeys_its_typography(made_up: Callable[..., Facts], audience: Audience) -> None:
    brief = compose(made_up("fr", hostile=False), audience=audience, language="fr")
    for words in strings(brief.as_data()):
        assert not re.search(r"[ \u00a0][;:!?%»]|«[ \u00a0]|\d%|\d [0-9]{3}(?!\d)(?! lignes)", words), words
        assert not re.search(r"[^\W\d_]'\w", words), words


def templates() -> Iterator[tuple[Path, str, str]]:
    """The pairs of templates in the source of this room: arguments of `say`, and of `Text` of constants."""
    for path in sorted(Path(cmo.briefs.__file__).parent.rglob("*.py")):
        if path.name == "answers.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and len(node.args) == 2):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            both = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
            if name in {"say", "Text"} and len(both) == 2:
                yield path, str(both[0]), str(both[1])


def test_templates_hold_no_digit_and_the_same_blanks_in_both_languages() -> None:
    found = list(templates())
    assert len(found) > 100
    for path, english, french in found:
        assert not re.search(r"\d", english + french), (path, english, french)
        blanks = [
            {name for _, name, _, _ in string.Formatter().parse(template) if name}
            for template in (english, french)
        ]
        assert blanks[0] == blanks[1], (path, english, french)


def every_text(value: Any, language: Language) -> Iterator[str]:
    """All words and days that the facts themselves hold."""
    match value:
        case Text():
            yield typeset(value.in_(language), language)
        case str():
            yield value
        case date():
            yield f"{value.day} {value.year}"
        case _:
            for part in parts_of(value):
                yield from every_text(part, language)


def parts_of(value: Any) -> list[Any]:
    match value:
        case Estimate():
            periods = value.history.periods if value.history else ()
            return [value.subjects, value.window, value.as_of, value.method, value.doubts, periods]
        case tuple() | list():
            return list(value)
        case MappingProxyType():
            return [*value.keys(), *value.values()]
        case _ if is_dataclass(value):
            return [getattr(value, part.name) for part in fields(value)]
        case _:
            return []


def of_verdicts(facts: Facts, voice: Voice) -> Iterator[str]:
    for one in facts.verdicts:
        yield from (voice.percent(one.stated),) if one.stated is not None else ()
        yield from (voice.found(one.probability),) if one.probability is not None else ()
        if (gap := surprise(one)) is not None:
            yield voice.points(gap)
    yield from (voice.found(one.probability) for one in facts.before.values() if one.probability is not None)
    yield from map(voice.count, range(len(facts.verdicts) + 1))
    if (gap := derived.overconfidence(facts)) is not None:
        yield voice.points(gap)


def of_goals_and_tables(facts: Facts, voice: Voice) -> Iterator[str]:
    for goal in facts.goals:
        yield goal.unit.write(goal.target, voice.language)
        yield voice.found(goal.probability or 0.0)
    for table in facts.readings:
        yield from map(voice.count, (table.n_read, table.n_refused))
        yield voice.percent(table.n_refused / (table.n_read + table.n_refused or 1))
    yield voice.count(sum(table.n_read for table in facts.readings))
    yield voice.count(sum(table.n_refused for table in facts.readings))


def of_estimate(estimate: Estimate, voice: Voice) -> Iterator[str]:
    shown: list[Figure | None] = [estimate.figure(subject) for subject in estimate.subjects]
    yield voice.count(len(estimate.subjects))
    shown += [derived.last_year(estimate), derived.expected(estimate)]
    if (change := derived.growth(estimate)) is not None:
        yield change.unit.write(abs(change.value), voice.language)
    if estimate.history is not None:
        totals = estimate.history.location.sum(axis=0)
        yield from (estimate.unit.write(float(total), voice.language) for total in totals)
    yield from map(voice.count, (len(derived.months_ahead(estimate)), MOST_DRAWN))
    shares = map(derived.share_of_customers, estimate.subjects)
    yield from (voice.percent(share) for share in shares if share is not None)
    yield from (voice.figure(one) for one in shown if one is not None)


def every_figure(facts: Facts, language: Language) -> Iterator[str]:
    """All numbers that the facts hold or that follow from them, written out."""
    voice = Voice(language)
    yield from map(voice.figure, facts.stakes.values())
    yield from of_verdicts(facts, voice)
    yield from of_goals_and_tables(facts, voice)
    for estimate in facts.estimates:
        yield from of_estimate(estimate, voice)


def allowed(facts: Facts, language: Language) -> set[str]:
    words = [*every_text(facts, language), *every_figure(facts, language)]
    return set().union(*map(runs, words))


@pytest.mark.parametrize(("audience", "language"), ALL)
def test_every_digit_of_a_brief_comes_from_its_facts(
    made_up: Callable[..., Facts], audience: Audience, language: Language
) -> None:
    facts = made_up(language)
    assert runs(told(compose(facts, audience=audience, language=language))) <= allowed(facts, language)


PROBABILITY = st.floats(0, 1)
WORDS = st.text(alphabet=string.ascii_letters + string.digits + " %:;?!«»'éà-.,", min_size=1, max_size=25)
DAY = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@st.composite
def any_facts(draw: st.DrawFn, base: Facts, held: Callable[..., Verdict]) -> Facts:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    measures = ("media.roi", "sales.revenue", "customers.repeat_rate", "value.nps")
    verdicts = tuple(
        held(
            f"belief-{i}",
            draw(WORDS),
            draw(WORDS),
            draw(st.none() | WORDS),
            draw(st.none() | PROBABILITY),
            draw(st.sampled_from(measures)),
            draw(st.none() | PROBABILITY),
        )
        for i in range(draw(st.integers(0, 7)))
    )
    before = {
        one.belief: Stand(probability=p, stance=Stance.at(p))
        for one in verdicts
        if (p := draw(st.none() | PROBABILITY)) is not None
    }
    scale = draw(st.floats(1e-3, 1e6))
    estimates = tuple(
        replace_draws(one, one.draws * scale * (1 + 0.1 * rng.standard_normal((DRAWS, 1))))
        for one in base.estimates
        if draw(st.booleans())
    )
    start = draw(DAY)
    gap = Unanswered(
        measure="value.nps", reason=Text(draw(WORDS), draw(WORDS)), unlock=("feedback", "orders")
    )
    return replace(
        base,
        reviewed_on=draw(DAY),
        previous_on=draw(st.none() | DAY),
        span=Window(start=start, end=start + timedelta(days=draw(st.integers(0, 3000)))),
        verdicts=verdicts,
        before=MappingProxyType(before),
        stakes=MappingProxyType({}),
        estimates=estimates,
        unanswered=draw(st.sampled_from([(), (gap,)])),
        readings=tuple(
            replace(one, n_read=draw(st.integers(0, 10**9)), n_refused=draw(st.integers(0, 10**6)))
            for one in base.readings
        ),
    )


def replace_draws(estimate: Estimate, draws: np.ndarray) -> Estimate:
    location = draws.mean(axis=0)
    return replace(estimate, location=location, deviations=(draws - location).astype(np.float32))


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_digit_is_invented_whatever_the_facts(
    made_up: Callable[..., Facts], held: Callable[..., Verdict], language: Language, data: st.DataObject
) -> None:
    facts = data.draw(any_facts(made_up(language), held))
    audience = data.draw(st.sampled_from(Audience))
    brief = compose(facts, audience=audience, language=language)
    assert runs(told(brief)) <= allowed(facts, language)
    assert all(words == typeset(words, language) for words in strings(brief.as_data()["answer"]))


def test_brief_is_plain_data(made_up: Callable[..., Facts]) -> None:
    brief = compose(made_up(), audience=Audience.BOARD, language="en")
    data = json.loads(json.dumps(brief.as_data()))
    assert data["headline"] == brief.headline
    assert {block["kind"] for section in data["sections"] for block in section["blocks"]} == {
        "paragraph",
        "bullets",
        "findings",
        "table",
        "illustration",
    }


def test_unit_of_a_goal_decides_how_its_target_reads(made_up: Callable[..., Facts]) -> None:
    assert made_up().goals[0].unit == Unit("EUR")
    assert "€5,000,000" in told(compose(made_up(), audience=Audience.BOARD, language="en"))
