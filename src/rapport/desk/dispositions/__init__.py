"""Dispositions: what a conversation was about and how it ended, read off the record, shown, corrected, counted."""
