"""The workbench of understanding: try a text, label what is uncertain, teach, publish, roll back, watch.

Knows understanding and governance through their facades; decides nothing itself.
"""
