"""What the analysis of a test found, in sentences and a table."""

from collections.abc import Sequence

from cmo.briefs.answers import Answer
from cmo.briefs.batches import standing_said
from cmo.briefs.tests import CONCLUSIONS, check_line
from cmo.experiments.contrast import Effect
from cmo.experiments.findings import Findings, Money, Reading
from cmo.experiments.registration import Kind
from cmo.measures import Language, Text, Unit, chances

_SHARE = Unit("share")


def findings_answer(findings: Findings, *, currency: str, language: Language) -> Answer:
    """A test's analysis: its conclusion first, then the figures, then what was looked at.

    Args:
        findings: What was found.
        currency: The company's currency, `EUR`.
        language: Language to speak.
    """
    lines = [
        headline(findings).in_(language),
        findings.look.says.in_(language),
        *(sentence.in_(language) for sentence in readings_said(findings)),
    ]
    lines += [sentence.in_(language) for sentence in cells_said(findings)]
    if findings.batch is not None:
        lines += [sentence.in_(language) for sentence in standing_said(findings.batch)]
    lines += [sentence.in_(language) for sentence in moneys_said(findings, currency)]
    lines.append(f"{findings.method.in_(language)} {_graded(findings).in_(language)}")
    if not findings.registered:
        lines.append(_EXPLORATORY.in_(language))
    lines += [check_line(check, language) for check in findings.checks]
    rows = [*findings.effects, *findings.others]
    head = Text(
        "variant|metric|without|with|effect|low|high|p|chance it is better",
        "variante|mesure|sans|avec|effet|bas|haut|p|chance d’être meilleure",
    ).in_(language)
    body = [_row(one, language) for one in rows]
    body += [
        ("", segment, "", "", *(_SHARE.write(end, language) for end in ends), "", "")
        for segment, ends in findings.segments.items()
    ]
    return Answer(
        data=findings.as_mapping(),
        lines=tuple(line for line in lines if line),
        head=tuple(head.split("|")) if body else (),
        body=tuple(body),
    )


_EXPLORATORY = Text(
    "It was not registered before its start: take it as exploratory.",
    "Il n’a pas été enregistré avant son début : son résultat est exploratoire.",
)


def headline(findings: Findings) -> Text:
    """How it ended, or where it stands, in a sentence."""
    name = findings.test
    if findings.conclusion is not None:
        ended = CONCLUSIONS[findings.conclusion]
        return Text(f"{name}: {ended.en}.", f"{name} : {ended.fr}.")
    if not findings.valid:
        return Text(
            f"{name}: the result is withheld, a vital check failed.",
            f"{name} : résultat retenu, une vérification vitale a échoué.",
        )
    if not findings.look.told:
        return Text(f"{name}: too early to tell.", f"{name} : trop tôt pour conclure.")
    return Text(f"{name}: it goes on.", f"{name} : il continue.")


def readings_said(findings: Findings) -> list[Text]:
    """Each effect on the deciding metric, in three readings."""
    out = []
    for one in findings.effects:
        en, fr = _written(one.effect, "en"), _written(one.effect, "fr")
        metric, variant = one.metric, one.variant
        units = findings.kind in {Kind.UNITS, Kind.CREATIVE}
        about = Text(f"{variant} changes {metric} by", f"{variant} change {metric} de")
        if not units:
            about = Text(f"{metric} in {variant} moved by", f"{metric} de {variant} a varié de")
        odds = chances(one.chance_positive)
        out.append(
            Text(
                f"{about.en} {en[0]} ({en[1]} to {en[2]}); that it does better: {odds.en}.",
                f"{about.fr} {fr[0]} ({fr[1]} à {fr[2]}) ; que ce soit mieux : {odds.fr}.",
            )
        )
        if one.believed is not None:
            mean = [_SHARE.write(one.believed.mean, to) for to in ("en", "fr")]
            out.append(
                Text(
                    f"After what the company's past tests teach, it is probably {mean[0]}.",
                    f"Au vu des tests passés de la maison, c’est probablement {mean[1]}.",
                )
            )
        if one.to_expect is not None:
            due = [_SHARE.write(one.to_expect, to) for to in ("en", "fr")]
            out.append(
                Text(
                    f"An effect that ends a test early looks larger than it is: expect about {due[0]}.",
                    f"Un effet qui arrête un test avant terme paraît plus grand qu’il n’est : compter sur "
                    f"{due[1]} environ.",
                )
            )
    return out


