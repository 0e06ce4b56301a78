"""Customers and their invoices, as an operator or the creditor's systems look at them."""
