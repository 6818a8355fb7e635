"""How the lines of record begin that are read again."""

RESOLVED = "Resolved by "
"""Who did it follows."""
HANDED_OVER = "Handed over to a person: "
"""The reason follows, its underscores as spaces."""
