"""Any system that describes its HTTP API by an OpenAPI document."""
