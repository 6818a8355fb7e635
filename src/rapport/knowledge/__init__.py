"""What we know: articles for customers, agents and the assistant from one source, found and cited.

Knows nothing of conversations or procedures.
"""
