"""Ledgers to write in: a file, and a database of a PostgreSQL cluster of the tests' own."""

import importlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from urllib.parse import quote

import numpy as np
import psycopg
import pytest
from django.apps import apps
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from cmo.ledger.opening import close_ledger, open_ledger
from cmo.ledger.reviews import Run
from cmo.ledger.settings import FILE
from cmo.measures import Claim, Doubt, Estimate, Grade, History, Text, Window, months
from cmo.strategy.verdict import Stance, Stand, Verdict

_numbers = count(1)


@pytest.fixture(autouse=True)
def _nothing_stays_open(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("CMO_DATABASE_URL", raising=False)
    yield
    close_ledger()


@pytest.fixture(scope="session")
def empty_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated ledger file, to be copied: migrating takes longer than most tests."""
    folder = tmp_path_factory.mktemp("empty")
    open_ledger(folder)
    close_ledger()
    return folder / FILE


@pytest.fixture
def new_folder(tmp_path: Path, empty_ledger: Path) -> Callable[[], Path]:
    """Makes folders with an empty ledger each."""

    def make() -> Path:
        folder = tmp_path / f"workspace-{next(_numbers)}"
        folder.mkdir()
        shutil.copy(empty_ledger, folder / FILE)
        return folder

    return make


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server, up to the name of the database; it comes as a wheel."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="cmo-postgres-") as data:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        server = importlib.import_module("pgserver").get_server(data, cleanup_mode="stop")
        yield f"postgresql://postgres@{quote(data, safe='')}"
        server.cleanup()


@pytest.fixture(scope="session")
def migrated_database(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a database with the tables of the ledger."""
    with psycopg.connect(f"{postgres}/postgres", autocommit=True) as server:
        server.execute("CREATE DATABASE ledger")
    address = f"{postgres}/ledger"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CMO_DATABASE_URL", address)
        open_ledger(tmp_path_factory.mktemp("unused"))
        close_ledger()
    return address


@pytest.fixture
def empty_database(migrated_database: str) -> str:
    """The same, emptied: faster than a new one for each test."""
    tables = ", ".join(model._meta.db_table for model in apps.get_app_config("ledger").get_models())
    with psycopg.connect(migrated_database, autocommit=True) as server:
        server.execute(f"TRUNCATE {tables} RESTART IDENTITY".encode())
    return migrated_database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def ledger(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, new_folder: Callable[[], Path]
) -> Path:
    """The folder of an empty, open ledger."""
    folder = new_folder()
    if request.param == "postgresql":
        monkeypatch.setenv("CMO_DATABASE_URL", request.getfixturevalue("empty_database"))
    open_ledger(folder)
    return folder


def _estimate(
    measure: str = "media.roi", *, subjects: tuple[str, ...] = ("tv", "radio"), seed: int = 1, n: int = 200
) -> Estimate:
    draws = np.random.default_rng(seed).normal(1e6 + 0.125, 3, size=(n, len(subjects)))
    window = Window.parse("2026")
    over_time = draws[:, :, None] + np.arange(12)
    return Estimate.of_draws(
        measure,
        draws,
        subjects=subjects,
        by="channel",
        unit="EUR/EUR",
        window=window,
        as_of=date(2026, 11, 15),
        method=Text("a model", "un modèle"),
        grade=Grade.C,
        tables=("media", "outcomes"),
        doubts=(Doubt(code="short", says=Text("The series is short.", "La série est courte.")),),
        history=History.of_draws(over_time, periods=months(window), cycle=12),
        exact=np.full(len(subjects), 1_234_567.89),
    )


def _verdict(
    belief: str = "tv-best", *, probability: float | None = 0.04, previous: Stand | None = None
) -> Verdict:
    claim = Claim.parse({"measure": "media.roi", "of": "tv", "is": "highest"})
    return Verdict(
        belief=belief,
        says=Text("TV is best", "La télé est la meilleure"),
        owner="head-of-media",
        stated=0.9,
        measure=claim.measure,
        claim=claim,
        probability=probability,
        stance=Stance.at(probability),
        why=Text("Radio returns more.", "La radio rapporte plus."),
        grade=Grade.C,
        as_of=date(2026, 11, 15),
        previous=previous,
    )


def _run(fingerprint: str = "f1") -> Run:
    return Run(
        started_at=datetime(2026, 11, 22, 8, 30, tzinfo=UTC),
        fingerprint=fingerprint,
        seed=2**62 + 1,
        engine="duckdb",
        version="0.1.0",
    )


@pytest.fixture(scope="session")
def estimate() -> Callable[..., Estimate]:
    return _estimate


@pytest.fixture(scope="session")
def verdict() -> Callable[..., Verdict]:
    return _verdict


@pytest.fixture(scope="session")
def run() -> Callable[..., Run]:
    return _run


_WORDS = st.one_of(
    st.sampled_from(
        ["Oui: non", "a # b", "- x", "12", "no", "2026-03-02", "'q' \"r\"", "{a}", "é\nè", "*x", "%", "  x "]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=8),
).filter(str.strip)
_SAYS = st.one_of(_WORDS, st.fixed_dictionaries({"fr": _WORDS, "en": _WORDS}))
_SHARE = st.sampled_from([0, 0.05, 0.5, 1])
_DAY = st.dates(date(2020, 1, 1), date(2030, 12, 31))
_CLAIM = st.one_of(
    st.fixed_dictionaries(
        {"measure": st.just("media.roi"), "of": st.sampled_from(["tv", "no"]), "at_least": _SHARE}
    ),
    st.just({"measure": "media.roi", "of": "tv", "above": {"of": "radio", "times": 2}}),
    st.just({"measure": "sales.revenue", "rising": True, "during": [date(2026, 1, 1), date(2026, 6, 30)]}),
)
_PLAN = st.builds(
    lambda period, spends: {
        "period": period,
        "budget": sum(spends.values()),
        "channels": {name: {"spend": spend, "max": spend + 1} for name, spend in spends.items()},
    },
    st.sampled_from([2027, "2027-Q1", "2027-03"]),
    st.dictionaries(st.sampled_from(["tv", "radio", "on", "x y"]), st.integers(0, 10**7), max_size=3),
)


def _list_of(required: dict[str, SearchStrategy], optional: dict[str, SearchStrategy]) -> SearchStrategy:
    ids = {"id": st.sampled_from(["a", "b", "c", "no", "12", "2026-03-02"])}
    return st.lists(
        st.fixed_dictionaries(ids | required, optional=optional),
        max_size=4,
        unique_by=lambda item: item["id"],
    )


_SKILLS = st.dictionaries(st.sampled_from(["sea", "on"]), st.integers(0, 5), max_size=2)
_DOCUMENTS = st.fixed_dictionaries(
    {},
    optional={
        "objectives": _list_of(
            {"says": _SAYS, "measure": st.just("sales.revenue"), "at_least": _SHARE, "by": _DAY}, {}
        ),
        "positioning": st.fixed_dictionaries({}, optional={"for": _SAYS, "unlike": _SAYS}),
        "plan": _PLAN,
        "beliefs": _list_of({"says": _SAYS}, {"confidence": _SHARE, "claim": _CLAIM}),
        "tests": _list_of(
            {"kind": st.just("geo"), "start": st.just(date(2026, 1, 1)), "end": st.just(date(2026, 2, 1))}
            | {"treated": st.lists(_WORDS, min_size=1, max_size=2)},
            {},
        ),
        "team": _list_of({"name": _WORDS}, {"skills": _SKILLS}),
        "ideas": _list_of({"says": _SAYS, "kind": st.just("channel")}, {}),
    },
)


@pytest.fixture(scope="session")
def documents() -> SearchStrategy[dict[str, object]]:
    """Contents of strategy.yaml, with words that YAML could mistake for something else."""
    return _DOCUMENTS
