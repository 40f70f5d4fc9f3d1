"""Value: what customers would recommend, are content with, choose by, and would pay."""
