"""How strong a piece of evidence is."""

from enum import StrEnum

from cmo.measures.text import Text


class Grade(StrEnum):
    """Strength of evidence, strongest first; compare with `stronger_than`."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"

    @property
    def says(self) -> Text:
        """What the grade means."""
        return _MEANING[self]

    def stronger_than(self, other: "Grade") -> bool:
        """Whether this grade is strictly stronger than `other`."""
        return self.value < other.value


_MEANING = {
    Grade.A: Text("randomised test", "test randomisé"),
    Grade.B: Text("quasi-experiment", "quasi-expérience"),
    Grade.C: Text("model", "modèle"),
    Grade.D: Text("count or correlation", "comptage ou corrélation"),
    Grade.E: Text("opinion", "opinion"),
}
