"""What billing says no to about customers and their invoices."""

from bot.billing.errors import BillingRefused


class PhoneTaken(BillingRefused):
    """The phone is another customer's; take it from them first."""

    status = 409
    code = "phone_taken"
    title = "The phone belongs to another customer"


class NotOpen(BillingRefused):
    """Only an open or disputed invoice can be written off."""

    status = 409
    code = "not_open"
    title = "The invoice is not open"


class HoursReversed(BillingRefused):
    """Preferred hours end before they begin."""

    status = 409
    code = "hours_reversed"
    title = "The hours end before they begin"
