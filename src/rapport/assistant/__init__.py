"""One turn of the assistant: understand, decide, act, reply, and record why.

Drives procedures and knowledge; speaks only through conversations' outbox and only while it owns the conversation.
"""
