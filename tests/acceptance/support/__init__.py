"""A small real system for acceptance tests: the generated shop over HTTP, the demonstration's procedures, one customer's API."""
