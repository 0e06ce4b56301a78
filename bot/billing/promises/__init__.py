"""Promises to pay: "pago dia 10", and what became of it."""
