"""Perceived value in a brief: what decides, what it is worth to whom, and which prices are accepted."""

import numpy as np

from cmo.briefs.document import Block, Column, Paragraph, Section, Table, Tone
from cmo.briefs.facts import Facts
from cmo.briefs.figures import subjects_illustration
from cmo.briefs.voice import Voice
from cmo.measures import Estimate, Figure, Text

IMPORTANCE, WORTH = "value.importance", "value.wtp"
CORRIDOR, LEAST_RESISTANCE = "value.price_corridor", "value.optimal_price"
BRAND = "brand="


def perceived_value(facts: Facts, voice: Voice) -> Section | None:
    """What customers value and would pay, by segment; none where nobody was asked."""
    decides = facts.estimate(IMPORTANCE, by="attribute")
    worth = facts.estimate(WORTH, by="level")
    said = [
        sentence
        for sentence in (
            _deciding(decides, voice),
            _dearest(worth, voice),
            _against_rivals(worth, facts.company.name, voice),
            _accepted(facts, voice),
        )
        if sentence
    ]
    blocks: list[Block] = [Paragraph(text=" ".join(said))] if said else []
    blocks += [subjects_illustration(one, voice=voice) for one in (decides, worth) if one is not None]
    if worth is not None and (table := _by_segment(facts, worth, voice)) is not None:
        blocks.append(table)
    if not blocks:
        return None
    if decides is not None:
        blocks.append(Paragraph(text=voice.read(decides.method), tone=Tone.NOTE))
    title = voice.say("What customers value", "Ce que valent nos offres pour les clients")
    return Section(name="perceived-value", title=title, blocks=tuple(blocks))


def _highest(estimate: Estimate) -> tuple[str, Figure]:
    name = estimate.subjects[int(np.median(estimate.draws, axis=0).argmax())]
    return name, estimate.figure(name)


def _deciding(decides: Estimate | None, voice: Voice) -> str:
    if decides is None:
        return ""
    name, figure = _highest(decides)
    return voice.say(
        "What weighs most in the choice: {name}, {share}.",
        "Ce qui pèse le plus dans le choix : {name}, {share}.",
        name=voice.quote(Text.same(name)),
        share=voice.figure(figure),
    )


def _dearest(worth: Estimate | None, voice: Voice) -> str:
    if worth is None:
        return ""
    name, figure = _highest(worth)
    return voice.say(
        "People would pay most for {name}: {worth} over the least liked level.",
        "Ce que l’on paierait le plus : {name}, {worth} de plus que pour le niveau le moins aimé.",
        name=voice.quote(Text.same(name)),
        worth=voice.figure(figure),
    )


def _against_rivals(worth: Estimate | None, company: str, voice: Voice) -> str:
    """What our brand alone is worth beside the dearest of the others."""
    ours = f"{BRAND}{company}"
    if worth is None or ours not in worth.subjects:
        return ""
    others = [name for name in worth.subjects if name.startswith(BRAND) and name != ours]
    if not others:
        return ""
    best = max(others, key=lambda name: float(np.median(worth.draws[:, worth.column(name)])))
    gap = worth.draws[:, worth.column(ours)] - worth.draws[:, worth.column(best)]
    low, middle, high = (
        worth.unit.write(float(end), voice.language) for end in np.quantile(gap, [0.05, 0.5, 0.95])
    )
    return voice.say(
        "All else alike, our name is worth {gap} more than that of {rival} ({low} to {high}).",
        "À offre égale, notre nom vaut {gap} de plus que celui de {rival} ({low} à {high}).",
        gap=middle,
        rival=best.removeprefix(BRAND),
        low=low,
        high=high,
    )


def _accepted(facts: Facts, voice: Voice) -> str:
    corridor = facts.estimate(CORRIDOR)
    if corridor is None or not {"lower", "upper"} <= set(corridor.subjects):
        return ""
    told = voice.say(
        "Prices from {low} to {high} seem to most neither too low nor too high.",
        "Les prix de {low} à {high} ne paraissent à la plupart ni trop bas ni trop élevés.",
        low=voice.figure(corridor.figure("lower")),
        high=voice.figure(corridor.figure("upper")),
    )
    doubts = " ".join(voice.read(one.says) for one in corridor.doubts)
    return f"{told} {doubts}".strip()


def _by_segment(facts: Facts, worth: Estimate, voice: Voice) -> Table | None:
    """Worth of each level to all and to each segment, with intervals."""
    parted = facts.estimate(WORTH, by="segment")
    if parted is None:
        return None
    split = [(name, *name.partition(": ")[::2]) for name in parted.subjects]
    segments = list(dict.fromkeys(segment for _, segment, _ in split))
    known = {(segment, level): name for name, segment, level in split}
    rows = []
    for level in worth.subjects:
        cells = [voice.figure(worth.figure(level))]
        for segment in segments:
            name = known.get((segment, level))
            cells.append("–" if name is None else voice.figure(parted.figure(name)))
        rows.append((level, *cells))
    columns = [voice.say("All", "Tous"), *segments]
    return Table(
        caption=voice.say(
            "What each level is worth over the least liked one, by segment",
            "Ce que vaut chaque niveau de plus que le moins aimé, par segment",
        ),
        columns=(
            Column(label=voice.say("Level", "Niveau")),
            *(Column(label=label, numeric=True) for label in columns),
        ),
        rows=tuple(rows),
    )
