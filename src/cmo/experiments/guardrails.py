"""Metrics beside the deciding one: what must not fall, and p-values that count how many were looked at."""

from collections.abc import Sequence
from dataclasses import replace

from cmo.experiments.checks import Check
from cmo.experiments.findings import Reading
from cmo.experiments.multiplicity import Correction, adjusted_p
from cmo.experiments.registration import Registration
from cmo.measures import LANGUAGES, Text, Unit

_SHARE = Unit("share")


def together(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """Readings beside the deciding one, each with a p-value that counts how many were looked at.

    References:
        Benjamini & Hochberg (1995), "Controlling the false discovery rate", JRSS B 57.
    """
    held = adjusted_p([one.effect.p for one in readings], Correction.BENJAMINI_HOCHBERG)
    return tuple(replace(one, p_family=float(p)) for one, p in zip(readings, held, strict=True))


def guarded(registration: Registration, readings: Sequence[Reading]) -> list[Check]:
    """Whether what must not fall was held: its interval stays above the loss that would be borne."""
    checks = []
    margin = [_SHARE.write(registration.margin, to) for to in LANGUAGES]
    for one in readings:
        if one.metric not in registration.guardrails:
            continue
        named = f"{one.metric} ({one.variant})"
        ends = [[_SHARE.write(end, to) for end in (one.effect.low, one.effect.high)] for to in LANGUAGES]
        if one.effect.low > -registration.margin:
            passed: bool | None = True
            says = Text(
                f"{named} is held: it loses less than {margin[0]} at worst.",
                f"{named} tient : au pire, sa perte reste sous {margin[1]}.",
            )
        elif one.effect.high < 0.0:
            passed = False
            says = Text(
                f"{named} falls ({ends[0][0]} to {ends[0][1]}), though it must not.",
                f"{named} recule ({ends[1][0]} à {ends[1][1]}), ce qui ne devait pas être.",
            )
        else:
            passed = None
            says = Text(
                f"{named} may lose more than {margin[0]} ({ends[0][0]} to {ends[0][1]}): it is not shown "
                "to be held.",
                f"{named} peut perdre plus de {margin[1]} ({ends[1][0]} à {ends[1][1]}) : rien ne montre "
                "qu’elle tient.",
            )
        checks.append(Check(code="guardrail", passed=passed, p=None, says=says))
    return checks
