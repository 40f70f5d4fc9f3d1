"""`cmo choice`: what a choice survey says, and what offers and prices would win."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cmo.briefs.answers import Answer
from cmo.briefs.choice_answers import Analysis, analysis_answer
from cmo.briefs.offer_answers import Offered, price_answer, shares_answer
from cmo.loop.measuring import seed_of
from cmo.loop.offers import Offer, first_offers, our_offer, read_offers
from cmo.loop.standing import standing
from cmo.measures import DRAWS, Doubt, Language, Problem, Text
from cmo.value.attributes import PRICE
from cmo.value.choice import Floats, UnidentifiedError, logit
from cmo.value.choice_evidence import Survey, in_money, survey_of, typical_of_segments
from cmo.value.choice_method import nest_doubt
from cmo.value.choice_model import Asked, Chosen, choice_model
from cmo.value.foretelling import Model
from cmo.value.method import REASON
from cmo.value.share_simulator import Coefficients, Market, Nests, priced, shares
from cmo.value.wtp import Worth, worth
from cmo.warehouse.engines import open_field
from cmo.workspace import Workspace

MOST_PRICES = 200
STEPS = 25  # prices tried where nobody says which


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How the choices are to be modelled.

    Attributes:
        model: A model to take without comparing it with others, or None.
        nests: Attribute whose levels make nests, or None.
        segment: Segment of the survey to look at alone, or None for everybody.
    """

    model: Model | None = None
    nests: str | None = None
    segment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Which prices are tried, and who follows.

    Attributes:
        ours: Name of our offer, or None where the file says which.
        cost: Cost of one sale, or None where the file says it.
        lowest: Lowest price tried, or None for that of the survey.
        highest: Highest price tried, or None for that of the survey.
        step: Step between prices, or None.
        follow: Share of our relative move that competitors follow, in [0, 1].
    """

    ours: str | None = None
    cost: float | None = None
    lowest: float | None = None
    highest: float | None = None
    step: float | None = None
    follow: float = 0.0


def analysed(folder: Path, *, wish: Wish, language: Language | None) -> Answer:
    """The choice survey: its model with the reasons, importance, worth in money, segments.

    Raises:
        Problem: There has been no review, no choice survey, or it tells nothing.
    """
    asked = _asked(folder, wish, language)
    found = Analysis(
        survey=asked.survey,
        chosen=asked.chosen,
        segments={} if wish.segment else typical_of_segments(asked.survey, rng=asked.rng),
        worths=_worths(asked),
        doubts=() if wish.nests is None else _nest_doubts(asked, wish.nests),
        currency=asked.workspace.config.company.currency,
    )
    return analysis_answer(found, language=asked.language)


def simulated(folder: Path, offers: Path, *, wish: Wish, language: Language | None) -> Answer:
    """Share of preference of each offer of a file.

    Raises:
        Problem: There is no choice survey, or the file describes offers that it does not know.
    """
    listed = read_offers(offers)
    asked = _asked(folder, wish, language)
    coded = _coded(asked.survey, listed, offers.name)
    found = shares(coded, _people(asked), nests=_nests(asked, listed, wish))
    return shares_answer(
        [offer.name for offer in listed],
        found,
        base=wish.segment or "",
        warnings=_outside(asked.survey, [offer.described.get(PRICE) for offer in listed]),
        language=asked.language,
    )


def best_price(
    folder: Path, offers: Path, *, ladder: Ladder, wish: Wish, language: Language | None
) -> Answer:
    """The price of our offer that earns most beside the others, with its risk.

    Raises:
        Problem: There is no choice survey with a price, no cost, or prices make no ladder.
    """
    listed = read_offers(offers)
    at = our_offer(listed, named=ladder.ours)
    asked = _asked(folder, wish, language)
    column = asked.survey.price
    if column is None:
        raise Problem(REASON["no_price"].en)
    why_not = in_money(asked.survey.design, asked.chosen.typical, price=column)
    if isinstance(why_not, str):
        raise Problem(REASON[why_not].en)
    cost = ladder.cost if ladder.cost is not None else listed[at].cost
    if cost is None:
        raise Problem(f"{listed[at].name}: its cost is not known; give it with --cost or in {offers.name}")
    price = asked.survey.design.attribute(PRICE)
    assert price is not None  # noqa: S101 - its column was found above
    market = Market(
        offers=_coded(asked.survey, listed, offers.name),
        ours=at,
        column=column,
        origin=price.middle,
        rivals=tuple(i for i, offer in enumerate(listed) if offer.described and not offer.ours and i != at),
        follow=ladder.follow,
        nests=_nests(asked, listed, wish),
    )
    tried = _prices(asked.survey, ladder, today=market.today)
    return price_answer(
        Offered(
            name=listed[at].name,
            today=market.today,
            cost=cost,
            follow=ladder.follow,
            priced=priced(market, _people(asked), prices=tried, cost=cost),
            warnings=_outside(asked.survey, [*tried, *(o.described.get(PRICE) for o in listed)]),
            currency=asked.workspace.config.company.currency,
        ),
        language=asked.language,
    )


def begun(folder: Path, to: Path, *, language: Language | None) -> Answer:
    """Write a file of offers to begin from: one for each brand of the survey, all else alike.

    Raises:
        Problem: There is no choice survey, or the file is there already.
    """
    now = standing(folder, language)
    survey = survey_of(open_field(now.workspace))
    if survey is None:
        raise Problem(f"{folder}: there is no choice survey with attributes; give the table choices")
    if to.exists():
        raise Problem(f"{to} is there already; give another name, so that nothing is lost")
    to.write_text(first_offers(survey, company=now.workspace.config.company.name), encoding="utf-8")
    said = Text(
        f"Offers to begin from are in {to}: change them, then run cmo choice shares --offers {to}.",
        f"Des offres de départ sont dans {to} : modifiez-les, puis lancez cmo choice shares --offers {to}.",
    )
    return Answer(data={"file": str(to)}, lines=(said.in_(now.language),))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """A company's choice survey with its model."""

    workspace: Workspace
    language: Language
    survey: Survey
    chosen: Chosen
    rng: np.random.Generator


