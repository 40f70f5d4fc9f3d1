"""How well words are read: aspect polarity against judged reviews, and the time that a hundred thousand take.

    python benchmarks/value_text.py [polarity] [speed]

Polarity: SemEval-2016 restaurants, French and English, ten-fold cross-validation by sentence (no sentence is
in both parts). Speed: simulated reviews through all that is done with texts at a review.
"""

import sys
from collections import Counter
from pathlib import Path
from time import process_time, time

import numpy as np

from cmo.simulation.voice import ASPECTS, _write, form_opinions
from cmo.value.lexicon import tone
from cmo.value.polarity import Mention, learned
from cmo.value.voice import Said, hear
from cmo.value.voice_topics import found_topics

REVIEWS = Path(__file__).parents[2] / "shared/data/value/semeval16"
FOLDS = 10


def judged(language: str) -> tuple[list[Mention], list[str], list[str]]:
    """Mentions, what people judged of them, and the sentences they are in."""
    lines = (REVIEWS / f"restaurants_train_{language}.dat").read_text(encoding="utf-8").split("\n")
    mentions, polarities, sentences = [], [], []
    for place in range(0, len(lines) - 2, 3):
        before, _, after = lines[place].partition("$T$")
        aspect = lines[place + 1].strip()
        mentions.append(Mention(before=before, aspect=aspect, after=after))
        polarities.append(lines[place + 2].strip())
        sentences.append(before + aspect + after)
    return mentions, polarities, sentences


def polarity() -> None:
    for language in ("french", "english"):
        begun = process_time()
        mentions, truth, sentences = judged(language)
        group = np.unique(sentences, return_inverse=True)[1]
        fold = np.random.default_rng(0).permutation(group.max() + 1)[group] % FOLDS
        found = np.empty(len(truth), dtype=object)
        for k in range(FOLDS):
            taught, asked = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
            judge = learned([mentions[i] for i in taught], [truth[i] for i in taught])
            found[asked] = judge.judged([mentions[i] for i in asked])
        right = np.mean(found == np.array(truth, dtype=object))
        by_list = [tone(one) for one in sentences]
        listed = np.mean(
            [(one >= 0) == (said == "Positive") for one, said in zip(by_list, truth, strict=True)]
        )
        usual = Counter(truth).most_common(1)[0][1] / len(truth)
        print(
            f"{language}: {len(truth)} mentions, always the commonest {usual:.3f}, list alone {listed:.3f}, "
            f"learned {right:.4f}, {process_time() - begun:.1f} CPU s"
        )


def speed(count: int = 100_000) -> None:
    rng = np.random.default_rng(1)
    opinions = form_opinions(rng, count=count)
    spoken = rng.random((count, len(ASPECTS))) < np.array([one.spoken for one in ASPECTS])
    texts = tuple(
        _write(opinions.content[i], spoken[i], int(opinions.rating[i]), "en" if i % 4 == 0 else "fr", rng)
        for i in range(count)
    )
    said = Said(
        ids=tuple(str(i) for i in range(count)),
        texts=texts,
        marks=opinions.rating / 5,
        days=738_000 + np.arange(count) * 1000 // count,
        asked=np.ones(count, dtype=bool),
        customers=(None,) * count,
    )
    begun, wall = process_time(), time()
    heard = hear(said, rng=rng)
    assert heard is not None  # noqa: S101 - a benchmark
    heard.content_shares()
    heard.opinion_shares(discontent=True)
    print(f"aspects and contentment: {process_time() - begun:.1f} CPU s, {time() - wall:.1f} s")
    found_topics(said, rng=rng)
    print(f"with language and topics: {process_time() - begun:.1f} CPU s, {time() - wall:.1f} s")


if __name__ == "__main__":
    asked = sys.argv[1:] or ["polarity", "speed"]
    for name in asked:
        {"polarity": polarity, "speed": speed}[name]()
