import numpy as np

from cmo.simulation.episode import rng_of
from cmo.simulation.voice import ASPECTS, feedback_table, form_opinions
from cmo.simulation.wordings import OPENINGS, PHRASES
from cmo.simulation.workspace import History


def test_opinions_are_as_content_as_specified() -> None:
    opinions = form_opinions(np.random.default_rng(1), count=60_000)
    for position, aspect in enumerate(ASPECTS):
        assert abs(opinions.content[:, position].mean() - aspect.content) < 0.02


def test_the_content_rate_and_recommend_more() -> None:
    opinions = form_opinions(np.random.default_rng(2), count=20_000)
    happy = opinions.content.mean(axis=1) > 0.8
    assert opinions.rating[happy].mean() > opinions.rating[~happy].mean() + 0.8
    assert opinions.nps[happy].mean() > opinions.nps[~happy].mean() + 0.8


def test_stars_are_noisy_readings_of_the_aspects() -> None:
    opinions = form_opinions(np.random.default_rng(3), count=20_000)
    weight = np.array([a.weight for a in ASPECTS])
    explained = np.corrcoef(opinions.content @ weight, opinions.rating)[0, 1]
    assert 0.5 < explained < 0.9


def test_reviews_are_written_in_both_languages_from_the_phrases_alone(history: History) -> None:
    table = feedback_table(history.market, history.lines, rng_of(9, 9))
    texts, languages = table["text"].to_pylist(), table["language"].to_pylist()
    assert {"fr", "en"} == set(languages)
    known = {
        language: {p.lower() for aspect in PHRASES.values() for p in sum(aspect[language].values(), ())}
        | {o.lower() for openings in OPENINGS[language].values() for o in openings if o}
        for language in ("fr", "en")
    }
    for text, language in zip(texts[:300], languages[:300], strict=True):
        if text:
            assert any(phrase in text.lower() for phrase in known[language]), text
