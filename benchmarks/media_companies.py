"""How often 90 % intervals of media hold the truth in simulated companies, by channel and for all media.

    python benchmarks/media_companies.py [--companies 12] [--first 101] [--national]

Companies are drawn around the demo: people who notice, remember and forget, customers who come back, budgets
that chase demand, hidden moods of demand. Truth is what revenue loses at once without a channel (fame and
later orders held as they were), as in the measure's definition. --national hides the regions from the model.
"""

import argparse
import time
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from cmo.media.design import Mix
from cmo.media.effects import measure_effects
from cmo.media.evidence import REVIEWED
from cmo.media.evidence_counts import REVENUE, count_weeks
from cmo.media.fit import fit_mix
from cmo.simulation import draw_company, live_by_habit, world_ending
from cmo.simulation.accounts import outcomes_table
from cmo.simulation.counterfactuals import media_effects
from cmo.simulation.episode import rng_of
from cmo.simulation.media_tables import media_table
from cmo.simulation.surroundings import context_table, events_table
from cmo.warehouse.field import Field

Floats = npt.NDArray[np.float64]

END = date(2026, 11, 22)


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """What a company's analyst sees, and what each channel and all media truly brought."""

    mix: Mix
    contribution: Floats
    total: float


def company(seed: int) -> Company:
    drawn = draw_company(np.random.default_rng([seed, 77]))
    history = live_by_habit(world_ending(END, seed=seed, years=3, company=drawn))
    market, window = history.market, history.lived[history.market.world.past :]
    tables = {
        "media": media_table(market, window, history.seen, rng_of(seed, 100, 2)),
        "outcomes": outcomes_table(market, history.ledger, history.lines),
        "context": context_table(market, history.lived, rng_of(seed, 100, 3)),
        "events": events_table(market, history.plan, language="en"),
    }
    mix = count_weeks(Field.of_tables(tables)).mix(REVENUE)
    alone, together = media_effects(market, window)
    return Company(
        mix=mix,
        contribution=np.array([alone[name].at_once for name in mix.names]),
        total=together.at_once,
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--companies", type=int, default=12)
    parser.add_argument("--first", type=int, default=101)
    parser.add_argument("--national", action="store_true")
    given = parser.parse_args()
    held: dict[str, list[bool]] = {}
    ratios: dict[str, list[float]] = {}
    cpu = 0.0
    for seed in range(given.first, given.first + given.companies):
        world = company(seed)
        mix = replace(world.mix, regions=None) if given.national else world.mix
        begun = time.process_time()
        effects = measure_effects(fit_mix(mix, schedule=REVIEWED, rng=np.random.default_rng(seed)))
        cpu += time.process_time() - begun
        drawn = np.concatenate([effects.contribution, effects.total[:, None]], axis=1)
        truth = np.append(world.contribution, world.total)
        low, middle, high = np.quantile(drawn, [0.05, 0.5, 0.95], axis=0)
        for i, name in enumerate((*mix.names, "total")):
            held.setdefault(name, []).append(bool(low[i] <= truth[i] <= high[i]))
            ratios.setdefault(name, []).append(float(middle[i] / truth[i]))
    for name, hits in held.items():
        print(f"{name:14s} {np.mean(hits):.2f} of {len(hits)}  median/truth {np.median(ratios[name]):.2f}")
    channels = [hit for name, hits in held.items() if name != "total" for hit in hits]
    print(f"channels {np.mean(channels):.2f} of {len(channels)}; {cpu / given.companies:.1f} CPU s a fit")


if __name__ == "__main__":
    main()
