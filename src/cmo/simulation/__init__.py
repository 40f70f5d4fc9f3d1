"""Simulated companies whose truth is known: worlds one can steer, and the files they leave."""

from cmo.simulation.companies import draw_company
from cmo.simulation.company import Channel, Company, CustomerKind, Product, Region, Rival, Segment, World
from cmo.simulation.counterfactuals import Effect, effect_of
from cmo.simulation.episode import Episode, Observation, open_market, relive
from cmo.simulation.habit import Habit, Plan, habitual_plan
from cmo.simulation.living import Actions, Market, State, Week
from cmo.simulation.maison_lumen import MAISON_LUMEN
from cmo.simulation.mechanisms import Mechanisms, draw_mechanisms
from cmo.simulation.questions import draw_claims
from cmo.simulation.simulate import Simulated, live_by_habit, simulate, world_ending
from cmo.simulation.truth import facts_of

__all__ = [
    "MAISON_LUMEN",
    "Actions",
    "Channel",
    "Company",
    "CustomerKind",
    "Effect",
    "Episode",
    "Habit",
    "Market",
    "Mechanisms",
    "Observation",
    "Plan",
    "Product",
    "Region",
    "Rival",
    "Segment",
    "Simulated",
    "State",
    "Week",
    "World",
    "draw_claims",
    "draw_company",
    "draw_mechanisms",
    "effect_of",
    "facts_of",
    "habitual_plan",
    "live_by_habit",
    "open_market",
    "relive",
    "simulate",
    "world_ending",
]
