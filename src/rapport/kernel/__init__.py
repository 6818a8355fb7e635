"""The small words every package shares: ids, clock, money, languages, errors, privacy marks.

Knows nothing of any capability and imports the standard library only.
"""
