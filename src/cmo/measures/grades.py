"""How strong a piece of evidence is."""

from enum import StrEnum

from cmo.measures.text import Text


class Grade(StrEnum):
    """Strength of evidence, strongest first."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"

    @property
    def says(self) -> Text:
        """What the grade means."""
        return _MEANING[self]


_MEANING = {
    Grade.A: Text("randomised test", "test randomisé"),
    Grade.B: Text("quasi-experiment", "quasi-expérience"),
    Grade.C: Text("model", "modèle"),
    Grade.D: Text("count or correlation", "comptage ou corrélation"),
    Grade.E: Text("opinion", "opinion"),
}
