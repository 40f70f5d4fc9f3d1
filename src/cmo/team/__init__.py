"""Execution by people: who has which hours and skills, who does what in which week, what is lacking."""
