"""Settings for administrators: inboxes, staff, API tokens, connected systems, procedures.

Each change goes through the facade of the capability that owns the row, and is on record.
"""
