"""`cmo brand`: the funnel of the brands, and the map of their image."""

from pathlib import Path

import numpy as np

from cmo.brand.associations import associations
from cmo.brand.image_map import image_map, stability
from cmo.brand.tracking import funnel, last_wave, segments
from cmo.briefs.answers import Answer
from cmo.briefs.brand_answers import Funnels, Image, funnel_answer, image_answer
from cmo.loop.measuring import seed_of
from cmo.loop.standing import Standing, standing
from cmo.measures import DRAWS, Language, Problem
from cmo.warehouse.engines import open_field
from cmo.warehouse.field import Field

FEWEST = 3  # brands and attributes below which there is no map of two axes


def funnelled(folder: Path, *, segment: str | None, language: Language | None) -> Answer:
    """Shares of people at each step of the funnel, brand by brand, in the last wave.

    Raises:
        Problem: There is no brand survey, no awareness in it, or no such segment.
    """
    now, field, rng = _asked(folder, language)
    known = segments(field)
    if segment is not None and segment not in known:
        said = f"the segments are {', '.join(known)}" if known else "the survey gives no segments"
        raise Problem(f"no segment is called {segment}; {said}")
    found = funnel(field, rng=rng, segment=segment)
    if found is None:
        raise Problem(
            f"{folder}: nobody was asked which brands they know; give brand_survey the question awareness"
        )
    company = now.workspace.config.company.name
    asked = Funnels(company=company, found=found, segment=segment, segments=known)
    return funnel_answer(asked, language=now.language)


def mapped_image(folder: Path, *, language: Language | None) -> Answer:
    """What the brands stand for beyond their size, on a map with its stability.

    Raises:
        Problem: There is no brand survey, or too few brands or image attributes for a map.
    """
    now, field, rng = _asked(folder, language)
    wave = last_wave(field, segment=None, image=True)
    if wave is None or min(len(wave.brands), len(wave.questions)) < FEWEST or np.any(wave.asked == 0):
        raise Problem(
            f"{folder}: a map needs at least {FEWEST} brands asked about the same {FEWEST} image attributes "
            "in one wave; give them in brand_survey"
        )
    return image_answer(
        Image(
            company=now.workspace.config.company.name,
            wave=wave,
            map=image_map(np.maximum(wave.positive, 0.5)),
            stability=stability(np.maximum(wave.positive, 0.5), wave.asked, rng=rng),
            associations=associations(wave.positive, wave.asked, rng=rng, draws=DRAWS),
        ),
        language=now.language,
    )


def _asked(folder: Path, language: Language | None) -> tuple[Standing, Field, np.random.Generator]:
    now = standing(folder, language)
    field = open_field(now.workspace)
    if "brand_survey" not in field.tables:
        raise Problem(f"{folder}: there is no brand survey; give the table brand_survey (docs/tables.md)")
    return now, field, np.random.default_rng(seed_of("tracking", field, ("brand_survey",)))
