"""What the customer base is worth, as a whole and customer by customer."""
