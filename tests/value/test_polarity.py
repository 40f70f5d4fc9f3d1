from pathlib import Path

import numpy as np
import pytest

from cmo.value.polarity import Mention, learned

TAUGHT = [
    ("la ", " est bonne", "Positive"),
    ("une ", " délicieuse", "Positive"),
    ("la ", " est froide", "Negative"),
    ("une ", " pas bonne", "Negative"),
] * 5


def test_a_negation_turns_the_polarity() -> None:
    mentions = [Mention(before=before, aspect="soupe", after=after) for before, after, _ in TAUGHT]
    judge = learned(mentions, [said for _, _, said in TAUGHT])
    asked = [
        Mention(before="cette ", aspect="tarte", after=" n'est pas bonne"),
        Mention(before="cette ", aspect="tarte", after=" est bonne"),
    ]
    assert judge.judged(asked) == ["Negative", "Positive"]
    chances = judge.probabilities(asked)
    assert judge.polarities == ("Negative", "Positive")
    assert chances.sum(axis=1) == pytest.approx(1)


@pytest.mark.shared
@pytest.mark.parametrize(("language", "bound"), [("french", 0.79), ("english", 0.80)])
def test_polarity_of_judged_reviews(shared: Path, language: str, bound: float) -> None:
    """Half teaches, half is asked; `benchmarks/value_text.py` cross-validates in ten parts."""
    path = shared / f"data/value/semeval16/restaurants_train_{language}.dat"
    lines = path.read_text(encoding="utf-8").split("\n")
    triples = [(lines[i], lines[i + 1].strip(), lines[i + 2].strip()) for i in range(0, len(lines) - 2, 3)]
    sentence = np.unique([text.replace("$T$", aspect) for text, aspect, _ in triples], return_inverse=True)[1]
    mentions = []
    for text, aspect, _ in triples:
        before, _, after = text.partition("$T$")
        mentions.append(Mention(before=before, aspect=aspect, after=after))
    half = np.random.default_rng(0).permutation(sentence.max() + 1)[sentence] % 2 == 0
    judge = learned(
        [one for one, taught in zip(mentions, half, strict=True) if taught],
        [said for (_, _, said), taught in zip(triples, half, strict=True) if taught],
    )
    found = judge.judged([one for one, taught in zip(mentions, half, strict=True) if not taught])
    truth = [said for (_, _, said), taught in zip(triples, half, strict=True) if not taught]
    assert np.mean([one == other for one, other in zip(found, truth, strict=True)]) > bound
