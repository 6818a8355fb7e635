"""The one ASGI process: live updates as server-sent events, everything else handed to Django in WSGI mode.

Knows HTTP, streams and the change feed; must not know what an event means or who may hear it: `authorize` is
given by `rapport.bootstrap`.
"""
