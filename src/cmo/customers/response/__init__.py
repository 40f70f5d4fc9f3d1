"""Who responds because of a contact, and whom to contact next."""
