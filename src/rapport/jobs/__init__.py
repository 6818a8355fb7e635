"""Durable jobs, timers, schedules and the change feed, kept in the application's own database.

Knows rows, leases and time; must not know any capability: kinds, schedules and subscriptions are
handed to it by `rapport.bootstrap`.
"""
