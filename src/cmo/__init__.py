"""A Chief Marketing Officer in software."""
