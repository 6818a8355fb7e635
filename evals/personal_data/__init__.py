"""Training of the name tagger for personal data, from word lists and templates."""
