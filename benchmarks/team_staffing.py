"""How long staffing takes, and how far from the best it is: `python benchmarks/team_staffing.py`."""

import argparse
import time
from datetime import date, timedelta

import numpy as np

from cmo.measures import Text
from cmo.team.people import Person
from cmo.team.staffing import staff
from cmo.team.weeks import Weeks
from cmo.team.work import Item

MONDAY = date(2026, 11, 23)


def a_company(rng: np.random.Generator, *, n_people: int, n_items: int, n_weeks: int, full: float) -> tuple:
    skills = [f"skill-{i}" for i in range(max(8, n_people // 6))]
    people = []
    for i in range(n_people):
        own = rng.choice(skills, int(rng.integers(2, 6)), replace=False)
        hours = tuple(rng.choice([0.0, 21.0, 28.0, 35.0], n_weeks, p=[0.06, 0.04, 0.2, 0.7]).tolist())
        people.append(
            Person(
                id=f"p{i}",
                name=f"p{i}",
                skills={str(one): float(rng.integers(1, 6)) for one in own},
                hours=hours,
                free=hours,
                wishes=frozenset(str(one) for one in rng.choice(own, 1)),
            )
        )
    capacity = sum(sum(one.hours) for one in people)
    sizes = rng.gamma(2, 1, n_items)
    sizes *= full * capacity / sizes.sum()
    items = []
    for i, hours in enumerate(sizes):
        last = int(rng.integers(0, n_weeks))
        first = int(rng.integers(0, last + 1))
        level = float(rng.choice([1, 2, 3], p=[0.3, 0.4, 0.3]))
        items.append(
            Item(
                id=f"w{i}",
                says=Text.same(f"w{i}"),
                hours=float(hours),
                start=MONDAY + timedelta(weeks=first),
                by=MONDAY + timedelta(weeks=last, days=4),
                skills={str(rng.choice(skills)): level},
                worth=float(rng.choice([0, 1_000, 10_000])),
            )
        )
    return items, people, Weeks(first=MONDAY, n=n_weeks)


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--people", type=int, default=200)
    given.add_argument("--items", type=int, default=2_000)
    given.add_argument("--weeks", type=int, default=12)
    given.add_argument("--full", type=float, nargs="+", default=[0.5, 0.7])
    given.add_argument("--seed", type=int, default=1)
    told = given.parse_args()
    for full in told.full:
        rng = np.random.default_rng(told.seed)
        items, people, weeks = a_company(
            rng, n_people=told.people, n_items=told.items, n_weeks=told.weeks, full=full
        )
        begun, cpu = time.perf_counter(), time.process_time()
        plan = staff(items, people, weeks)
        wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
        left = sum(one.hours for one in items if one.id in plan.unstaffed)
        print(
            f"{told.people} people, {told.items} items, {told.weeks} weeks, {full:.0%} of all hours: "
            f"{wall:.1f} s wall, {cpu:.1f} s CPU; {len(plan.unstaffed)} undone ({left:.0f} h); fullest "
            f"{plan.peak:.3f}, bound {plan.bound:.3f}, gap {plan.gap:.1%}, proven {plan.proven}"
        )


if __name__ == "__main__":
    main()
