"""Standard operating procedures as data: definition, interpreter, versions.

Knows what a procedure may ask, check and do; performs no action itself (the assistant and the desk drive it).
"""
