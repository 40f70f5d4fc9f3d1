"""What is counted of customers without a model: cohorts, concentration, who is one person."""
