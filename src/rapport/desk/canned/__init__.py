"""Canned responses in the reply: the list that `/` opens, and what is filled into their placeholders."""
