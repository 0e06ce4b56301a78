"""Accounts and the audit."""
