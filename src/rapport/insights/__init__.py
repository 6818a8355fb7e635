"""Insights: what customers keep asking for that no procedure does, and a draft of the procedure that would.

It reads what other packages remember, keeps groups with redacted texts only, and hands drafts to the editor. It
publishes nothing and acts for nobody.
"""
