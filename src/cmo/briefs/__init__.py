"""Any result as data, as sentences, as charts, as documents."""
