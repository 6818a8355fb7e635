"""Customers: profiles, identities and their merge, the timeline of events.

Knows nothing of conversations; they refer to customers.
"""
