"""Cases opened for people: a ticket here, or an action of another system, chosen per procedure."""
