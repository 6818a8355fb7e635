"""Screens of data protection: objections, decisions, models, consents, the audit log.

Knows governance and conversations through their facades; decides nothing itself.
"""
