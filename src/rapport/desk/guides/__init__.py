"""Guides: procedures for a member of staff's own work, step by step."""
