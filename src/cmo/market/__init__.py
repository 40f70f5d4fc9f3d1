"""Market: how large it is, who holds it, at what price, and what is on the rise."""
