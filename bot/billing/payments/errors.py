"""What is refused about payments."""

from bot.billing.errors import BillingRefused


class PaidOnRefused(BillingRefused):
    """A payment is dated after today, or before anybody owed us anything."""

    status = 409
    code = "paid_on_refused"
    title = "Nothing was paid on this day"


class PaymentKnown(BillingRefused):
    """A payment with this reference was written down before."""

    status = 409
    code = "payment_known"
    title = "The payment is there already"


class PaymentMatched(BillingRefused):
    """The payment waits for nobody: it was placed, or it went back."""

    status = 409
    code = "payment_matched"
    title = "The payment is not unmatched"


class PaymentChanged(BillingRefused):
    """Somebody else changed the payment at the same moment. Ask again."""

    status = 409
    code = "payment_changed"
    title = "The payment has just changed"


class RefundTooHigh(BillingRefused):
    """More would go back than is left of the payment."""

    status = 409
    code = "refund_too_high"
    title = "The refund is higher than what is left of the payment"


class NotTheirs(BillingRefused):
    """A webhook without the token or signature of the provider it names."""

    status = 401
    code = "webhook_refused"
    title = "The webhook is not signed by the provider"
