"""What the company says to people: briefs, campaigns, proofs, consent, messages. Values only, no I/O."""
