"""The workplace of staff: queue, conversations, customers, data protection.

Knows everything below it through facades; customers never see these screens.
"""
