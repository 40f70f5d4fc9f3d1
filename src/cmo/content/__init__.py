"""Content: what gets people to react."""
