"""Custom actions: from the dialogue to a call of billing to words. No rule about money here.

rasa-sdk finds every Action that this package imports. One module for each topic.
"""

from actions import (
    agreement,
    agreement_changes,
    charges,
    contact,
    debts,
    disputes,
    explain,
    hardship,
    identity,
    negotiation_form,
    offers,
    people,
    promises,
    unsure,
)

__all__ = [
    "agreement",
    "agreement_changes",
    "charges",
    "contact",
    "debts",
    "disputes",
    "explain",
    "hardship",
    "identity",
    "negotiation_form",
    "offers",
    "people",
    "promises",
    "unsure",
]