def _asked(folder: Path, wish: Wish, language: Language | None) -> _Question:
    now = standing(folder, language)
    field = open_field(now.workspace)
    survey = survey_of(field)
    if survey is None:
        raise Problem(
            f"{folder}: there is no choice survey with attributes; give the table choices (docs/tables.md), "
            "or make a questionnaire with cmo choice design"
        )
    if wish.model is Model.NESTED and wish.nests is None:
        raise Problem("a nested logit needs nests; name the attribute that makes them with --nests")
    if wish.segment is not None:
        survey = _only(survey, wish.segment)
    rng = np.random.default_rng(seed_of("choice", field, ("choices",)))
    try:
        nest = None if wish.nests is None else survey.nest(wish.nests)
        asked = Asked(choices=survey.choices, price=survey.price, nest=nest, draws=DRAWS, model=wish.model)
        chosen = choice_model(asked, rng=rng)
    except UnidentifiedError as error:
        raise Problem(f"choices: {error}") from error
    except ValueError as error:
        raise Problem(str(error)) from error
    return _Question(workspace=now.workspace, language=now.language, survey=survey, chosen=chosen, rng=rng)


def _only(survey: Survey, segment: str) -> Survey:
    known = sorted(set(survey.segments or ()) - {""})
    if segment not in known:
        said = f"the segments are {', '.join(known)}" if known else "the survey gives no segments"
        raise Problem(f"no segment is called {segment}; {said}")
    return survey.only(segment)


def _people(asked: _Question) -> Coefficients:
    people = asked.chosen.people
    return asked.chosen.typical if people.shape[1] == 1 else people


def _nests(asked: _Question, listed: tuple[Offer, ...], wish: Wish) -> Nests | None:
    """Nests of the offers, where the nested logit was taken."""
    if asked.chosen.dissimilarity is None or wish.nests is None:
        return None
    one = asked.survey.design.attribute(wish.nests)
    assert one is not None  # noqa: S101 - the model was fitted with these nests
    places = [
        one.levels.index(str(offer.described[wish.nests])) if offer.described else len(one.levels)
        for offer in listed
    ]
    return Nests(nest=np.array(places, dtype=np.int64), dissimilarity=asked.chosen.dissimilarity)


def _nest_doubts(asked: _Question, attribute: str) -> tuple[Doubt, ...]:
    apart = asked.chosen.dissimilarity
    if apart is None:
        return ()
    free = apart[:, apart.std(axis=0) > 0]
    if not free.size:
        return ()
    middle = float(np.median(free, axis=0).max())
    worst = free[:, int(np.median(free, axis=0).argmax())]
    low, high = np.quantile(worst, [0.05, 0.95])
    return nest_doubt(attribute, (float(low), middle, float(high)))


def _worths(asked: _Question) -> dict[str, Worth]:
    """Three intervals of each level's worth, where the logit was taken."""
    price = asked.survey.price
    if asked.chosen.model is not Model.LOGIT or price is None:
        return {}
    fit = logit(asked.survey.choices)
    if fit.coefficients[price] == 0:
        return {}
    found: dict[str, Worth] = {}
    for one in asked.survey.design.attributes:
        if one.name == PRICE or not one.levels:
            continue
        each = np.append(0.0, fit.coefficients[list(one.columns)])
        least = int(each.argmin())
        for at, level in enumerate(one.levels):
            if at != least:
                contrast = np.zeros((2, fit.coefficients.size))
                contrast[1, price] = 1.0
                for place, sign in ((at, 1.0), (least, -1.0)):
                    if place:
                        contrast[0, one.columns[place - 1]] = sign
                found[f"{one.name}={level}"] = worth(
                    contrast @ fit.coefficients, contrast @ fit.clustered @ contrast.T, rng=asked.rng
                )
    return found


def _coded(survey: Survey, listed: tuple[Offer, ...], name: str) -> Floats:
    try:
        return survey.design.code([offer.described for offer in listed])
    except ValueError as error:
        raise Problem(f"{name}: {error}") from error


def _outside(survey: Survey, prices: list[float | str | None]) -> tuple[Text, ...]:
    """A warning where prices lie outside those of the survey."""
    ends = survey.prices
    numbers = [float(price) for price in prices if isinstance(price, int | float)]
    if ends is None or not numbers or (min(numbers) >= ends[0] and max(numbers) <= ends[1]):
        return ()
    low, high = ends
    return (
        Text(
            f"Some prices lie outside those that people were shown ({low:g} to {high:g}): what is said there "
            "is drawn out in a straight line.",
            f"Certains prix sortent de ceux qui ont été montrés ({low:g} à {high:g}) : ce qui en est dit "
            "prolonge une droite.",
        ),
    )


def _prices(survey: Survey, ladder: Ladder, *, today: float) -> list[float]:
    ends = survey.prices or (today, today)
    low = ends[0] if ladder.lowest is None else ladder.lowest
    high = ends[1] if ladder.highest is None else ladder.highest
    step = (high - low) / STEPS if ladder.step is None else ladder.step
    if not 0 < low < high or step <= 0 or (high - low) / step > MOST_PRICES:
        raise Problem(
            f"prices from {low:g} to {high:g} by {step:g}: give --from below --to and at most {MOST_PRICES} "
            "steps"
        )
    return [float(price) for price in np.round(np.arange(low, high + step / 2, step), 6)]
