"""Figures about how the service works, each counted from rows and leading back to them.

Knows what other packages tell of conversations, runs, decisions and calls by `api`; changes nothing there.
"""
