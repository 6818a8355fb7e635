"""Pure rules about staff."""
