"""Who responds because of a contact: uplift learned from a randomised campaign.

Start with the interacted logit, which can be read; a forest of trees is used where it does better on units
that it has not seen, which is the exception.

References:
    Kuenzel, Sekhon, Bickel & Yu (2019), "Metalearners for estimating heterogeneous treatment effects",
    PNAS 116(10). Kennedy (2023), "Towards optimal doubly robust estimation of heterogeneous causal
    effects", EJS 17(2).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from cmo.customers.purchases.cells import Floats, Integers
from cmo.customers.response.qini import Flags

RIDGE = 0.05  # inverse strength of the logit's penalty: interactions are small beside main effects
FEWEST = 200  # units of each arm


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A randomised campaign.

    Attributes:
        features: What was known before, shape (unit, feature).
        treated: Whether each unit was contacted, at random, shape (unit,).
        outcome: Whether each unit responded, 0 or 1, shape (unit,).
    """

    features: Floats
    treated: Flags
    outcome: Floats

    def __post_init__(self) -> None:
        """Refuses a trial that cannot tell uplift."""
        arms = int(self.treated.sum()), int((~self.treated).sum())
        if min(arms) < FEWEST:
            raise ValueError(f"{arms[0]} treated and {arms[1]} control units, must be at least {FEWEST} each")
        if not np.all(np.isin(self.outcome, (0, 1))):
            raise ValueError("outcome must be 0 or 1 for every unit")

    def taken(self, at: Integers) -> "Trial":
        """Some of the units."""
        return Trial(features=self.features[at], treated=self.treated[at], outcome=self.outcome[at])


class Learner(Protocol):
    """Learns uplift on one trial and predicts it for other units."""

    def __call__(self, trial: Trial, features: Floats) -> Floats:
        """Predicted uplift of units with these features, shape (unit,)."""
        ...


def interacted_logit(trial: Trial, features: Floats) -> Floats:
    """One logit with every feature interacted with the contact: the S-learner that can be read."""
    scale = StandardScaler().fit(trial.features)
    known, asked = scale.transform(trial.features), scale.transform(features)
    treated = trial.treated[:, None].astype(np.float64)
    model = LogisticRegression(C=RIDGE, max_iter=1_000)
    model.fit(np.hstack([known, treated, known * treated]), trial.outcome)
    some, none = np.ones((asked.shape[0], 1)), np.zeros((asked.shape[0], 1))
    contacted = model.predict_proba(np.hstack([asked, some, asked]))[:, 1]
    left = model.predict_proba(np.hstack([asked, none, asked * 0.0]))[:, 1]
    return np.asarray(contacted - left, dtype=np.float64)


def s_learner(trial: Trial, features: Floats) -> Floats:
    """One boosted model with the contact as a feature."""
    treated = trial.treated[:, None].astype(np.float64)
    model = _classifier().fit(np.hstack([trial.features, treated]), trial.outcome)
    some, none = np.ones((features.shape[0], 1)), np.zeros((features.shape[0], 1))
    contacted = model.predict_proba(np.hstack([features, some]))[:, 1]
    left = model.predict_proba(np.hstack([features, none]))[:, 1]
    return np.asarray(contacted - left, dtype=np.float64)


def t_learner(trial: Trial, features: Floats) -> Floats:
    """Two boosted models, one for each arm."""
    contacted, left = _by_arm(trial, features)
    return contacted - left


def x_learner(trial: Trial, features: Floats) -> Floats:
    """Each arm's effects imputed with the other arm's model, then weighted by the share of the arms."""
    contacted, left = _by_arm(trial, trial.features)
    who = trial.treated
    of_treated = _regressor().fit(trial.features[who], (trial.outcome - left)[who])
    of_control = _regressor().fit(trial.features[~who], (contacted - trial.outcome)[~who])
    share = float(who.mean())
    mixed = share * of_control.predict(features) + (1.0 - share) * of_treated.predict(features)
    return np.asarray(mixed, dtype=np.float64)


def dr_learner(trial: Trial, features: Floats) -> Floats:
    """Doubly robust effects of units, cross-fitted in two halves, regressed on the features."""
    half = np.arange(trial.outcome.size) % 2
    effect = np.empty(trial.outcome.size)
    for part in (0, 1):
        asked = np.flatnonzero(half == part)
        contacted, left = _by_arm(trial.taken(np.flatnonzero(half != part)), trial.features[asked])
        who, outcome = trial.treated[asked], trial.outcome[asked]
        share = float(trial.treated.mean())
        residual = np.where(who, (outcome - contacted) / share, -(outcome - left) / (1.0 - share))
        effect[asked] = contacted - left + residual
    return np.asarray(_regressor().fit(trial.features, effect).predict(features), dtype=np.float64)


LEARNERS: Mapping[str, Learner] = MappingProxyType(
    {
        "interacted logit": interacted_logit,
        "S-learner": s_learner,
        "T-learner": t_learner,
        "X-learner": x_learner,
        "DR-learner": dr_learner,
    }
)


def crossfitted(learner: Learner, trial: Trial, *, rng: np.random.Generator, n_folds: int = 3) -> Floats:
    """Predicted uplift of every unit by a model that has not seen it, shape (unit,).

    Args:
        learner: One of `LEARNERS`.
        trial: The campaign.
        rng: Assigns units to folds.
        n_folds: Folds.
    """
    fold = rng.permutation(np.arange(trial.outcome.size) % n_folds)
    out = np.empty(trial.outcome.size)
    for part in range(n_folds):
        out[fold == part] = learner(trial.taken(np.flatnonzero(fold != part)), trial.features[fold == part])
    return out


def _by_arm(trial: Trial, features: Floats) -> tuple[Floats, Floats]:
    """Predicted responses if contacted and if not."""
    found = []
    for arm in (trial.treated, ~trial.treated):
        model = _classifier().fit(trial.features[arm], trial.outcome[arm])
        found.append(np.asarray(model.predict_proba(features)[:, 1], dtype=np.float64))
    return found[0], found[1]


def _classifier() -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(max_iter=60, max_depth=3, learning_rate=0.05, random_state=0)


def _regressor() -> HistGradientBoostingRegressor:
    return HistGradientBoostingRegressor(
        max_iter=60, max_depth=3, learning_rate=0.03, min_samples_leaf=200, random_state=0
    )
