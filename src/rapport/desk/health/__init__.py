"""How connected systems do: the banner at the desk, and the record of what failed and what was done instead."""