def cells_said(findings: Findings) -> list[Text]:
    """How far the cells of a test differ: the first named less the other."""
    if not findings.courses:
        return []
    out = []
    for one in findings.others:
        en, fr = _written(one.effect, "en"), _written(one.effect, "fr")
        sure = not one.effect.low <= 0.0 <= one.effect.high
        told = Text("they differ", "l’écart est sûr") if sure else Text("no winner", "pas de gagnante")
        out.append(
            Text(
                f"{one.variant}: {en[0]} ({en[1]} to {en[2]}): {told.en}.",
                f"{one.variant} : {fr[0]} ({fr[1]} à {fr[2]}) : {told.fr}.",
            )
        )
    return out


def moneys_said(findings: Findings, currency: str) -> list[Text]:
    """What the changes of spend brought: of the test, or of each of its cells."""
    out = [] if findings.money is None else [money_said(findings.money, currency)]
    for name, money in findings.moneys.items():
        said = money_said(money, currency)
        out.append(Text(f"{name}: {said.en}", f"{name} : {said.fr}"))
    return out


def money_said(money: Money, currency: str) -> Text:
    """What the change of spend brought, in all and per unit of money."""
    unit, ratio = Unit(currency), Unit(f"{currency}/{currency}")
    half = 1.645 * money.standard_error
    said = []
    languages: tuple[Language, Language] = ("en", "fr")
    for to in languages:
        total = [unit.write(end, to) for end in (money.lift, money.lift - half, money.lift + half)]
        back = [ratio.write(end, to, beside=money.iroas) for end in (money.iroas, money.low, money.high)]
        moved = unit.write(abs(money.spend), to)
        said.append((total, back, moved))
    (total, back, moved), (total_fr, back_fr, moved_fr) = said
    way = ("added", "ajoutés") if money.spend > 0.0 else ("withheld", "retenus")
    return Text(
        f"{moved} {way[0]}, outcome moved by {total[0]} ({total[1]} to {total[2]}): {back[0]} for each unit "
        f"of money ({back[1]} to {back[2]}).",
        f"{moved_fr} {way[1]}, résultat déplacé de {total_fr[0]} ({total_fr[1]} à {total_fr[2]}) : "
        f"{back_fr[0]} par unité de dépense ({back_fr[1]} à {back_fr[2]}).",
    )


def _graded(findings: Findings) -> Text:
    grade = findings.grade
    return Text(f"Grade {grade.value}: {grade.says.en}.", f"Note {grade.value} : {grade.says.fr}.")


def _written(effect: Effect, language: Language) -> list[str]:
    return [_end(end, language) for end in (effect.estimate, effect.low, effect.high)]


def _end(value: float, language: Language) -> str:
    if abs(value) == float("inf"):
        return ("−" if value < 0 else "+") + "∞"
    return _SHARE.write(value, language)


def _row(one: Reading, language: Language) -> tuple[str, ...]:
    values: Sequence[str] = [_value(value, language) for value in (one.control, one.treated)]
    # Beside the deciding metric, the p-value that counts how many were looked at.
    due = one.effect.p if one.p_family is None else one.p_family
    p = f"{due:.3f}" if due >= 0.0005 else "< 0.001"
    return (
        one.variant,
        one.metric,
        *values,
        *_written(one.effect, language),
        p if language == "en" else p.replace(".", ","),
        _SHARE.write(one.chance_positive, language),
    )


def _value(value: float, language: Language) -> str:
    unit = Unit("count")
    if abs(value) < 1.0:
        written = f"{value:.4f}"
        return written if language == "en" else written.replace(".", ",")
    return unit.write(value, language)
