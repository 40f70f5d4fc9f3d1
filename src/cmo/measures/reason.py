"""Why a claim holds or falls, in a sentence with figures."""

from cmo.measures.claim import Claim, Unevaluable, trend
from cmo.measures.estimate import WHOLES, Estimate
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
    probability = claim.probability(estimate)
    odds = chances(probability)
    if odds.en.startswith("almost"):
        verdict = Text(f"That is {odds.en}.", f"C'est {odds.fr}.")
    else:
        verdict = Text(
            f"{odds.en.capitalize()} that it is true.", f"{odds.fr.capitalize()} que ce soit vrai."
        )
    shown = Text(_shown(claim, estimate, "en"), _shown(claim, estimate, "fr"))
    return Text(f"{shown.en}. {verdict.en}", f"{shown.fr}. {verdict.fr}")


def named(by: str, subject: str) -> Text:
    """A subject as people call it: `after 3 months` for the age 3."""
    if by == "age":
        plural = "" if subject == "1" else "s"
        return Text(f"after {subject} month{plural}", f"après {subject} mois")
    if by == "top":
        share = subject.removeprefix("top ").removesuffix("%")
        return Text(f"the best {share}%", f"les {share} % les meilleurs")
    return Text.same(subject)


def _shown(claim: Claim, estimate: Estimate, language: Language) -> str:  # noqa: PLR0911 - one sentence per predicate
    label = MEASURES[claim.measure].label.in_(language)
    subject = claim.subject_in(estimate)
    mine = f"{_head(label, estimate.by, subject, language)} {estimate.figure(subject).write(language)}"
    match claim.predicate:
        case AtLeast(bound):
            least = Text("claimed: at least", "annoncé : au moins").in_(language)
            return f"{mine}, {least} {estimate.unit.write(bound, language)}"
        case AtMost(bound):
            most = Text("claimed: at most", "annoncé : au plus").in_(language)
            return f"{mine}, {most} {estimate.unit.write(bound, language)}"
        case Between(low, high):
            ends = [estimate.unit.write(end, language) for end in (low, high)]
            between = Text(f"claimed: {ends[0]} to {ends[1]}", f"annoncé : de {ends[0]} à {ends[1]}")
            return f"{mine}, {between.in_(language)}"
        case Extreme(highest):
            return f"{mine}{_then(language)}{_rival(estimate, subject, highest=highest, language=language)}"
        case Top(k):
            place = int(estimate.ranks[:, estimate.column(subject)].mean().round()) + 1
            among = estimate.n_ranked
            return mine + Text(
                f", number {place} of {among} (claimed: among the first {k})",
                f", numéro {place} sur {among} (annoncé : parmi les {k} premiers)",
            ).in_(language)
        case Against(other, above, by, times):
            theirs = f"{named(estimate.by, other).in_(language)} {estimate.figure(other).write(language)}"
            margin = _margin(estimate, above=above, by=by, times=times, language=language)
            return f"{mine}{_then(language)}{theirs}{margin}"
        case Trend():
            return _course(estimate, subject, mine, language)


def _then(language: Language) -> str:
    return "; " if language == "en" else " ; "


def _head(label: str, by: str, subject: str, language: Language) -> str:
    colon = ":" if language == "en" else " :"
    return f"{label}{colon}" if subject in WHOLES else f"{label}, {named(by, subject).in_(language)}{colon}"


def _rival(estimate: Estimate, subject: str, *, highest: bool, language: Language) -> str:
    mine = estimate.column(subject)
    order = estimate.location.argsort()
    others = [int(i) for i in order if i != mine and estimate.subjects[i] not in WHOLES]
    rank = others[::-1] if highest else others
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
    return f"{superlative} {named(estimate.by, other).in_(language)}, {written}"


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
