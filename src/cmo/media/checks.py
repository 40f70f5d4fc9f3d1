"""Whether a marketing mix may be believed: each check says what it looked at, whether it passed, and why."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from cmo.measures import Text
from cmo.media.design import Channel, Mix
from cmo.media.effects import Effects, decompose, measure_effects
from cmo.media.fit import Fit
from cmo.media.link import Multiplying

Floats = npt.NDArray[np.float64]
HELD_OUT = 13
"""Weeks in the block that the hold-out check leaves out."""
_LEARNED = 0.85
_SPLIT_UNKNOWN = -0.5
_UNDECIDED = 0.1
Refit = Callable[[Mix], Fit]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One reason to believe, or not.

    Attributes:
        code: Stable name.
        passed: True, false, or none when it could not be said.
        withholds: Whether a failure forbids showing figures, rather than only warns.
        value: What was measured.
        limit: What it was held against.
        says: The sentence for people.
        subjects: Channels concerned; empty for the whole model.
    """

    code: str
    passed: bool | None
    withholds: bool
    value: float
    limit: float
    says: Text
    subjects: tuple[str, ...] = ()


def sampling_checks(fit: Fit) -> tuple[Check, ...]:
    """Convergence, effective draws, lost trajectories and the accuracy of the reduced curves."""
    found = fit.convergence
    lost = found.divergences / found.draws
    return (
        Check(
            code="r_hat",
            passed=found.r_hat < 1.01,
            withholds=found.r_hat >= 1.05,
            value=found.r_hat,
            limit=1.01,
            says=Text(
                f"Independent chains agree (r-hat {found.r_hat:.3f}; 1 is perfect).",
                f"Les chaînes indépendantes s'accordent (r-hat {_french(found.r_hat, 3)} ; 1 est parfait).",
            ),
        ),
        Check(
            code="effective_draws",
            passed=found.effective > 400,
            withholds=found.effective <= 200,
            value=found.effective,
            limit=400,
            says=Text(
                f"The least known return rests on {found.effective:.0f} independent draws.",
                f"Le rendement le moins connu repose sur {found.effective:.0f} tirages indépendants.",
            ),
        ),
        Check(
            code="divergences",
            passed=lost < 0.01,
            withholds=False,
            value=lost,
            limit=0.01,
            says=Text(
                f"{found.divergences} of {found.draws} trajectories were lost.",
                f"{found.divergences} trajectoires sur {found.draws} ont été perdues.",
            ),
        ),
        Check(
            code="reduced_curves",
            passed=found.pareto_k < 0.7,
            withholds=found.pareto_k >= 1,
            value=found.pareto_k,
            limit=0.7,
            says=Text(
                f"Against the exact curves, {found.efficiency:.0%} of the draws remain effective.",
                f"Face aux courbes exactes, {100 * found.efficiency:.0f} % des tirages restent efficaces.",
            ),
        ),
    )


def residual_checks(fit: Fit, *, rng: np.random.Generator) -> tuple[Check, ...]:
    """Autocorrelation and tails of what is left, and coverage of the predictive intervals in the sample."""
    taken = decompose(fit, draws=200, rng=rng)
    residual = taken.residual / taken.residual.std(axis=1, keepdims=True)
    lag_one = float((residual[:, 1:] * residual[:, :-1]).mean())
    bound = 0.15 + 2 / np.sqrt(fit.mix.n_weeks)
    low, high = np.quantile(taken.replicate(rng=rng), [0.05, 0.95], axis=0)
    inside = float(((fit.mix.outcome >= low) & (fit.mix.outcome <= high)).mean())
    return (
        Check(
            code="residual_autocorrelation",
            passed=abs(lag_one) < bound,
            withholds=False,
            value=lag_one,
            limit=float(bound),
            says=Text(
                f"What is left unexplained follows itself from week to week with correlation {lag_one:.2f}.",
                f"L'inexpliqué se suit d'une semaine à l'autre : corrélation de {_french(lag_one, 2)}.",
            ),
        ),
        Check(
            code="predictive_coverage",
            passed=inside > 0.84,
            withholds=False,
            value=inside,
            limit=0.84,
            says=Text(
                f"{inside:.0%} of the weeks fall within their 90 % interval.",
                f"{100 * inside:.0f} % des semaines tombent dans leur intervalle à 90 %.",
            ),
        ),
    )


def learning_checks(fit: Fit, *, rng: np.random.Generator) -> tuple[Check, ...]:
    """For each channel, how much of the prior's uncertainty of the return the data removed."""
    _, roi, _ = fit.posterior.split(fit.points)
    prior = np.log(fit.posterior.returns.draw(len(roi), rng=rng)).std(axis=0)
    ratio = np.log(roi).std(axis=0) / prior
    return tuple(
        Check(
            code="prior_returned",
            passed=bool(left < _LEARNED),
            withholds=False,
            value=float(left),
            limit=_LEARNED,
            says=_learned(name, left=float(left)),
            subjects=(name,),
        )
        for name, left in zip(fit.mix.names, ratio, strict=True)
    )


