"""What people do in the office: each act once, for its page and for the API."""
