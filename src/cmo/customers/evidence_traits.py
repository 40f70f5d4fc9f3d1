"""What the customers of each kind have in common: how often they buy and how soon they leave, by a trait."""

from dataclasses import dataclass

import ibis
import numpy as np

from cmo.customers.evidence_base import MOST_CHANNELS, OTHER, UNKNOWN, People, coded, numbers, whole
from cmo.customers.lifetimes.modelling import accounts_among
from cmo.customers.purchases.backtest import CANDIDATES
from cmo.customers.purchases.cells import Cells, Floats, cells_of
from cmo.customers.purchases.clock import already_there
from cmo.customers.purchases.covariates import fit_with_covariates
from cmo.customers.purchases.fitting import PurchaseModel, Unsupported
from cmo.customers.summary import history_cells
from cmo.measures import Text
from cmo.warehouse.field import Field

WIDE = 1.645  # standard errors to either side of a 90 % interval
FEWEST = 100.0  # customers that a kind needs to be told apart
LEAVING = {"a": 1.0, "beta": -1.0}
"""Parameter of leaving by its name, and whether a greater one makes customers leave sooner."""
MODELS = {one.model.name: one.model for one in CANDIDATES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """One kind over the commonest: 1.2 for a fifth more.

    Attributes:
        value: The ratio.
        low: 5 % end of its interval.
        high: 95 % end.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """Customers of one kind.

    Attributes:
        name: The kind.
        customers: How many.
        orders: How often they buy while they are customers, over the commonest kind; None for that itself.
        leaving: How readily they leave, likewise.
    """

    name: str
    customers: float
    orders: Ratio | None
    leaving: Ratio | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What a trait sets apart.

    Attributes:
        by: The trait.
        model: Name of the purchase model.
        newer: Whether customers from before the log are left out.
        gain: Log-likelihood that the trait gains for each parameter it adds: below 1, it tells nothing.
        kinds: The commonest first.
    """

    by: str
    model: str
    newer: bool
    gain: float
    kinds: tuple[Kind, ...]


def traits_of(field: Field, people: People, *, by: str, model_name: str) -> Traits:
    """Fits the model that was chosen with a trait as covariate of purchases and of leaving.

    Args:
        field: The company's tables, with a column `by` of customers.
        people: The customers.
        by: The trait.
        model_name: The model that the last review chose.

    Raises:
        Unsupported: The model takes no covariates, or there are not two kinds with customers enough.
    """
    if model_name not in MODELS:
        raise Unsupported(
            Text(
                f"{model_name} takes no traits: it counts set occasions.",
                f"{model_name} n'accepte pas de caractéristiques : il compte des occasions fixées.",
            )
        )
    model = MODELS[model_name]
    names, groups, newer = _groups(field, people, by=by)
    order = np.argsort([-cells.n_customers for cells in groups], kind="stable")
    names, groups = [names[at] for at in order], [groups[at] for at in order]
    covariates = np.eye(len(groups))[:, 1:]
    leaving = next(name for name in model.names if name in LEAVING)
    found = fit_with_covariates(model, groups, covariates=covariates, moved=("alpha", leaving))
    alike = fit_with_covariates(model, groups, covariates=np.zeros((len(groups), 1)), moved=())
    effect, error = found.effect * [[-1.0], [LEAVING[leaving]]], found.error
    kinds = [Kind(name=names[0], customers=groups[0].n_customers, orders=None, leaving=None)]
    for at, (name, cells) in enumerate(zip(names[1:], groups[1:], strict=True)):
        orders, gone = (_ratio(effect[row, at], error[row, at]) for row in (0, 1))
        kinds.append(Kind(name=name, customers=cells.n_customers, orders=orders, leaving=gone))
    gain = (found.log_likelihood - alike.log_likelihood) / found.effect.size
    return Traits(by=by, model=_named(model), newer=newer, gain=float(gain), kinds=tuple(kinds))


def _named(model: PurchaseModel) -> str:
    return model.name


def _ratio(effect: float, error: float) -> Ratio:
    low, value, high = (float(np.exp(effect + side * WIDE * error)) for side in (-1.0, 0.0, 1.0))
    return Ratio(value=value, low=low, high=high)


def _groups(field: Field, people: People, *, by: str) -> tuple[list[str], list[Cells], bool]:
    """Names and cells of the kinds with customers enough, accounts left out, and whether old ones are."""
    said = field.table("customers")
    trait = said.group_by("customer_id").aggregate(trait=said[by].cast("string").nullif("").min())
    held = people.states.left_join(trait, "customer_id").drop("customer_id_right")
    held = held.mutate(trait=held.trait.fill_null(UNKNOWN))
    top = held.group_by("trait").aggregate(n=held.count())
    kept = field.collect(top.order_by(ibis.desc("n"), "trait").limit(MOST_CHANNELS))["trait"].to_pylist()
    held = held.mutate(trait=ibis.cases((held.trait.isin(kept), held.trait), else_=OTHER))
    found = field.collect(history_cells(held, start=people.span.start, by=("trait",)))
    names, at = coded(found["trait"])
    frequency, first, last = numbers(found, "frequency"), whole(found, "first"), whole(found, "last")
    weight, end = numbers(found, "customers"), people.span.days - 1
    there_before = already_there(_arrivals(first, weight, n_days=end + 1))
    some = ~accounts_among(frequency, weight) & (first >= there_before)
    apart = [(name, some & (at == position)) for position, name in enumerate(names)]
    many = [(name, those) for name, those in apart if weight[those].sum() >= FEWEST]
    if len(many) < 2:
        raise Unsupported(
            Text(
                f"{by} does not set two kinds of {FEWEST:.0f} customers or more apart.",
                f"{by} ne distingue pas deux types d'au moins {FEWEST:.0f} clients.",
            )
        )
    groups = [
        cells_of(
            frequency[those],
            (last - first)[those].astype(np.float64),
            age=(end - first)[those].astype(np.float64),
            weight=weight[those],
        )
        for _, those in many
    ]
    return [name for name, _ in many], groups, there_before > 0


def _arrivals(first: np.ndarray, weight: Floats, *, n_days: int) -> Floats:
    return np.bincount(first, weights=weight, minlength=n_days).astype(np.float64)
