"""Systems of record: which actions they offer, who may trigger them, and what was called with what result.

A kind is one folder under `kinds/`; kinds never import each other. Knows nothing of procedures or dialogue.
"""