def _learned(name: str, *, left: float) -> Text:
    if left < _LEARNED:
        return Text(
            f"{name}: the data removed {1 - left:.0%} of what was uncertain about its return.",
            f"{name} : les données ont levé {_french(100 * (1 - left), 0)} % de l'incertitude du rendement.",
        )
    return Text(
        f"{name}: the data say almost nothing of its return; the figure is the prior. Test it.",
        f"{name} : les données ne disent presque rien ; le rendement est celui de l'a priori. À tester.",
    )


def collinearity_checks(fit: Fit, effects: Effects | None = None) -> tuple[Check, ...]:
    """Pairs of channels whose sum is known better than their split."""
    contribution = measure_effects(fit).contribution if effects is None else effects.contribution
    correlation = np.atleast_2d(np.corrcoef(contribution.T))
    names = fit.mix.names
    pairs = [(i, j) for i in range(len(names)) for j in range(i) if correlation[i, j] < _SPLIT_UNKNOWN]
    return tuple(
        Check(
            code="split_unknown",
            passed=False,
            withholds=False,
            value=float(correlation[i, j]),
            limit=_SPLIT_UNKNOWN,
            says=Text(
                f"{names[i]} and {names[j]} moved together: their sum is known, their split is not.",
                f"{names[i]} et {names[j]} ont bougé ensemble : somme connue, partage inconnu.",
            ),
            subjects=(names[i], names[j]),
        )
        for i, j in pairs
    )


def link_checks(fit: Fit, effects: Effects) -> tuple[Check, ...]:
    """Whether the data tell if media add to what is sold or multiply it; nothing where only one can be."""
    if len(fit.links) < 2:
        return ()
    multiplying = fit.acting == fit.links.index(Multiplying())
    chance = float(multiplying.mean())
    known = not _UNDECIDED < chance < 1 - _UNDECIDED
    apart = () if known else tuple(np.median(effects.total[held]) for held in (~multiplying, multiplying))
    adding, times = (100 * total / effects.outcome for total in apart) if apart else (0.0, 0.0)
    says = Text(
        f"That media multiply what is sold anyway, rather than add to it, has a probability of {chance:.0%}.",
        "Que les médias multiplient les ventes au lieu de s'y ajouter a une probabilité de "
        f"{_french(100 * chance, 0)} %.",
    )
    if not known:
        says = Text(
            f"The data do not tell whether media add to sales ({adding:.0f} % of them) or multiply them "
            f"({times:.0f} %).",
            f"Les données ne disent pas si les médias s'ajoutent aux ventes ({_french(adding, 0)} %) ou les "
            f"multiplient ({_french(times, 0)} %).",
        )
    return (
        Check(code="link_unknown", passed=known, withholds=False, value=chance, limit=_UNDECIDED, says=says),
    )


def holdout_check(mix: Mix, refit: Refit, *, rng: np.random.Generator) -> Check:
    """The last quarter, predicted from the rest and the spend alone, must fall within its intervals.

    Args:
        mix: What is known.
        refit: How the model is fitted.
        rng: Source of randomness.
    """
    observed = np.ones(mix.n_weeks, dtype=np.bool_)
    observed[-HELD_OUT:] = False
    fit = refit(replace(mix, observed=observed))
    predicted = decompose(fit, rng=rng).replicate(rng=rng)[:, ~observed]
    actual = mix.outcome[~observed]
    low, high = np.quantile(predicted, [0.025, 0.975], axis=0)
    inside = float(((actual >= low) & (actual <= high)).mean())
    miss = float(np.abs(np.median(predicted, axis=0) / actual - 1).mean())
    return Check(
        code="holdout",
        passed=inside > 0.6,
        withholds=False,
        value=inside,
        limit=0.6,
        says=Text(
            f"Of {HELD_OUT} weeks kept from the model, {inside:.0%} fell within their 95 % interval;"
            f" the mean miss was {miss:.1%}.",
            f"Sur {HELD_OUT} semaines cachées au modèle, {_french(100 * inside, 0)} % sont tombées dans leur"
            f" intervalle à 95 % ; l'écart moyen est de {_french(100 * miss, 1)} %.",
        ),
    )


def placebo_check(mix: Mix, refit: Refit, *, rng: np.random.Generator) -> Check:
    """A channel that cannot have worked must be found to bring less than an average channel.

    Args:
        mix: What is known.
        refit: How the model is fitted.
        rng: Source of randomness.
    """
    model = mix.channels[int(np.argmax(mix.spend.sum(axis=0)))]
    half = mix.n_weeks // 2
    shuffled = np.roll(model.spend, half + int(rng.integers(-half // 2, half // 2 + 1)))
    placebo = Channel(name="placebo", spend=shuffled, family=model.family, follows_demand=False)
    fit = refit(replace(mix, channels=(*mix.channels, placebo)))
    contribution = np.median(measure_effects(fit).contribution, axis=0)
    value = float(contribution[-1] / contribution[:-1].mean())
    return Check(
        code="placebo",
        passed=value < 1,
        withholds=False,
        value=value,
        limit=1.0,
        says=Text(
            f"A made-up channel is credited with {value:.0%} of what an average channel brings.",
            f"Un canal inventé se voit créditer {100 * value:.0f} % de ce qu'apporte un canal moyen.",
        ),
    )


def withheld(checks: tuple[Check, ...]) -> tuple[Check, ...]:
    """The failures that forbid showing a figure."""
    return tuple(check for check in checks if check.passed is False and check.withholds)


def _french(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace(".", ",")
