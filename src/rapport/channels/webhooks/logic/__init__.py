"""Rules of webhooks: which news is which event, when to try again, which addresses may be called. Pure."""
