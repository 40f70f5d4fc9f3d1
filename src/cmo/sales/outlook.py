"""The forecast as evidence: its months, its sentence and its doubts."""

from datetime import date
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from cmo.measures import DRAWS, Doubt, Estimate, Grade, Text, Unanswered, Window
from cmo.sales.calendar import month_name, month_number, month_window
from cmo.sales.forecast import FEWEST_MONTHS, Forecast, forecast
from cmo.sales.forecasters import YEAR

MEASURE = "sales.forecast"
YEAR_AHEAD = "next_12_months"
SEASON_SEEN = 14  # months before a season can begin to be told from a trend
SEASON_SEEN_TWICE = 24

_NAMES = MappingProxyType(
    {
        "combined": Text("the median of five models", "la médiane de cinq modèles"),
        "seasonal_naive": Text("last year repeated", "la répétition de l'an dernier"),
        "last_year_grown": Text("last year with its growth", "l'an dernier et sa croissance"),
        "ets": Text("exponential smoothing", "un lissage exponentiel"),
        "theta": Text("the dynamic theta model", "le modèle thêta dynamique"),
        "ces": Text("complex exponential smoothing", "un lissage exponentiel complexe"),
        "adjusted_theta": Text(
            "theta on the seasonally adjusted months", "thêta sur les mois corrigés des saisons"
        ),
    }
)


def outlook(
    months: npt.NDArray[np.float64],
    *,
    covered: range,
    today: date,
    as_of: date,
    currency: str,
    rng: np.random.Generator,
) -> Estimate | Unanswered:
    """`sales.forecast`: the twelve calendar months that begin after today, each and together.

    Args:
        months: Revenue of the complete months, shape (len(covered),).
        covered: Month numbers of the complete months.
        today: Last day of the orders; the month it lies in is not forecast as a whole.
        as_of: Last day the field reaches.
        currency: ISO code.
        rng: Source of randomness.

    Returns:
        The estimate, or why there is none.
    """
    n = len(covered)
    if n < FEWEST_MONTHS:
        reason = Text(
            f"A forecast needs {FEWEST_MONTHS} complete months of orders; there are {n}.",
            f"Une prévision demande {FEWEST_MONTHS} mois complets de commandes ; il y en a {n}.",
        )
        return Unanswered(measure=MEASURE, reason=reason, unlock=("orders",))
    skipped = month_number(today) + 1 - covered.stop
    found = forecast(months, horizon=skipped + YEAR, rng=rng, draws=DRAWS)
    coming = range(covered.stop + skipped, covered.stop + skipped + YEAR)
    ahead = found.draws[:, skipped:]
    return Estimate.of_draws(
        MEASURE,
        np.column_stack([ahead.sum(axis=1), ahead]),
        subjects=(YEAR_AHEAD, *(month_name(month) for month in coming)),
        by="month",
        unit=currency,
        window=Window(start=month_window(coming[0]).start, end=month_window(coming[-1]).end),
        as_of=as_of,
        method=_method(found, n_months=n),
        grade=Grade.C,
        tables=("orders",),
        doubts=_doubts(n),
    )


def _method(found: Forecast, *, n_months: int) -> Text:
    name = _NAMES[found.chosen]
    return Text(
        f"{n_months} complete months, carried forward by {name.en}. Made {found.n_past} times in the past, "
        f"such forecasts would have erred by {found.error:.0%} on average, repeating last year by "
        f"{found.baseline_error:.0%}; the intervals carry these errors and suppose that nothing changes.",
        f"{n_months} mois complets, prolongés par {name.fr}. Faites {found.n_past} fois dans le passé, "
        f"de telles prévisions se seraient trompées de {found.error:.0%} en moyenne, répéter l'an dernier de "
        f"{found.baseline_error:.0%} ; les intervalles portent ces erreurs et supposent que rien ne change.",
    )


def _doubts(n_months: int) -> tuple[Doubt, ...]:
    if n_months < SEASON_SEEN:
        says = Text(
            f"With {n_months} months of orders, season cannot be told from trend.",
            f"Avec {n_months} mois de commandes, la saison ne se distingue pas de la tendance.",
        )
        return (Doubt(code="season_unknown", says=says),)
    if n_months < SEASON_SEEN_TWICE:
        says = Text(
            f"{n_months} months of orders show most seasons only once.",
            f"{n_months} mois de commandes ne montrent la plupart des saisons qu'une fois.",
        )
        return (Doubt(code="season_seen_once", says=says),)
    return ()
