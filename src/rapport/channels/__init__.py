"""How messages come in and go out: the APIs for customers' front ends, the widget and other programs.

Knows conversations, customers and staff through their facades. Knows nothing of what the assistant says or
why: a message is handed to conversations, which wakes whoever owns it. Kinds (`kinds/<kind>/`) never import
each other.
"""
