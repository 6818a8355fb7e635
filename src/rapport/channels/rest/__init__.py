"""The application API: what other programs may do as a member of staff, in Chatwoot's shapes."""
