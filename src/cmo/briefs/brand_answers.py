"""The funnel of the brands and the map of their image: data, sentences and tables."""

from dataclasses import dataclass

import numpy as np

from cmo.brand.associations import Associations
from cmo.brand.image_map import ImageMap, Stability
from cmo.brand.tracking import Funnel, Wave
from cmo.briefs.answers import Answer, Data
from cmo.briefs.choice_answers import summary, told
from cmo.briefs.voice import Voice
from cmo.measures import Language, Text, Unit

SHARE = Unit("share")
READABLE = 0.8  # agreement below which a map should not be read
ELLIPSE = 2.146  # semi-axis, in standard deviations, of an ellipse that holds nine points in ten of a plane
SHOWN = 6

STEP = {
    "awareness": Text("know it", "la connaissent"),
    "consideration": Text("consider it", "l'envisagent"),
    "preference": Text("prefer it", "la préfèrent"),
    "purchase": Text("buy it", "l'achètent"),
    "recommendation": Text("recommend it", "la recommandent"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnels:
    """The funnel of the brands.

    Attributes:
        company: Our brand.
        found: The funnel.
        segment: Whose, or None for all.
        segments: Segments that the survey tells apart.
    """

    company: str
    found: Funnel
    segment: str | None
    segments: tuple[str, ...]


def funnel_answer(asked: Funnels, *, language: Language) -> Answer:
    """Shares at each step and from one to the next, brand by brand, and where ours loses most."""
    voice, found = Voice(language), asked.found
    wave = found.wave
    rows: list[Data] = []
    body: list[tuple[str, ...]] = []
    for at, brand in enumerate(wave.brands):
        steps: list[Data] = []
        cells = []
        for step, question in enumerate(wave.questions):
            share = found.share[:, at, step]
            known = bool(np.isfinite(share).all())
            onward = found.onward[:, at, step - 1] if step else share
            reached = summary(onward) if step and np.isfinite(onward).all() else None
            steps.append(
                {
                    "step": question,
                    "respondents": int(wave.asked[at, step]),
                    "share": summary(share) if known else None,
                    "of_the_step_before": reached,
                }
            )
            cells.append(told(summary(share), SHARE, language) if known else "–")
        rows.append({"brand": brand, "steps": steps})
        body.append((brand, *cells))
    heads = [STEP[question].in_(language) for question in wave.questions]
    return Answer(
        data={
            "window": wave.window.as_list(),
            "segment": asked.segment,
            "segments": list(asked.segments),
            "brands": rows,
        },
        lines=tuple(_leaks(asked, voice)),
        head=("", *heads),
        body=tuple(body),
    )


def _leaks(asked: Funnels, voice: Voice) -> list[str]:
    """At which step our brand does worse than the best of the others, beyond chance."""
    found, wave = asked.found, asked.found.wave
    if asked.company not in wave.brands:
        return []
    ours = wave.brands.index(asked.company)
    lines = []
    for step in range(len(wave.questions) - 1):
        onward = found.onward[:, :, step]
        others = [at for at in range(len(wave.brands)) if at != ours and np.isfinite(onward[:, at]).all()]
        if not others or not np.isfinite(onward[:, ours]).all():
            continue
        best = max(others, key=lambda at: float(np.median(found.onward[:, at, step])))
        gap = onward[:, ours] - onward[:, best]
        chance = float((gap < 0).mean())
        if 0.1 < chance < 0.9:
            continue
        words = {
            "brand": asked.company,
            "step": voice.read(STEP[wave.questions[step + 1]]),
            "ours": told(summary(onward[:, ours]), SHARE, voice.language),
            "theirs": told(summary(onward[:, best]), SHARE, voice.language),
            "rival": wave.brands[best],
        }
        if chance >= 0.9:
            lines.append(
                voice.say(
                    "{brand} loses people here: of those at the step before, {ours} {step}, against {theirs} "
                    "for {rival}.",
                    "{brand} perd du monde ici : de ceux de l'étape précédente, {ours} {step}, contre "
                    "{theirs} pour {rival}.",
                    **words,
                )
            )
        else:
            lines.append(
                voice.say(
                    "{brand} does better than all others here: of those at the step before, {ours} {step}, "
                    "against {theirs} for {rival}.",
                    "{brand} fait mieux que toutes les autres ici : de ceux de l'étape précédente, {ours} "
                    "{step}, contre {theirs} pour {rival}.",
                    **words,
                )
            )
    return lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """The image of the brands.

    Attributes:
        company: Our brand.
        wave: The counts.
        map: Where brands and attributes lie.
        stability: How far other respondents would have moved them.
        associations: What each brand stands for beyond its size.
    """

    company: str
    wave: Wave
    map: ImageMap
    stability: Stability
    associations: Associations


def image_answer(image: Image, *, language: Language) -> Answer:
    """What each brand stands for beyond its size, and the map with its stability."""
    voice, wave = Voice(language), image.wave
    inertia = image.map.inertia / image.map.inertia.sum()
    out = image.associations.standing_out()
    middle = np.median(image.associations.ratio, axis=0)
    beyond = [
        {
            "brand": brand,
            "attribute": attribute,
            "stands_out": bool(out[at, place]),
            **summary(image.associations.ratio[:, at, place]),
        }
        for at, brand in enumerate(wave.brands)
        for place, attribute in enumerate(wave.questions)
    ]
    readable = image.stability.agreement >= READABLE
    lines = _stands_for(image, out, middle, voice)
    lines.append(
        voice.say(
            "The map holds {inertia} of the differences on two axes; other respondents would have drawn "
            "{agreement} of it alike: it may be read.",
            "La carte montre {inertia} des différences sur deux axes ; d'autres répondants en auraient "
            "dessiné {agreement} à l'identique : elle peut se lire.",
            inertia=voice.percent(float(inertia[:2].sum())),
            agreement=voice.percent(image.stability.agreement),
        )
        if readable
        else voice.say(
            "Other respondents would have drawn only {agreement} of the map alike: do not read it.",
            "D'autres répondants n'auraient dessiné que {agreement} de la carte à l'identique : ne la lisez "
            "pas.",
            agreement=voice.percent(image.stability.agreement),
        )
    )
    return Answer(
        data={
            "window": wave.window.as_list(),
            "inertia": inertia.tolist(),
            "chi_square": image.map.chi_square,
            "agreement": image.stability.agreement,
            "readable": readable,
            "brands": _points(wave.brands, image.map.rows, image.stability.rows),
            "attributes": _points(wave.questions, image.map.columns, image.stability.columns),
            "beyond_size": beyond,
        },
        lines=tuple(lines),
        head=("", *wave.questions),
        body=tuple(
            (
                brand,
                *(
                    f"{middle[at, place]:+.0%}" + ("" if out[at, place] else " ?")
                    for place in range(len(wave.questions))
                ),
            )
            for at, brand in enumerate(wave.brands)
        ),
    )


def _stands_for(image: Image, out: np.ndarray, middle: np.ndarray, voice: Voice) -> list[str]:
    if image.company not in image.wave.brands:
        return []
    ours = image.wave.brands.index(image.company)
    lines = []
    for sign, english, french in (
        (1, "{brand} stands out by: {parts}.", "{brand} se distingue par : {parts}."),
        (-1, "{brand} is less than its size: {parts}.", "{brand} est en retrait sur : {parts}."),
    ):
        places = [
            at for at in np.argsort(-sign * middle[ours]) if out[ours, at] and sign * middle[ours, at] > 0
        ]
        parts = [
            f"{image.wave.questions[at]} "
            f"{told(summary(image.associations.ratio[:, ours, at]), SHARE, voice.language)}"
            for at in places[:SHOWN]
        ]
        if parts:
            lines.append(voice.say(english, french, brand=image.company, parts=", ".join(parts)))
    return lines


def _points(names: tuple[str, ...], places: np.ndarray, moved: np.ndarray) -> list[Data]:
    """Coordinates with the ellipse that holds nine resampled points in ten."""
    made: list[Data] = []
    for at, name in enumerate(names):
        values, vectors = np.linalg.eigh(np.cov(moved[:, at].T))
        axes = ELLIPSE * np.sqrt(np.maximum(values, 0.0))
        made.append(
            {
                "name": name,
                "x": float(places[at, 0]),
                "y": float(places[at, 1]),
                "ellipse": {
                    "long": float(axes[1]),
                    "short": float(axes[0]),
                    "angle": float(np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1]))),
                },
            }
        )
    return made
