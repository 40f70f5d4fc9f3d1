"""A test's design as an answer: what it promises, what it can tell, whether it may start."""

from dataclasses import replace

from cmo.briefs.answers import Answer, Data
from cmo.briefs.tests import check_data, check_line, design_data, design_lines
from cmo.experiments.contrast import Alternative
from cmo.experiments.gate import Verdict
from cmo.experiments.geo_design import MarketChoice
from cmo.experiments.life import Figures, Life
from cmo.experiments.registration import Kind, Registration, Stopping
from cmo.experiments.wanted import Plan
from cmo.measures import Language, Problem, Text, Unit

_SHARE, _COUNT = Unit("share"), Unit("count")
_SHOWN = 6


def design_answer(life: Life, plan: Plan, verdict: Verdict, *, currency: str, language: Language) -> Answer:
    """A design with its gate.

    Args:
        life: The test as it is kept now.
        plan: The design.
        verdict: What the gate says.
        currency: The company's currency, `EUR`.
        language: Language to speak.

    Raises:
        Problem: The test has no design.
    """
    if life.design is None:
        raise Problem(f"{life.test} has no design")
    lines = [
        gate_said(verdict, life.test).in_(language),
        *design_lines(life.design, language),
        *(sentence.in_(language) for sentence in promised(plan.registration)),
        *(sentence.in_(language) for sentence in expected(plan.figures, currency)),
        *(check_line(check, language) for check in verdict.checks),
    ]
    data: Data = {
        "id": life.test,
        "stage": life.stage.value,
        "passed": verdict.passed,
        "checks": [check_data(check, language) for check in verdict.checks],
        "design": design_data(life.design),
        "choices": [_choice_data(choice) for choice in plan.choices],
    }
    head = Text(
        "regions|share of outcome|standard error|smallest effect seen",
        "régions|part du résultat|erreur type|plus petit effet vu",
    ).in_(language)
    shown = plan.choices[:_SHOWN]
    return Answer(
        data=data,
        lines=tuple(lines),
        head=tuple(head.split("|")) if shown else (),
        body=tuple(_row(choice, plan.figures, language) for choice in shown),
    )


def gate_said(verdict: Verdict, test: str) -> Text:
    """Whether the gate is open."""
    if verdict.passed:
        return Text(
            f"{test}: the design may go to approval.", f"{test} : la conception peut aller à l’approbation."
        )
    return Text(
        f"{test}: the gate is shut; change what STOP tells of, or drop the test.",
        f"{test} : la porte est fermée ; changer ce que STOP signale, ou renoncer.",
    )


def promised(registration: Registration) -> list[Text]:
    """What a design promises beyond metric and days, in sentences."""
    out = []
    out += [_cell(registration, name) for name, _ in registration.cells]
    if registration.lot:
        groups = "; ".join(" / ".join(group) for group in registration.lot)
        groups_fr = " ; ".join(" / ".join(group) for group in registration.lot)
        out.append(
            Text(
                f"Drawn by lot, within groups of like regions: {groups}.",
                f"Tirage au sort, au sein de groupes de régions semblables : {groups_fr}.",
            )
        )
    if registration.kind is Kind.GEO and not registration.cells:
        named = ", ".join(registration.treated)
        out.append(
            Text(
                f"{_change(registration).en} in {named}; the other regions stay as they are.",
                f"{_change(registration).fr} dans {named} ; les autres régions restent telles quelles.",
            )
        )
    if registration.order:
        en, fr = (
            " ".join(words[0] if on else words[1] for on in registration.order)
            for words in (("on", "off"), ("avec", "sans"))
        )
        weeks = registration.block_days // 7
        out.append(
            Text(
                f"{registration.channel}, in blocks of {weeks} weeks: {en}.",
                f"{registration.channel}, par blocs de {weeks} semaines : {fr}.",
            )
        )
    if registration.shares:
        parts = [(name, _SHARE.write(s, "en"), _SHARE.write(s, "fr")) for name, s in registration.shares]
        en, fr = (", ".join(f"{part[0]} {part[at]}" for part in parts) for at in (1, 2))
        out.append(Text(f"Drawn at random: {en}.", f"Tirage au hasard : {fr}."))
    if registration.cluster is not None:
        out.append(
            Text(
                f"Whole groups are drawn, by {registration.cluster}; errors are those of groups.",
                f"Des groupes entiers sont tirés, par {registration.cluster} ; les erreurs sont celles des "
                "groupes.",
            )
        )
    if registration.strata is not None:
        out.append(
            Text(
                f"Drawn and compared within {registration.strata}.",
                f"Tirage et comparaison au sein de {registration.strata}.",
            )
        )
    if registration.guardrails:
        named, margin = ", ".join(registration.guardrails), registration.margin
        ends = [_SHARE.write(margin, to) for to in ("en", "fr")]
        out.append(
            Text(
                f"Must not fall by more than {ends[0]}: {named}.",
                f"Ne doivent pas perdre plus de {ends[1]} : {named}.",
            )
        )
    if registration.alternative is not Alternative.DIFFERENT:
        out.append(
            Text("Only a rise counts.", "Seule une hausse compte.")
            if registration.alternative is Alternative.GREATER
            else Text("Only a fall counts.", "Seule une baisse compte.")
        )
    out.append(_RULES[registration.stopping])
    return out


