"""Decisions: what to change, each from the joint draws of the evidence, by one small rule per kind."""
