"""The web widget: the same as the API channel, with a session token instead of ids in paths."""
