"""One folder per kind of connected system; none imports another."""
