"""A questionnaire of choices: what it would find, and the page on which people answer it."""

from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
from scipy.stats import norm

from cmo.briefs.answers import Answer, Data
from cmo.briefs.html import element
from cmo.briefs.voice import Voice
from cmo.measures import Language, Text, Unit
from cmo.value.choice import Floats
from cmo.value.questionnaire import Power, Questionnaire

WANTED = 0.8  # chance to find what is there
SURE = 1.959964
SHARE = Unit("share")
STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}"
    "td,th{border:1px solid #999;padding:.4rem .6rem;text-align:left}"
    "section{break-inside:avoid;margin:1.5rem 0}h2{break-before:page}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A questionnaire and what it would find.

    Attributes:
        questionnaire: The questionnaire.
        names: What each coefficient stands for.
        worths: Coefficients that people were taken to have, shape (K,).
        power: What simulated surveys found.
        levels: Levels of each attribute.
    """

    questionnaire: Questionnaire
    names: tuple[str, ...]
    worths: Floats
    power: Power
    levels: dict[str, list[str | float]]

    @property
    def versions(self) -> int:
        """Number of versions."""
        return int(self.questionnaire.block.max()) + 1


def people_needed(asked: Asked) -> Floats:
    """People needed to find each coefficient with a chance of 80 %, shape (K,); infinite where it is zero."""
    wanted = np.abs(asked.worths) / (SURE + float(norm.ppf(WANTED)))
    with np.errstate(divide="ignore"):
        return np.asarray(np.ceil(asked.power.respondents * (asked.power.error / wanted) ** 2))


def questionnaire_answer(asked: Asked, *, to: Path | None, language: Language) -> Answer:
    """What the questionnaire shows, and with how many people it finds what."""
    voice, made, needed = Voice(language), asked.questionnaire, people_needed(asked)
    finite = needed[np.isfinite(needed)]
    most = float(finite.max()) if finite.size else 0.0
    lines = [
        voice.say(
            "{versions} versions of {tasks} tasks with {places} offers each; levels repeat within a task in "
            "{overlap} of the pairs.",
            "{versions} versions de {tasks} tâches à {places} offres ; un niveau se répète dans une tâche "
            "pour {overlap} des paires.",
            versions=voice.count(asked.versions),
            tasks=voice.count(len(made.tasks) // asked.versions),
            places=voice.count(made.tasks.shape[1]),
            overlap=voice.percent(made.overlap),
        ),
        voice.say(
            "{n} people would be needed to find all that is expected, eight times in ten.",
            "Il faudrait {n} personnes pour trouver tout ce qui est attendu, huit fois sur dix.",
            n=voice.count(round(most)),
        ),
    ]
    if most > asked.power.respondents:
        lines.append(
            voice.say(
                "With {n} people some of it will be missed: ask more people, or more tasks.",
                "Avec {n} personnes, une partie échappera : interrogez plus de monde, ou posez plus de "
                "tâches.",
                n=voice.count(asked.power.respondents),
            )
        )
    if to is not None:
        lines.append(voice.say("It is written in {file}.", "Il est écrit dans {file}.", file=str(to)))
    rows: list[Data] = [
        {
            "coefficient": name,
            "expected": float(asked.worths[at]),
            "standard_error": float(asked.power.error[at]),
            "power": float(asked.power.found[at]),
            "covered": float(asked.power.covered[at]),
            "people_needed": float(needed[at]) if np.isfinite(needed[at]) else None,
        }
        for at, name in enumerate(asked.names)
    ]
    head = Text(
        "coefficient|expected|standard error|found with this many|people needed",
        "coefficient|attendu|erreur type|trouvé à cet effectif|personnes nécessaires",
    )
    return Answer(
        data={
            "file": None if to is None else str(to),
            "d_error": made.d_error,
            "overlap": made.overlap,
            "respondents": asked.power.respondents,
            "power": rows,
            "tasks": made.rows(),
        },
        lines=tuple(lines),
        head=tuple(head.in_(language).split("|")),
        body=tuple(
            (
                name,
                f"{asked.worths[at]:.3g}",
                f"{asked.power.error[at]:.2g}",
                SHARE.write(float(asked.power.found[at]), language),
                voice.count(round(float(needed[at]))) if np.isfinite(needed[at]) else "–",
            )
            for at, name in enumerate(asked.names)
        ),
    )


def questionnaire_page(asked: Asked, language: Language) -> str:
    """The questionnaire as one page to print or to copy from: a box under each offer."""
    voice, made = Voice(language), asked.questionnaire
    title = voice.say("Which would you choose?", "Lequel choisiriez-vous ?")
    parts: list[str] = [element("h1", title)]
    for version in range(asked.versions):
        number = voice.count(version + 1)
        parts.append(element("h2", voice.say("Version {n}", "Version {n}", n=number)))
        tasks = [t for t, block in enumerate(made.block.tolist()) if block == version]
        parts += [_task(asked, t, at, voice) for at, t in enumerate(tasks, start=1)]
    head = element("meta", charset="utf-8") + element("title", title) + element("style", STYLE)
    return "<!doctype html>" + element("html", element("head", head), element("body", *parts), lang=language)


def _task(asked: Asked, task: int, at: int, voice: Voice) -> str:
    made = asked.questionnaire
    offers = [made.profiles[at] for at in made.tasks[task].tolist()]
    heads = [
        element("th", voice.say("Offer {n}", "Offre {n}", n=voice.count(at + 1))) for at in range(len(offers))
    ]
    none = voice.say("None of them", "Aucune")
    if made.none:
        heads.append(element("th", none))
    rows = [element("tr", element("th"), *heads)]
    for name in asked.levels:
        cells = [element("td", _shown(offer[name])) for offer in offers]
        rows.append(
            element("tr", element("th", _shown(name)), *cells, *([element("td")] if made.none else []))
        )
    boxes = [element("td", "☐") for _ in heads]
    rows.append(element("tr", element("th", voice.say("I would choose", "Je choisirais")), *boxes))
    heading = element("h3", voice.say("Question {n}", "Question {n}", n=voice.count(at)))
    return element("section", heading, element("table", *rows))


def _shown(value: str | float) -> str:
    return escape(f"{value:g}" if isinstance(value, float) else value)
