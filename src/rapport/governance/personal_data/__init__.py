"""Recognition of personal data in free text: what it is, where it stands, how sure we are.

Pure: text in, spans out; no Django, no clock, no database. Knows forms, check digits, word lists and one small
linear tagger. Must not know customers, conversations or who may see what.
"""
