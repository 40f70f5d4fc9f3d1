"""What marketing really brings: the marketing mix, its budget, and the credit that platforms claim."""
