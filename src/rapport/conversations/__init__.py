"""Inboxes, conversations, messages, and who owns a conversation at each moment.

Knows customers and staff; knows nothing of the assistant, of procedures, or of how a channel delivers.
"""
