"""Published estimates on named data sets, reproduced."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cmo.value.choice import Choices, logit
from cmo.value.hierarchical_logit import Run, hierarchical_logit
from cmo.value.mixed_logit import mixed_logit
from cmo.value.nested_logit import nested_logit
from cmo.value.tastes import Taste, Tastes

pytestmark = pytest.mark.shared

HEATERS = ("ec", "er", "gc", "gr", "hp")


def rows(shared: Path, name: str) -> list[dict[str, str]]:
    with (shared / "cases/value/choice" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def cases(shared: Path) -> dict[str, dict[str, Any]]:
    read = json.loads((shared / "cases/value/choice_mnl.json").read_text())["cases"]
    return {case["id"]: case for case in read}


def wide(rows: list[dict[str, str]], alternatives: tuple[str, ...], *, name: str) -> np.ndarray:
    """One column of a wide table by alternative, shape (tasks, alternatives)."""
    return np.array([[float(row[f"{name}{alternative}"]) for alternative in alternatives] for row in rows])


def stacked(columns: list[np.ndarray], chosen: np.ndarray) -> Choices:
    n_tasks, n = chosen.shape
    return Choices.of(
        np.column_stack([column.ravel() for column in columns]),
        task=np.repeat(np.arange(n_tasks), n),
        chosen=chosen.ravel(),
    )


class Heating:
    def __init__(self, shared: Path) -> None:
        self.rows = rows(shared, "Heating.csv")
        self.ic = wide(self.rows, HEATERS, name="ic.")
        self.oc = wide(self.rows, HEATERS, name="oc.")
        self.income = np.array([[float(row["income"])] for row in self.rows])
        self.chosen = np.array([[row["depvar"] == name for name in HEATERS] for row in self.rows])

    def constants(self, *names: str) -> list[np.ndarray]:
        return [np.tile(np.array([name == other for other in HEATERS], float), (900, 1)) for name in names]


@pytest.fixture(scope="module")
def heating(shared: Path) -> Heating:
    return Heating(shared)


def test_heating_without_constants(heating: Heating, cases: dict[str, dict[str, Any]]) -> None:
    expected = cases["heating_ic_oc"]["expected"]
    choices = stacked([heating.ic, heating.oc], heating.chosen)
    fit = logit(choices)
    assert fit.coefficients == pytest.approx(list(expected["coef"].values()), rel=1e-4)
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx(list(expected["se"].values()), rel=2e-3)
    assert fit.log_likelihood == pytest.approx(expected["ll"], abs=0.01)
    mean = choices.probabilities(fit.coefficients).reshape(900, 5).mean(axis=0)
    assert mean == pytest.approx([expected["mean_prob"][name] for name in HEATERS], abs=1e-6)
    ratio = fit.coefficients[1] / fit.coefficients[0]
    assert ratio == pytest.approx(expected["wtp_oc_over_ic"], abs=1e-5)


def test_heating_life_cycle_cost_is_rejected(heating: Heating, cases: dict[str, dict[str, Any]]) -> None:
    expected = cases["heating_lcc_lr_test"]["expected"]
    bound = logit(stacked([heating.ic + heating.oc / 0.12], heating.chosen))
    free = logit(stacked([heating.ic, heating.oc], heating.chosen))
    assert bound.log_likelihood == pytest.approx(expected["ll"], abs=0.05)
    ratio = 2 * (free.log_likelihood - bound.log_likelihood)
    assert ratio == pytest.approx(expected["lr"], abs=0.01)


def test_heating_with_constants_and_a_sixth_system(
    heating: Heating, cases: dict[str, dict[str, Any]]
) -> None:
    expected = cases["heating_asc"]["expected"]
    constants = heating.constants("ec", "er", "gc", "gr")
    choices = stacked([*constants, heating.ic, heating.oc], heating.chosen)
    fit = logit(choices)
    assert fit.coefficients == pytest.approx(list(expected["coef"].values()), rel=1e-4)
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx(list(expected["se"].values()), rel=1e-3)
    assert fit.coefficients[5] / fit.coefficients[4] == pytest.approx(expected["wtp"], abs=1e-5)
    design = choices.attributes.reshape(900, 5, 6)
    new = design[:, :1].copy()
    new[:, 0, 4] += 200
    new[:, 0, 5] *= 0.75
    more = np.concatenate([design, new], axis=1)
    chosen = np.zeros((900, 6), dtype=bool)
    chosen[:, 0] = True
    six = stacked(list(np.moveaxis(more, 2, 0)), chosen)
    shares = six.probabilities(fit.coefficients).reshape(900, 6).mean(axis=0)
    assert shares == pytest.approx(cases["heating_new_product_scenario"]["expected"]["share"], abs=1e-5)


def test_heating_cost_over_income(heating: Heating, cases: dict[str, dict[str, Any]]) -> None:
    expected = cases["heating_ic_over_income"]["expected"]["coef"]
    constants = heating.constants("er", "gc", "gr", "hp")
    fit = logit(stacked([*constants, heating.oc, heating.ic / heating.income], heating.chosen))
    assert fit.coefficients == pytest.approx(list(expected.values()), abs=2e-5)


def test_mode_canada(shared: Path, cases: dict[str, dict[str, Any]]) -> None:
    expected = cases["modecanada"]["expected"]
    kept = [row for row in rows(shared, "ModeCanada.csv") if row["noalt"] == "4"]
    bus = {row["case"] for row in kept if row["alt"] == "bus" and row["choice"] == "1"}
    kept = [row for row in kept if row["case"] not in bus and row["alt"] != "bus"]
    cases_in_order = list(dict.fromkeys(row["case"] for row in kept))
    task = np.array([cases_in_order.index(row["case"]) for row in kept])
    alternative = np.array([row["alt"] for row in kept])
    number = {name: np.array([float(row[name]) for row in kept]) for name in ("cost", "freq", "income")}
    time = np.array([float(row["ivt"]) + float(row["ovt"]) for row in kept])
    is_train, is_air, is_car = (alternative == name for name in ("train", "air", "car"))
    columns = [is_train, is_air, number["cost"], number["freq"], number["income"] * is_train]
    columns += [number["income"] * is_air, time * is_car, time * is_train, time * is_air]
    chosen = np.array([row["choice"] == "1" for row in kept])
    order = np.argsort(task, kind="stable")
    attributes = np.column_stack(columns).astype(float)[order]
    fit = logit(Choices.of(attributes, task=task[order], chosen=chosen[order]))
    assert fit.log_likelihood == pytest.approx(expected["ll"], abs=0.05)
    assert fit.coefficients == pytest.approx(list(expected["coef"].values()), rel=1e-5)
    assert np.sqrt(np.diag(fit.covariance)) == pytest.approx(list(expected["se"].values()), rel=1e-5)


COOLING = ("gcc", "ecc", "erc", "hpc", "gc", "ec", "er")


def cooling(shared: Path) -> Choices:
    """Heating and cooling systems; what cooling costs counts where there is cooling."""
    read = rows(shared, "HC.csv")
    cools = np.array([name in {"gcc", "ecc", "erc", "hpc"} for name in COOLING], float)
    room = np.array([name in {"erc", "er"} for name in COOLING], float)
    one = {name: np.array([[float(row[name])] for row in read]) for name in ("icca", "occa", "income")}
    columns = [wide(read, COOLING, name="ich."), wide(read, COOLING, name="och.")]
    columns += [one["icca"] * cools, one["occa"] * cools, one["income"] * room, one["income"] * cools]
    chosen = np.array([[row["depvar"] == name for name in COOLING] for row in read])
    return stacked([*columns, np.tile(cools, (len(read), 1))], chosen)


def test_cooling_in_nests(shared: Path, cases: dict[str, dict[str, Any]]) -> None:
    choices, expected = cooling(shared), cases["hc_nested"]["expected"]

    def nests(*numbers: int) -> np.ndarray:
        return np.tile(np.array(numbers), 250)

    fit = nested_logit(choices, nests(0, 0, 0, 0, 1, 1, 1), common=True)
    assert fit.log_likelihood == pytest.approx(expected["ll"], abs=1e-3)
    assert fit.coefficients == pytest.approx(list(expected["coef"].values())[:7], rel=2e-3)
    assert fit.dissimilarity == pytest.approx([expected["coef"]["iv"]] * 2, rel=1e-3)
    error = float(np.sqrt(fit.by_scores[-1, -1]))
    assert error == pytest.approx(expected["se_iv"], rel=5e-3)
    assert (fit.dissimilarity[0] - 1) / error == pytest.approx(expected["t_iv_eq_1"], rel=5e-3)
    ratio = 2 * (fit.log_likelihood - logit(choices).log_likelihood)
    assert ratio == pytest.approx(expected["lr_vs_mnl"], abs=2e-3)
    by_place = nested_logit(choices, nests(0, 0, 1, 0, 0, 0, 1), common=True)
    assert by_place.log_likelihood == pytest.approx(expected["alt_nesting_ll"], abs=1e-3)
    three = nested_logit(choices, nests(0, 0, 0, 1, 2, 2, 2), common=True)
    assert three.log_likelihood == pytest.approx(expected["three_nests_ll"], abs=1e-3)


def test_train(shared: Path, cases: dict[str, dict[str, Any]]) -> None:
    read = rows(shared, "Train.csv")
    price, time, change, comfort = (
        wide(read, ("A", "B"), name=f"{name}_") for name in ("price", "time", "change", "comfort")
    )
    chosen = np.array([[row["choice"] == name for name in ("A", "B")] for row in read])
    fit = logit(stacked([price / 100 / 2.20371, time / 60, change, comfort], chosen))
    worth = fit.coefficients[1:] / fit.coefficients[0]
    case = cases["train_wtp"]
    assert fit.log_likelihood == pytest.approx(case["own_estimate"]["ll"], abs=0.01)
    assert worth == pytest.approx(list(case["expected"]["wtp_text"].values()), abs=0.1)


@pytest.mark.parametrize(
    ("name", "columns", "log_likelihood"),
    [
        ("electricity_logitr.csv", ("pf", "cl", "loc", "wk", "tod", "seas"), -4958.6491193376),
        ("yogurt_logitr.csv", ("price", "feat", "brand"), -2656.8878779),
        (
            "cars_us.csv",
            (
                *("price", "hev", "phev10", "phev20", "phev40", "bev75", "bev100", "bev150", "opCost"),
                *(
                    "american",
                    "japanese",
                    "chinese",
                    "skorean",
                    "phevFastcharge",
                    "bevFastcharge",
                    "accelTime",
                ),
            ),
            -3425.6302899,
        ),
    ],
)
def test_log_likelihoods_of_long_tables(
    shared: Path, name: str, columns: tuple[str, ...], log_likelihood: float
) -> None:
    fit = logit(long(shared, name, columns))
    assert fit.log_likelihood == pytest.approx(log_likelihood, abs=1e-4)


def long(shared: Path, name: str, columns: tuple[str, ...]) -> Choices:
    read = rows(shared, name)
    numbers = []
    for column in columns:
        values = [row[column] for row in read]
        if column == "brand":
            levels = sorted(set(values))[1:]
            numbers += [[float(value == level) for value in values] for level in levels]
        else:
            numbers.append([float(value) for value in values])
    name_of_task = "obsID" if "obsID" in read[0] else "obsnum"
    number = np.array([int(row[name_of_task]) for row in read])
    task = np.cumsum(np.diff(number, prepend=number[0]) != 0)
    first = np.flatnonzero(np.diff(task, prepend=-1))
    return Choices.of(
        np.array(numbers).T,
        task=task,
        chosen=np.array([row["choice"] == "1" for row in read]),
        person=np.array([int(row["id"]) for row in read])[first],
        weight=np.array([float(row.get("weights", 1.0)) for row in read])[first],
    )


def test_yogurt_prediction_with_its_interval(shared: Path, cases: dict[str, dict[str, Any]]) -> None:
    expected = cases["yogurt_predict"]["expected"]
    choices = long(shared, "yogurt_logitr.csv", ("price", "feat", "brand"))
    fit = logit(choices)
    rng = np.random.default_rng(1)
    drawn = rng.multivariate_normal(fit.coefficients, fit.covariance, size=4000)
    for number in ("13", "42"):
        first = choices.starts[int(number) - 1]
        inside = choices.attributes[first : first + 4]
        odds = np.exp(inside @ np.vstack([fit.coefficients, drawn]).T)
        shares = (odds / odds.sum(axis=0)).T
        assert shares[0] == pytest.approx(expected[f"obs{number}"], abs=1e-4)
        low, high = np.quantile(shares[1:], [0.025, 0.975], axis=0)
        assert low == pytest.approx(expected[f"lower{number}"], abs=0.004)
        assert high == pytest.approx(expected[f"upper{number}"], abs=0.004)


@pytest.fixture(scope="module")
def mixed_cases(shared: Path) -> dict[str, dict[str, Any]]:
    read = json.loads((shared / "cases/value/choice_mixed.json").read_text())["cases"]
    return {case["id"]: case for case in read}


def panel(rows: list[dict[str, str]], attributes: tuple[str, ...], *, task: str = "obsID") -> Choices:
    """Rows of a long table whose tasks lie together."""
    key = [(row["id"], row[task]) for row in rows]
    starts = [i == 0 or key[i] != key[i - 1] for i in range(len(key))]
    return Choices.of(
        np.array([[float(row[name]) for name in attributes] for row in rows]),
        task=np.cumsum(starts) - 1,
        chosen=np.array([row["choice"] == "1" for row in rows]),
        person=np.array([int(row["id"]) for row, first in zip(rows, starts, strict=True) if first]),
    )


def test_electricity_with_six_random_tastes(shared: Path, mixed_cases: dict[str, dict[str, Any]]) -> None:
    names = ("pf", "cl", "loc", "wk", "tod", "seas")
    fit = mixed_logit(
        panel(rows(shared, "electricity_logitr.csv"), names),
        Tastes(kinds=(Taste.NORMAL,) * 6),
        rng=np.random.default_rng(1),
        draws=512,
        starts=3,
    )
    ladder = mixed_cases["electricity_mxl_draws_ladder"]
    published = ladder["expected"]["ll_by_draws"]["500"]
    assert fit.log_likelihood == pytest.approx(published, abs=ladder["tol"]["ll_other_draws"])
    estimates = mixed_cases["electricity_mxl_mlogit"]["expected"]["coef"]
    means = np.array([estimates[name] for name in names])
    errors = np.sqrt(np.diag(fit.covariance))[:6]
    assert np.all(np.abs(fit.parameters[:6] - means) < 2 * errors)


def test_fishing_with_two_random_tastes(shared: Path, mixed_cases: dict[str, dict[str, Any]]) -> None:
    modes = ("beach", "pier", "boat", "charter")
    read = rows(shared, "Fishing.csv")
    chosen = np.array([[row["mode"] == name for name in modes] for row in read])
    choices = stacked([wide(read, modes, name="price."), wide(read, modes, name="catch.")], chosen)
    fit = mixed_logit(
        choices, Tastes(kinds=(Taste.NORMAL,) * 2), rng=np.random.default_rng(1), draws=512, starts=1
    )
    expected = mixed_cases["fishing_mxl"]
    assert fit.log_likelihood == pytest.approx(expected["expected"]["ll"], abs=expected["tol"]["ll"])


def test_yogurt_in_money_where_single_starts_end_far_below(
    shared: Path, mixed_cases: dict[str, dict[str, Any]]
) -> None:
    read = [row for row in rows(shared, "yogurt_logitr.csv") if int(row["id"]) <= 50]
    for row in read:
        row |= {brand: str(int(row["brand"] == brand)) for brand in ("hiland", "weight", "yoplait")}
    choices = panel(read, ("price", "feat", "hiland", "weight", "yoplait"))
    tastes = Tastes(kinds=(Taste.FIXED, *(Taste.NORMAL,) * 4), price=0)
    fit = mixed_logit(choices, tastes, rng=np.random.default_rng(1), draws=64, starts=3)
    expected = mixed_cases["yogurt_half_wtp_space_convergence"]["expected"]
    assert fit.log_likelihood > expected["logitr_single"]
    assert fit.log_likelihood > max(expected["mixl_second_start"], *expected["apollo"], *expected["gmnl"])
    assert fit.starts[0] > fit.starts[-1]


def test_cameras_person_by_person(shared: Path, mixed_cases: dict[str, dict[str, Any]]) -> None:
    names = tuple(mixed_cases["camera_hb"]["expected"]["mean_partworth"])
    choices = panel(rows(shared, "camera.csv"), names, task="task")
    fit = hierarchical_logit(
        choices, (Taste.NORMAL,) * len(names), rng=np.random.default_rng(1), run=Run(draws=3000)
    )
    case = mixed_cases["camera_hb"]
    persons = fit.persons.mean(axis=0)
    means = np.array([case["expected"]["mean_partworth"][name] for name in names])
    assert persons.mean(axis=0) == pytest.approx(means, abs=case["tol"]["mean_partworth_abs"])
    spreads = np.array([case["expected"]["sd_of_individual_means"][name] for name in names])
    assert persons.std(axis=0) == pytest.approx(spreads, rel=0.08)
