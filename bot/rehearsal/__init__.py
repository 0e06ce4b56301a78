"""Simulated debtors who talk to the whole house through the front door: `combinado simulate`.

Who they are and what they say is in `personas.yml`, for people who do not write code. Nothing
else imports this package.
"""
