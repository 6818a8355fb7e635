"""Text to meaning: language, ranked intents, entities, sentiment, or an abstention with a reason.

Knows no customer, conversation or procedure; it is given texts and the choices at hand.
"""
