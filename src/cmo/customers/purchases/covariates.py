"""What sets customers apart in how often they buy and how soon they leave: static covariates.

A covariate moves the logarithm of a parameter: of the purchase rate, and of leaving. Customers with the same
covariates share a likelihood, so that the exact derivatives of the model itself, mapped linearly, are those
of the whole, whatever the model and however many the covariates.

References:
    Fader & Hardie (2007), "Incorporating time-invariant covariates into the Pareto/NBD and BG/NBD models",
    note 019.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cmo.customers.purchases.cells import Cells, Floats, merged
from cmo.customers.purchases.fitting import PurchaseModel, Unsupported, refuse_thin
from cmo.customers.purchases.newton import Surface, maximised
from cmo.customers.purchases.prior import LogNormal
from cmo.measures import Text

USUAL_EFFECT = 1.0  # standard deviation of the logarithm of an effect, before any data


@dataclass(frozen=True, slots=True, kw_only=True)
class WithCovariates:
    """A purchase model whose parameters covariates move.

    Attributes:
        model: The model.
        theta: Log-parameters where all covariates are 0, shape (parameter,).
        moved: Names of the parameters that covariates move.
        effect: Change of the logarithm of each of them by unit of each covariate, shape (moved, covariate).
        error: Standard errors of `effect`, same shape.
        covariance: Laplace covariance of theta and of the effects, row after row.
        log_likelihood: At the mode, without the prior.
    """

    model: PurchaseModel
    theta: Floats
    moved: tuple[str, ...]
    effect: Floats
    error: Floats
    covariance: Floats
    log_likelihood: float

    def theta_of(self, covariates: Floats) -> Floats:
        """Log-parameters of customers with these covariates, shape (parameter,)."""
        out = self.theta.copy()
        for row, name in zip(self.effect, self.moved, strict=True):
            out[self.model.names.index(name)] += row @ covariates
        return out


def fit_with_covariates(
    model: PurchaseModel,
    groups: Sequence[Cells],
    *,
    covariates: Floats,
    moved: Sequence[str],
    prior: LogNormal | None = None,
    usual_effect: float = USUAL_EFFECT,
) -> WithCovariates:
    """The mode of the posterior, by Newton with exact derivatives.

    Args:
        model: What to fit.
        groups: The base, apart by what the covariates are.
        covariates: Covariates of each group, shape (group, covariate).
        moved: Names of the parameters that they move: `alpha` for the rate of purchases (inversely).
        prior: Prior of the log-parameters; the model's own weak one by default.
        usual_effect: Standard deviation of an effect before any data; infinite for none.

    Raises:
        ValueError: Groups and covariates do not match, or a parameter is not the model's.
        Unsupported: The base is too thin, or the effects have no proper maximum.
    """
    if covariates.shape[0] != len(groups) or not set(moved) <= set(model.names):
        raise ValueError(
            f"{len(groups)} groups, {covariates.shape[0]} rows of covariates and {list(moved)} of "
            f"{list(model.names)}: one row each, and parameters of the model"
        )
    whole = merged(groups)
    refuse_thin(whole)
    believed = model.prior(whole.mean_age) if prior is None else prior
    n, k = len(model.names), covariates.shape[1]
    maps = [_map(model, one, moved=moved) for one in covariates]
    wide = LogNormal(
        location=np.r_[believed.location, np.zeros(k * len(moved))],
        spread=np.r_[believed.spread, np.full(k * len(moved), usual_effect)],
    )

    def likelihood(at: Floats) -> Surface:
        parts = [
            _seen_through(model.surface(through @ at, cells), through)
            for cells, through in zip(groups, maps, strict=True)
        ]
        return sum(parts[1:], start=parts[0])

    top = maximised(lambda at: likelihood(at) + wide.surface(at), wide.location)
    if not top.converged:
        raise Unsupported(
            Text(
                f"{model.name} with covariates has no proper maximum: some of them tell next to nothing "
                "apart.",
                f"{model.name} avec covariables n'a pas de maximum propre : certaines ne distinguent presque "
                "rien.",
            )
        )
    covariance = np.asarray(np.linalg.inv(-top.surface.hessian), dtype=np.float64)
    return WithCovariates(
        model=model,
        theta=top.at[:n],
        moved=tuple(moved),
        effect=top.at[n:].reshape(len(moved), k),
        error=np.sqrt(np.diag(covariance))[n:].reshape(len(moved), k),
        covariance=covariance,
        log_likelihood=top.surface.value - wide.surface(top.at).value,
    )


def _map(model: PurchaseModel, covariates: Floats, *, moved: Sequence[str]) -> Floats:
    """Takes log-parameters and effects to the log-parameters of a group, shape (parameter, all)."""
    n, k = len(model.names), covariates.size
    out = np.zeros((n, n + k * len(moved)))
    out[:, :n] = np.eye(n)
    for at, name in enumerate(moved):
        out[model.names.index(name), n + at * k : n + (at + 1) * k] = covariates
    return out


def _seen_through(surface: Surface, through: Floats) -> Surface:
    return Surface(
        value=surface.value,
        gradient=through.T @ surface.gradient,
        hessian=through.T @ surface.hessian @ through,
    )
