"""Robotic steps in a browser for a system without an API: opened, filled in, clicked, with pictures on record."""
