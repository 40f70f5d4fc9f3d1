"""Distribution: what each sales channel brings, earns and gains."""
