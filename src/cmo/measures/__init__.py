"""The vocabulary of the house: measures, estimates, claims, figures. Plain values, no input or output."""

from cmo.measures.claim import Claim, Unevaluable
from cmo.measures.estimate import DRAWS, LEVEL, Doubt, Estimate, History, Unanswered
from cmo.measures.figure import Figure
from cmo.measures.grades import Grade
from cmo.measures.measure import Measure
from cmo.measures.problem import Problem
from cmo.measures.reason import chances, named, reason
from cmo.measures.text import LANGUAGES, Language, Text, french, joined, listing
from cmo.measures.units import Dimension, Unit
from cmo.measures.vocabulary import MEASURES
from cmo.measures.window import Window, months

__all__ = [
    "DRAWS",
    "LANGUAGES",
    "LEVEL",
    "MEASURES",
    "Claim",
    "Dimension",
    "Doubt",
    "Estimate",
    "Figure",
    "Grade",
    "History",
    "Language",
    "Measure",
    "Problem",
    "Text",
    "Unanswered",
    "Unevaluable",
    "Unit",
    "Window",
    "chances",
    "french",
    "joined",
    "listing",
    "months",
    "named",
    "reason",
]
