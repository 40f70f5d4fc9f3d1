"""Segments that nobody thought of: clusters of customers, kept only where they come back in resampled data.

k-means on what a person would look at: how often, how long silent, how much an order, since when. The number
of clusters is the largest whose bootstrap agreement is high, and each cluster says how stable it is itself.

References:
    Hennig (2007), "Cluster-wise assessment of cluster stability", Computational Statistics & Data Analysis
    52(1). Hubert & Arabie (1985), "Comparing partitions", Journal of Classification 2(1).
"""

from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from cmo.customers.purchases.cells import Floats, Integers

FEWEST, MOST = 3, 7  # clusters tried
STEADY = 0.8  # adjusted Rand index from which resampled data tell the same clusters
STABLE = 0.75  # Jaccard index from which a cluster is one (Hennig)
SAMPLE = 8_000  # customers on which clusters are looked for
N_RESAMPLES = 20
FEWEST_CUSTOMERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Trait:
    """One axis that customers are told apart by.

    Attributes:
        name: Stable name.
        values: In units a person knows, > 0, shape (customer,).
    """

    name: str
    values: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A discovered segment.

    Attributes:
        customers: How many, all of the base.
        customers_low: 5 % quantile over resampled data.
        customers_high: 95 % quantile.
        value: What they are worth together, in currency.
        value_low: 5 % quantile over resampled data.
        value_high: 95 % quantile.
        jaccard: Mean overlap with the nearest cluster of resampled data, 0 to 1.
        medians: Median of each trait, by name.
    """

    customers: int
    customers_low: float
    customers_high: float
    value: float
    value_low: float
    value_high: float
    jaccard: float
    medians: dict[str, float]

    @property
    def stable(self) -> bool:
        """Whether it would be found again."""
        return self.jaccard >= STABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What clustering found.

    Attributes:
        clusters: By value of a customer, the highest first.
        cluster: Position in `clusters` of each customer, shape (customer,).
        adjusted_rand: Mean agreement with resampled data, at most 1; 0 is chance.
        tried: The same for each number of clusters tried.
    """

    clusters: tuple[Cluster, ...]
    cluster: Integers
    adjusted_rand: float
    tried: dict[int, float]

    @property
    def steady(self) -> bool:
        """Whether resampled data tell the same clusters."""
        return self.adjusted_rand >= STEADY


def discovered(traits: tuple[Trait, ...], value: Floats, *, rng: np.random.Generator) -> Discovery:
    """Looks for clusters.

    Args:
        traits: What customers are told apart by.
        value: What each customer is worth, in currency, shape (customer,).
        rng: Source of randomness.

    Raises:
        ValueError: Fewer than 200 customers.
    """
    if value.size < FEWEST_CUSTOMERS:
        raise ValueError(
            f"{value.size} customers, must be at least {FEWEST_CUSTOMERS} for segments to be sought"
        )
    points = _standardised(traits)
    sample = np.sort(rng.choice(value.size, min(SAMPLE, value.size), replace=False))
    found = {n: _steadiness(points[sample], n, rng=rng) for n in range(FEWEST, MOST + 1)}
    tried = {n: float(agreement.mean()) for n, (_, agreement, _) in found.items()}
    steady = [n for n, mean in tried.items() if mean >= STEADY]
    chosen = max(steady) if steady else max(tried, key=lambda n: tried[n])
    centres, agreement, again = found[chosen]
    nearest = _nearest(points, centres)
    each = np.bincount(nearest, weights=value, minlength=chosen) / np.bincount(nearest, minlength=chosen)
    order = np.argsort(-each)
    place = np.empty(chosen, dtype=np.int64)
    place[order] = np.arange(chosen)
    cluster = place[nearest]
    overlap, sizes, worth = _again(points[sample], centres[order], again, value=value[sample])
    clusters = tuple(
        _cluster(
            cluster == at,
            traits,
            value=value,
            overlap=overlap[:, at],
            spread=(sizes[:, at], worth[:, at]),
        )
        for at in range(chosen)
    )
    return Discovery(clusters=clusters, cluster=cluster, adjusted_rand=float(agreement.mean()), tried=tried)


def _cluster(
    those: Integers,
    traits: tuple[Trait, ...],
    *,
    value: Floats,
    overlap: Floats,
    spread: tuple[Floats, Floats],
) -> Cluster:
    sizes, worth = spread
    customers, brought = int(those.sum()), float(value[those].sum())
    low, high = customers * np.quantile(sizes, [0.05, 0.95])
    value_low, value_high = brought * np.quantile(worth, [0.05, 0.95])
    return Cluster(
        customers=customers,
        customers_low=float(low),
        customers_high=float(high),
        value=brought,
        value_low=float(value_low),
        value_high=float(value_high),
        jaccard=float(overlap.mean()),
        medians={trait.name: float(np.median(trait.values[those])) for trait in traits},
    )


def _standardised(traits: tuple[Trait, ...]) -> Floats:
    columns = []
    for trait in traits:
        logs = np.log(np.maximum(trait.values, 1e-9))
        low, high = np.quantile(logs, [0.005, 0.995])  # one strange customer is no cluster
        logs = np.clip(logs, low, high)
        columns.append((logs - logs.mean()) / max(float(logs.std()), 1e-12))
    return np.column_stack(columns)


def _steadiness(points: Floats, n: int, *, rng: np.random.Generator) -> tuple[Floats, Floats, list[Floats]]:
    """Centres, agreement of each resample with them, and the centres of each resample."""
    centres = _fitted(points, n, rng=rng)
    labels = _nearest(points, centres)
    agreement, again = np.empty(N_RESAMPLES), []
    for turn in range(N_RESAMPLES):
        drawn = points[rng.integers(0, points.shape[0], points.shape[0])]
        other = _fitted(drawn, n, rng=rng)
        again.append(other)
        agreement[turn] = adjusted_rand_score(labels, _nearest(points, other))
    return centres, agreement, again


def _fitted(points: Floats, n: int, *, rng: np.random.Generator) -> Floats:
    seed = int(rng.integers(2**31))
    return np.asarray(KMeans(n, n_init=3, max_iter=100, random_state=seed).fit(points).cluster_centers_)


def _again(
    points: Floats, centres: Floats, others: list[Floats], *, value: Floats
) -> tuple[Floats, Floats, Floats]:
    """Of the cluster nearest to each: overlap, and size and value over its own, shape (resample, cluster)."""
    mine, n = _nearest(points, centres), centres.shape[0]
    overlap, sizes, worth = (np.empty((len(others), n)) for _ in range(3))
    for turn, other in enumerate(others):
        theirs = _nearest(points, other)
        both = np.zeros((n, n))
        np.add.at(both, (mine, theirs), 1.0)
        mine_n, their_n = both.sum(axis=1), both.sum(axis=0)
        jaccard = both / np.maximum(mine_n[:, None] + their_n - both, 1.0)
        match = jaccard.argmax(axis=1)
        overlap[turn] = jaccard[np.arange(n), match]
        sizes[turn] = their_n[match] / np.maximum(mine_n, 1.0)
        of_theirs, of_mine = (np.bincount(those, weights=value, minlength=n) for those in (theirs, mine))
        worth[turn] = of_theirs[match] / np.maximum(of_mine, 1e-300)
    return overlap, sizes, worth


def _nearest(points: Floats, centres: Floats) -> Integers:
    distance = (centres**2).sum(axis=1) - 2.0 * points @ centres.T
    out: Integers = distance.argmin(axis=1).astype(np.int64)
    return out
