"""A shop that speaks the demonstration shop's HTTP API (`/api/v1`, bearer token, idempotency keys)."""
