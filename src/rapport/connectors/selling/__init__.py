"""What every shop platform has in common: the shapes procedures read, calls by HTTP, and the checks before a write."""
