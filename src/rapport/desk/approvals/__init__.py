"""Approvals on the desk: what procedures may not do alone, and the yes or no of a person."""
