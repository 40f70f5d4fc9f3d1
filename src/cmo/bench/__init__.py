"""Proof: whether what `cmo` says is true, and what its decisions earn, in worlds whose truth is known."""
