"""Custom actions: from the dialogue to a call of billing to words. No rule about money here.

rasa-sdk finds every Action that this package imports.
"""

from actions import agreement, charges, debts, explain, identity, negotiation_form, offers, people

__all__ = [
    "agreement",
    "charges",
    "debts",
    "explain",
    "identity",
    "negotiation_form",
    "offers",
    "people",
]
