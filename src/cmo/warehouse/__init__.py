"""The warehouse: the canonical tables, where they come from, and the counting done where they lie."""
