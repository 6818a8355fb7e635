"""News for other programs: who wants which events, what is sent, and what became of it.

Knows the shapes of conversations and customers through their facades. Knows nothing of who receives: an address,
a secret, and whether personal data may go there. Whatever receives slowly or not at all keeps nobody waiting:
sending happens on threads of its own (`courier`), never on those that do jobs.
"""
