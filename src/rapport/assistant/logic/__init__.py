"""Pure rules of a turn."""
