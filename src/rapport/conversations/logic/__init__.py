"""Pure rules about conversations."""
