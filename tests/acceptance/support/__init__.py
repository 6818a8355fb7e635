"""A small real system for acceptance tests: the generated shop, the demonstration's procedures, customers."""
