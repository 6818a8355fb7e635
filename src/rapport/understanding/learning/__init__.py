"""The learning loop: labelled examples and their review, trainings that must pass before they serve, drift.

Knows examples, versions and figures; knows nothing of procedures, of the assistant or of screens.
"""
