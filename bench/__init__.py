"""Speed and memory of the whole system: ``python -m bench`` starts it, measures it, stops it.

Figures are CPU time and ratios within one run, and latencies beside the machine's load; nothing here is a test.
"""
