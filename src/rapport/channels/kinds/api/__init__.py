"""The API channel: front ends speak for a contact by its secret source id, in Chatwoot's shapes."""
