"""Payments: money that came in, what it paid, and what could not be placed."""
