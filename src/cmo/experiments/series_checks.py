"""Checks of tests of regions and of weeks, in sentences."""

from cmo.experiments.checks import Check
from cmo.experiments.findings import Money
from cmo.experiments.geo_reading import Method
from cmo.experiments.registration import Kind, Registration
from cmo.experiments.series_analysis import SeriesFindings
from cmo.experiments.trimmed_match import TrimmedMatch
from cmo.measures import LANGUAGES, Text, Unit

_SHARE = Unit("share")


def series_checks(promise: Registration, found: SeriesFindings) -> list[Check]:
    """What was looked at: how the method does where nothing was done, the lot, the spend, other methods."""
    checks = []
    if found.draws:
        p = f"{found.effect.p:.2g}"
        says = Text(
            f"{len(promise.lot)} groups of like regions; {found.draws} draws were compared, and a share of "
            f"{p} of them are as extreme.",
            f"{len(promise.lot)} groupes de régions semblables ; {found.draws} tirages comparés, dont une "
            f"part de {p.replace('.', ',')} aussi extrêmes.",
        )
        checks.append(Check(code="lot", passed=True, p=found.effect.p, says=says))
    if found.lift is not None:
        stretched = found.lift.stretch > 1.5
        ratio = f"{found.lift.stretch:.1f}"
        method = _GEO_METHODS[found.lift.method]
        says = Text(
            f"Read by {method.en}; in {found.lift.n_placebos} regions left alone it strays {ratio} times as "
            "far as it admits, which its error counts.",
            f"Lu par {method.fr} ; dans {found.lift.n_placebos} régions laissées à part, la méthode s’égare "
            f"{ratio.replace('.', ',')} fois autant qu’elle l’avoue, ce que son erreur compte.",
        )
        checks.append(Check(code="placebo", passed=not stretched, p=None, says=says))
    if found.switched is not None:
        p = f"{found.switched.p_randomised:.2g}"
        says = Text(
            f"{found.switched.n_on} blocks on and {found.switched.n_off} off; orders of the blocks drawn "
            f"anew are as extreme with p = {p}.",
            f"{found.switched.n_on} blocs avec et {found.switched.n_off} sans ; des ordres tirés à nouveau "
            f"sont aussi extrêmes avec p = {p.replace('.', ',')}.",
        )
        checks.append(Check(code="order", passed=True, p=found.switched.p_randomised, says=says))
    if promise.channel is not None and promise.kind in {Kind.GEO, Kind.SWITCHBACK}:
        moved = found.money is not None
        says = (
            Text(
                f"Spend on {promise.channel} moved as it should.",
                f"La dépense en {promise.channel} a bougé comme il faut.",
            )
            if moved
            else Text(
                f"Spend on {promise.channel} hardly moved where it should have, or is not known there.",
                f"La dépense en {promise.channel} n’a guère bougé là où elle devait, ou n’y est pas connue.",
            )
        )
        checks.append(Check(code="spend", passed=moved or None, p=None, says=says))
    if found.matched is not None and found.money is not None:
        checks.append(_matched(found.matched, found.money))
    if found.others:
        checks.append(_agreement(found))
    return checks


def _matched(matched: TrimmedMatch, money: Money) -> Check:
    """Whether the return from pairs, odd ones trimmed, agrees with the return told."""
    ends = [
        [of.write(end, to, beside=matched.estimate) for end in (matched.estimate, matched.low, matched.high)]
        for to in LANGUAGES
        for of in (Unit("ratio"),)
    ]
    away = max(matched.low, money.low) > min(matched.high, money.high)
    trimmed = len(matched.trimmed)
    says = Text(
        f"Pair by pair, {trimmed} odd pairs left out: {ends[0][0]} for each unit of money ({ends[0][1]} to "
        f"{ends[0][2]}).",
        f"Paire par paire, {trimmed} paires aberrantes écartées : {ends[1][0]} par unité de dépense "
        f"({ends[1][1]} à {ends[1][2]}).",
    )
    return Check(code="trimmed_match", passed=not away, p=None, says=says)


def _agreement(found: SeriesFindings) -> Check:
    """Whether other methods fall within the interval that decides."""
    low, high = found.effect.low, found.effect.high
    outside = [one for one in found.others if not low <= one.estimate <= high]
    en, fr = (
        ", ".join(f"{one.says.in_(to)} {_SHARE.write(one.estimate, to)}" for one in found.others)
        for to in LANGUAGES
    )
    says = (
        Text(
            f"Read otherwise: {en}; the interval holds them all.",
            f"Lu autrement : {fr} ; tous sont dans l’intervalle.",
        )
        if not outside
        else Text(
            f"Methods disagree beyond the interval: {en}.", f"Des méthodes sortent de l’intervalle : {fr}."
        )
    )
    return Check(code="methods", passed=not outside, p=None, says=says)


_GEO_METHODS = {
    Method.SYNTHETIC_CONTROL: Text("synthetic control", "contrôle synthétique"),
    Method.LOG_RATIO: Text(
        "the log-ratio to the other regions", "le rapport logarithmique aux autres régions"
    ),
}
