"""Who was right, said kindly: the confidence of each holder before the data, scored after it.

References:
    Brier (1950), "Verification of forecasts expressed in terms of probability", Monthly Weather Review 78(1).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cmo.measures import Text
from cmo.strategy.verdict import Stance, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How well somebody's confidence met the field.

    Attributes:
        holder: Who; none for the whole team.
        n: Beliefs that the field has settled.
        brier: Mean squared distance of confidence and truth: 0 is perfect, one half always said gives 0.25.
        lean: Mean confidence less the share that came true, in [-1, 1]: above 0 is too sure.
    """

    holder: str | None
    n: int
    brier: float
    lean: float

    @property
    def says(self) -> Text:
        """The score in a sentence that helps."""
        if self.n < 3:
            return Text(
                "Too few settled yet to tell anything.", "Encore trop peu de réponses pour en conclure."
            )
        if self.lean > 0.15:
            return Text(
                "Dares to commit; would gain from doubting a little more.",
                "S'engage volontiers ; gagnerait à douter un peu plus.",
            )
        if self.lean < -0.15:
            return Text(
                "Knows more than is said: could dare to be surer.",
                "En sait plus qu'annoncé : peut oser davantage.",
            )
        return Text("Confidence that can be relied on.", "Une confiance sur laquelle on peut compter.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Myth:
    """The belief whose fall teaches most: firmly held, contradicted, with money on it.

    Attributes:
        verdict: What the field says of it.
        confidence: How sure its surest holder was.
        money: Money that rests on it; none where none is known to.
    """

    verdict: Verdict
    confidence: float
    money: float | None


Confidences = Mapping[str, Mapping[str, float]]
"""How sure each holder was before the data, by belief, then by holder."""


def scores(verdicts: Iterable[Verdict], confidences: Confidences) -> tuple[Score, ...]:
    """The score of the team, then of each holder, the best first.

    Only beliefs that the field has settled count. What is settled is true or false as the field says; its
    probability, near 0 or 1, weighs both.
    """
    found: dict[str | None, list[tuple[float, float]]] = {}
    for one in verdicts:
        if one.probability is None or one.stance not in (Stance.SUPPORTED, Stance.REFUTED):
            continue
        for holder, confidence in confidences.get(one.belief, {}).items():
            for name in (None, holder):
                found.setdefault(name, []).append((confidence, one.probability))
    told = [_score(holder, pairs) for holder, pairs in found.items()]
    return tuple(sorted(told, key=lambda one: (one.holder is not None, one.brier)))


def myth(
    verdicts: Iterable[Verdict], confidences: Confidences, *, stakes: Mapping[str, float]
) -> Myth | None:
    """The largest confidence overturned with most money on it; none where nothing fell."""
    fallen = [
        Myth(
            verdict=one,
            confidence=max(confidences[one.belief].values()),
            money=stakes.get(one.belief),
        )
        for one in verdicts
        if one.stance is Stance.REFUTED and confidences.get(one.belief)
    ]
    return max(fallen, key=lambda one: (one.confidence * (one.money or 1.0), one.confidence), default=None)


def _score(holder: str | None, pairs: list[tuple[float, float]]) -> Score:
    n = len(pairs)
    brier = sum(p * (c - 1) ** 2 + (1 - p) * c**2 for c, p in pairs) / n
    return Score(holder=holder, n=n, brier=brier, lean=sum(c - p for c, p in pairs) / n)
