"""Sales: what came in, what was left of it, and what the coming year should bring."""
