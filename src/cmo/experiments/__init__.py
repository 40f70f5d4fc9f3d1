"""Test and learn: the design, analysis and memory of marketing tests, as pure estimators."""
