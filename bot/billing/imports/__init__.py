"""Customers and invoices from the creditor's files, CSV or XLSX, whole or not at all."""
