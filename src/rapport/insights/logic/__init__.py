"""Rules of insights as pure functions."""
