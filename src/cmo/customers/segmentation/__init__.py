"""Customers who are alike, by rule or as found, and how they move between segments."""
