"""What was decided and why, who consented to what, what may be shown to whom.

Keeps the decision register, explanations, appeals, the consent ledger, redaction and the model register.
Refers to conversations only by id.
"""