def _cell(registration: Registration, name: str) -> Text:
    """What one cell of several does, and where."""
    change = dict(registration.changes).get(name, registration.change)
    says, named = _change(replace(registration, change=change)), ", ".join(dict(registration.cells)[name])
    return Text(f"{name}: {says.en} in {named}.", f"{name} : {says.fr} dans {named}.")


def _change(registration: Registration) -> Text:
    channel, change = registration.channel, registration.change
    if change == 0.0:
        return Text(f"No {channel}", f"Plus de {channel}")
    if change is None:
        return Text(f"{channel} changed", f"{channel} changé")
    times = f"{change:g}"
    return Text(f"{channel} times {times}", f"{channel} multiplié par {times.replace('.', ',')}")


_RULES = {
    Stopping.AT_THE_END: Text("It is read at the end, once.", "Il se lit à la fin, une seule fois."),
    Stopping.PLANNED_LOOKS: Text(
        "It is read at the planned looks, at boundaries that keep the error over all of them.",
        "Il se lit aux lectures prévues, avec des bornes qui tiennent l’erreur sur l’ensemble.",
    ),
    Stopping.ANY_TIME: Text(
        "It may be read at any time: its interval holds at all of them.",
        "Il peut se lire à tout moment : son intervalle tient à chacun d’eux.",
    ),
}


def expected(figures: Figures, currency: str) -> list[Text]:
    """What can be expected of a design, in sentences."""
    if figures.standard_error is None or figures.mde is None or figures.power is None:
        return [
            Text(
                "The company's past does not tell how sure its answer would be: give orders with customers, "
                "or a past test with this metric.",
                "Le passé de la maison ne dit pas si la réponse serait sûre : donner des commandes avec "
                "leurs clients, ou un test passé avec cette mesure.",
            )
        ]
    en, fr = (
        [_SHARE.write(one, to) for one in (figures.mde, figures.expected_effect, figures.power)]
        for to in ("en", "fr")
    )
    out = [
        Text(
            f"In {figures.weeks} weeks it sees effects from {en[0]}; {en[1]} is expected, and would be seen "
            f"in {en[2]} of such tests.",
            f"En {figures.weeks} semaines il voit des effets à partir de {fr[0]} ; {fr[1]} est attendu, et "
            f"serait vu dans {fr[2]} de tels tests.",
        )
    ]
    if figures.units:
        units = [_COUNT.write(figures.units, to) for to in ("en", "fr")]
        out.append(Text(f"It draws {units[0]} units.", f"Il tire {units[1]} unités."))
    if figures.spend_change:
        unit = Unit(currency)
        moved = [unit.write(abs(figures.spend_change), to) for to in ("en", "fr")]
        out.append(
            Text(f"It adds {moved[0]} of spend.", f"Il ajoute {moved[1]} de dépense.")
            if figures.spend_change > 0.0
            else Text(f"It withholds {moved[0]} of spend.", f"Il retient {moved[1]} de dépense.")
        )
    return out


def _choice_data(choice: MarketChoice) -> Data:
    return {
        "regions": list(choice.regions),
        "share": choice.share,
        "standard_error": choice.standard_error,
        "bias": choice.bias,
        "method": choice.method.value,
        "windows": choice.windows,
    }


def _row(choice: MarketChoice, figures: Figures, language: Language) -> tuple[str, ...]:
    ratio = 0.0
    if figures.standard_error and figures.mde:
        ratio = figures.mde / figures.standard_error
    return (
        ", ".join(choice.regions),
        _SHARE.write(choice.share, language),
        _SHARE.write(choice.standard_error, language),
        _SHARE.write(ratio * choice.standard_error, language),
    )
