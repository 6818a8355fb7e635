"""Rules of the desk, free of framework and database."""
