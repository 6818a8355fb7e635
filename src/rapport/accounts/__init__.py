"""Staff: who works here, their roles, teams, API tokens, sign-ins, and the audit log.

Knows nothing of customers or conversations.
"""
