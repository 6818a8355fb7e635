"""How well understanding does on labelled data: rows, measures with intervals, one module per question.

Knows the parts of understanding it measures; nothing that answers customers imports it.
"""
