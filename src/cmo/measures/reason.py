"""Why a claim holds or falls, in a sentence with figures."""

from cmo.measures.claim import Claim, Unevaluable, trend
from cmo.measures.estimate import Estimate
from cmo.measures.predicates import Against, AtLeast, AtMost, Between, Extreme, Top, Trend
from cmo.measures.text import Language, Text
from cmo.measures.vocabulary import MEASURES


def chances(probability: float) -> Text:
    """A probability in words that everybody reads alike: `about 9 chances in 10`."""
    if probability >= 0.995:
        return Text("almost certain", "presque certain")
    if probability <= 0.005:
        return Text("almost impossible", "presque impossible")
    if 0.05 <= probability <= 0.95:
        tenths = max(1, min(9, round(10 * probability)))
        plural = "" if tenths == 1 else "s"
        return Text(f"about {tenths} chance{plural} in 10", f"environ {tenths} chance{plural} sur 10")
    hundredths = max(1, min(99, round(100 * probability)))
    plural = "" if hundredths == 1 else "s"
    return Text(f"about {hundredths} chance{plural} in 100", f"environ {hundredths} chance{plural} sur 100")


def reason(claim: Claim, estimate: Estimate) -> Text:
    """The sentence that tells what the field shows of a claim, and how likely the claim is.

    Raises:
        Unevaluable: As `Claim.holds`.
    """
    odds = chances(claim.probability(estimate))
    shown = Text(_shown(claim, estimate, "en"), _shown(claim, estimate, "fr"))
    return Text(f"{shown.en}: the claim is {_is(odds.en)}.", f"{shown.fr} : l'affirmation {_a(odds.fr)}.")


def _is(odds: str) -> str:
    return odds if odds.startswith("almost") else f"true with {odds}"


def _a(odds: str) -> str:
    return (
        f"est {odds}e" if odds.endswith("certain") else f"est {odds}" if "impossible" in odds else f"a {odds}"
    )


def _shown(claim: Claim, estimate: Estimate, language: Language) -> str:  # noqa: PLR0911 - one sentence per predicate
    label = MEASURES[claim.measure].label.in_(language)
    subject = claim.subject_in(estimate)
    mine = f"{label} {_of(subject, language)}{estimate.figure(subject).write(language)}"
    match claim.predicate:
        case AtLeast(bound) | AtMost(bound):
            wanted = "asked: " if language == "en" else "annoncé : "
            sign = "≥" if isinstance(claim.predicate, AtLeast) else "≤"
            return f"{mine}, {wanted}{sign} {estimate.unit.write(bound, language)}"
        case Between(low, high):
            bounds = f"{estimate.unit.write(low, language)} – {estimate.unit.write(high, language)}"
            return f"{mine}, asked: {bounds}" if language == "en" else f"{mine}, annoncé : {bounds}"
        case Extreme(highest):
            return f"{mine}; {_rival(estimate, subject, highest=highest, language=language)}"
        case Top(k):
            place = int((estimate.location > estimate.location[estimate.column(subject)]).sum()) + 1
            among = len(estimate.subjects)
            if language == "en":
                return f"{mine}, number {place} of {among} (claimed: among the first {k})"
            return f"{mine}, numéro {place} sur {among} (annoncé : parmi les {k} premiers)"
        case Against(other, above, by, times):
            theirs = f"{other} {estimate.figure(other).write(language)}"
            return f"{mine}, {theirs}{_margin(estimate, above=above, by=by, times=times, language=language)}"
        case Trend():
            return _course(estimate, subject, mine, language)


def _of(subject: str, language: Language) -> str:
    if subject == "total":
        return ""
    return f"of {subject}: " if language == "en" else f"({subject}) : "


def _rival(estimate: Estimate, subject: str, *, highest: bool, language: Language) -> str:
    mine = estimate.column(subject)
    order = estimate.location.argsort()
    rank = [int(i) for i in (order[::-1] if highest else order) if i != mine]
    if not rank:
        return "it stands alone" if language == "en" else "il n'y a pas d'autre sujet"
    other = estimate.subjects[rank[0]]
    written = estimate.figure(other).write(language)
    superlative = {
        ("en", True): "the highest of the others is",
        ("en", False): "the lowest of the others is",
        ("fr", True): "le plus élevé des autres est",
        ("fr", False): "le plus bas des autres est",
    }[language, highest]
    return f"{superlative} {other}, {written}"


def _margin(estimate: Estimate, *, above: bool, by: float, times: float | None, language: Language) -> str:
    if times is not None:
        factor = f"{times:g}"
        if language == "en":
            return f" (claimed: {'above' if above else 'below'} {factor} times as much)"
        return f" (annoncé : {'plus' if above else 'moins'} de {factor.replace('.', ',')} fois autant)"
    if not by:
        return ""
    amount = estimate.unit.write(by, language)
    if language == "en":
        return f" (claimed: {'above' if above else 'below'} it by {amount})"
    return f" (annoncé : {'au-dessus' if above else 'en dessous'} de {amount})"


def _course(estimate: Estimate, subject: str, mine: str, language: Language) -> str:
    column = estimate.column(subject)
    change = trend(estimate, column)
    history = estimate.history
    if history is None:
        raise Unevaluable("no_history")
    seasonal = history.cycle > 1 and len(history.periods) >= 2 * history.cycle
    n_rising = round(100 * float((change > 0).mean()))
    span = history.periods
    if language == "en":
        against = "the last full year against the one before" if seasonal else f"since {span[0].start:%B %Y}"
        return f"{mine}; rising in {n_rising} of 100 readings ({against})"
    against = "la dernière année pleine contre la précédente" if seasonal else f"depuis {span[0].start:%m/%Y}"
    return f"{mine} ; en hausse dans {n_rising} lectures sur 100 ({against})"
