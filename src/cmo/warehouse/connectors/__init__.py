"""Sources that are asked rather than opened: one small protocol, SQL databases and REST services."""
