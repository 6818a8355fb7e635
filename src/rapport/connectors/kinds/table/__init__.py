"""Rows appended to a table: a CSV file in a folder of this machine, or a Google sheet."""
