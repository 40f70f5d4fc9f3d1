"""Fits a purchase model to a base, or says in a sentence why the base cannot support one."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from cmo.customers.purchases.cells import Cells, Floats, coarsened_to
from cmo.customers.purchases.newton import Maximum, Surface, maximised
from cmo.customers.purchases.prior import LogNormal
from cmo.measures import Text

MANY_CELLS = 3_000  # above, a coarse fit is the cheaper part of the way
FEW_CELLS = 15_000  # the most that a coarse fit has
FEWEST_CUSTOMERS = 20
FEWEST_REPEAT_BUYERS = 10
NOBODY = 1e-7  # dropout parameter at which one customer in millions leaves
VISIBLE = 2.0  # log-likelihood that dropout must gain over none: a likelihood ratio of 7


class Unsupported(ValueError):  # noqa: N818 - a refusal with its reason, not a fault
    """The base cannot support a model.

    Attributes:
        reason: Why, for people; becomes the reason of an unanswered measure.
    """

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


class Future(Protocol):
    """The law of the future orders of living customers."""

    def mean(self, horizon: float) -> Floats:
        """Expected orders within the horizon, given alive."""
        ...

    def second_factorial(self, horizon: float) -> Floats:
        """E[X (X - 1)] of the orders X within the horizon, given alive."""
        ...

    def at_least(self, n: int, *, horizon: float) -> Floats:
        """P(at least n orders within the horizon | alive)."""
        ...


class PurchaseModel(Protocol):
    """What every purchase model of this room can do, at log-parameters theta."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters."""
        ...

    @property
    def name(self) -> str:
        """The field's name of the model."""
        ...

    @property
    def needs_recency(self) -> bool:
        """Whether the future given alive depends on recency as well as on frequency and age."""
        ...

    def prior(self, mean_age: float) -> LogNormal:
        """Weak, unit-free prior."""
        ...

    def log_likelihood(self, theta: Floats, cells: Cells) -> float:
        """Log-likelihood."""
        ...

    def surface(self, theta: Floats, cells: Cells) -> Surface:
        """Log-likelihood with derivatives."""
        ...

    def alive(self, theta: Floats, frequency: Floats, *, recency: Floats, age: Floats) -> Floats:
        """P(alive) of each customer."""
        ...

    def alive_slopes(self, theta: Floats, frequency: Floats, *, recency: Floats, age: Floats) -> Floats:
        """Derivatives of log P(alive) in the log-parameters, shape (parameter, customer)."""
        ...

    def future(self, theta: Floats, frequency: Floats, *, recency: Floats, age: Floats) -> Future:
        """The future of each customer, given alive."""
        ...

    def newcomer(self, theta: Floats) -> tuple[float, Future]:
        """Chance of being alive after the first purchase, and the future given that."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A fitted purchase model.

    Attributes:
        model: What was fitted.
        theta: Log-parameters at the mode, shape (parameter,).
        covariance: Laplace covariance of the log-parameters, shape (parameter, parameter).
        log_likelihood: At the mode, without the prior.
        prior: The prior it was fitted with.
        n_customers: Customers in the base.
        n_evaluations: Passes over coarse and over exact cells.
    """

    model: PurchaseModel
    theta: Floats
    covariance: Floats
    log_likelihood: float
    prior: LogNormal
    n_customers: float
    n_evaluations: tuple[int, int]

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters by name."""
        return dict(zip(self.model.names, np.exp(self.theta).tolist(), strict=True))

    @property
    def standard_errors(self) -> dict[str, float]:
        """Standard errors of the parameters themselves, by the delta method."""
        errors = np.exp(self.theta) * np.sqrt(np.diag(self.covariance))
        return dict(zip(self.model.names, errors.tolist(), strict=True))


def fit(model: PurchaseModel, cells: Cells, *, prior: LogNormal | None = None) -> Fit:
    """The mode of the posterior (of the likelihood, under a flat prior), by Newton on the cells.

    Args:
        model: What to fit.
        cells: The base.
        prior: Prior of the log-parameters; the model's own weak one by default.

    Raises:
        Unsupported: Too few customers or repeat buyers, or no proper maximum.
    """
    refuse_thin(cells)
    return fit_within(model, cells, prior=model.prior(cells.mean_age) if prior is None else prior)


def fit_within(model: PurchaseModel, cells: Cells, *, prior: LogNormal) -> Fit:
    """As `fit`, however small the base: for groups whose prior was learned from the others.

    Raises:
        Unsupported: There is no proper maximum.
    """
    believed, start, n_coarse = prior, prior.location, 0
    if cells.weight.size > MANY_CELLS:
        rough = _climbed(
            model,
            coarsened_to(cells, n_cells=min(FEW_CELLS, cells.weight.size // 4)),
            prior=believed,
            start=start,
        )
        start, n_coarse = rough.at, rough.n_evaluations
    top = _climbed(model, cells, prior=believed, start=start)
    if not top.converged:
        raise Unsupported(
            Text(
                f"{model.name} has no proper maximum on these {cells.n_customers:,.0f} customers: "
                "their orders say too little about who has left.",
                f"{model.name} n'a pas de maximum propre sur ces {cells.n_customers:.0f} clients : "
                "leurs commandes en disent trop peu sur ceux qui sont partis.",
            )
        )
    return Fit(
        model=model,
        theta=top.at,
        covariance=np.asarray(np.linalg.inv(-top.surface.hessian), dtype=np.float64),
        log_likelihood=top.surface.value - believed.surface(top.at).value,
        prior=believed,
        n_customers=cells.n_customers,
        n_evaluations=(n_coarse, top.n_evaluations),
    )


def refuse_thin(cells: Cells) -> None:
    """Refuses a base on which any purchase model would be its prior.

    Raises:
        Unsupported: Fewer than 20 customers, no time observed, or fewer than 10 who ever came back.
    """
    if cells.n_customers < FEWEST_CUSTOMERS:
        raise Unsupported(
            Text(
                f"{cells.n_customers:.0f} customers are too few for a model of lifetime value (20 at least).",
                f"{cells.n_customers:.0f} clients, c'est trop peu pour une valeur vie (20 au moins).",
            )
        )
    if cells.mean_age <= 0:
        raise Unsupported(
            Text(
                "No customer has been observed for any time after the first order.",
                "Aucun client n'a été observé au-delà de sa première commande.",
            )
        )
    came_back = float(cells.weight[cells.frequency > 0].sum())
    if came_back < FEWEST_REPEAT_BUYERS:
        raise Unsupported(
            Text(
                f"Only {came_back:.0f} of {cells.n_customers:.0f} customers ever came back: "
                "repeat purchases cannot be modelled (10 returning customers at least).",
                f"Seuls {came_back:.0f} clients sur {cells.n_customers:.0f} sont revenus : "
                "le réachat ne peut pas être modélisé (au moins 10 clients revenus).",
            )
        )


def refuse_unseen_dropout(fitted: Fit, cells: Cells) -> None:
    """Refuses a base in which nobody can be seen to leave, so that P(alive) would be an assumption.

    Raises:
        Unsupported: Leaving gains less than a likelihood ratio of 7 over purchasing for ever.
    """
    if fitted.log_likelihood - for_ever(fitted, cells) < VISIBLE:
        raise Unsupported(
            Text(
                "No customer can be seen to leave in these data, so who is still a customer cannot be told: "
                "a longer history is needed.",
                "Aucun départ de client n'est visible dans ces données : on ne peut pas dire qui est encore "
                "client, il faut un historique plus long.",
            )
        )


def for_ever(fitted: Fit, cells: Cells) -> float:
    """Highest log-likelihood of the same model when next to nobody leaves.

    The third parameter of every model is the one that makes customers leave; with it at `NOBODY` the first
    two are fitted again.
    """
    end = np.array([np.log(NOBODY), fitted.theta[3]])
    wide = LogNormal(location=fitted.theta[:2], spread=np.full(2, 10.0))

    def surface(theta: Floats) -> Surface:
        found = fitted.model.surface(np.r_[theta, end], cells)
        part = Surface(value=found.value, gradient=found.gradient[:2], hessian=found.hessian[:2, :2])
        return part + wide.surface(theta)

    return maximised(surface, fitted.theta[:2]).surface.value


def _climbed(model: PurchaseModel, cells: Cells, *, prior: LogNormal, start: Floats) -> Maximum:
    return maximised(lambda theta: model.surface(theta, cells) + prior.surface(theta), start)
