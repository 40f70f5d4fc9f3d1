"""How published pieces do."""

from typing import Final

from cmo.measures.measure import Measure
from cmo.measures.text import Text

CONTENT: Final = (
    Measure(
        name="content.engagement",
        unit="share",
        by=("format", "channel", "topic"),
        label=Text("Engagement", "Engagement"),
        says=Text("Engagements per impression.", "Engagements par impression."),
        tables=("content",),
    ),
)
