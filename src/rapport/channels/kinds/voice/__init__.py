"""Telephone calls: the assistant spoken, answered by voice or keys, through whichever platform carries the call.

Knows a platform's webhooks with XML verbs, and the same as neutral JSON. Speech recognition and synthesis are the
platform's. Knows nothing of what the assistant says: words and keys become messages and answers, messages become
sentences and choices.
"""
