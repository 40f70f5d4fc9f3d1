"""What customers write: how content they are with each aspect they speak of."""

import numpy as np

from cmo.measures import DRAWS, Estimate, Grade, Text
from cmo.value.aspects import aspect_of, clauses
from cmo.value.opinion_evidence import rated
from cmo.value.praise import praise
from cmo.value.sentiment import learned, parting
from cmo.warehouse.field import Field

WORDS = 1.5  # log odds that a word of praise or blame is worth beside what the marks taught
FEWEST = 20  # clauses on an aspect below which nothing is said of it
METHOD = Text(
    "Share of content clauses among those that name the aspect, over all opinions with a text. Clauses are "
    "found in French and English by a list of words; whether one is content was learned from the company's "
    "own marks (TF-IDF and logistic regression), helped by a list of words of praise and blame. The interval "
    "says how far other opinions could have moved it, not how often a clause is misread.",
    "Part des propositions satisfaites parmi celles qui nomment l'aspect, dans tous les avis rédigés. Elles "
    "sont repérées en français et en anglais par une liste de mots ; leur ton a été appris sur les notes de "
    "l'entreprise (TF-IDF et régression logistique), avec l'aide de mots d'éloge et de blâme. L'intervalle "
    "dit de combien d'autres avis auraient pu la déplacer, non combien de fois une proposition est mal lue.",
)


def aspects(field: Field, *, rng: np.random.Generator) -> list[Estimate]:
    """`value.satisfaction` by aspect; nothing where there are too few texts with marks.

    Args:
        field: The company's tables.
        rng: Source of randomness.

    Returns:
        One estimate, or none.
    """
    if "feedback" not in field.tables or not {"text", "rating"} <= set(field.columns("feedback")):
        return []
    rows, _ = rated(field)
    rows = rows.filter(rows["text"].notnull())
    # The words themselves are the data here: there is no smaller sufficient statistic.
    read = field.collect(rows.order_by("feedback_id").select("text", "content"))
    named = [
        (i, aspect, clause)
        for i, text in enumerate(read["text"].to_pylist())
        for clause in clauses(text)
        if (aspect := aspect_of(clause)) is not None
    ]
    kept = [(aspect, clause) for _, aspect, clause in named]
    said: dict[int, list[str]] = {}
    for i, _, clause in named:
        said.setdefault(i, []).append(clause)
    # What opinions say of aspects, without their "perfect!", which would explain the mark by itself.
    marks = np.asarray(read["content"].to_pylist(), dtype=bool)[list(said)]
    sentiment = learned([". ".join(those) for those in said.values()], marks)
    if sentiment is None:
        return []
    tone = sentiment.tone([clause for _, clause in kept])
    tone += WORDS * np.array([praise(clause) for _, clause in kept])
    about = np.asarray([name for name, _ in kept])
    content = np.zeros(tone.size, dtype=bool)
    for name in set(about.tolist()):
        content[about == name] = tone[about == name] > parting(tone[about == name])
    subjects = tuple(sorted(name for name in set(about.tolist()) if np.sum(about == name) >= FEWEST))
    if not subjects:
        return []
    good = np.array([np.sum(content & (about == name)) for name in subjects], dtype=float)
    total = np.array([np.sum(about == name) for name in subjects], dtype=float)
    return [
        Estimate.of_draws(
            "value.satisfaction",
            rng.beta(good + 0.5, total - good + 0.5, size=(DRAWS, len(subjects))),
            subjects=subjects,
            by="aspect",
            unit="share",
            window=field.span("feedback"),
            as_of=field.as_of,
            method=METHOD,
            grade=Grade.D,
            tables=("feedback",),
        )
    ]
