"""Customers: who is there, who comes back, what they are worth."""
