"""Everything that can go wrong with billing, for those who call the API and those inside it.

Inside, a rule that says no raises a `BillingRefused`; the API turns it into problem details;
the client turns those back into `BillingRefused`. So both sides speak of the same refusals.
"""


class BillingError(Exception):
    """Parent of every error of billing."""


class BillingUnavailable(BillingError):
    """No usable answer: billing is down, slow or broken. Nothing is known about what was done.

    Ask again with the same idempotency key; it was done once or not at all.
    """


class BillingRefused(BillingError):
    """Billing understood and said no. `code` is stable; `detail` says why, for developers."""

    status = 400
    code = "refused"
    title = "Refused"

    def __init__(self, detail: str, *, code: str | None = None, status: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code
        self.status = status or type(self).status

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


class NotFound(BillingRefused):
    """No such thing, or it belongs to another customer: nobody can tell which."""

    status = 404
    code = "not_found"
    title = "Not found"


class OfferExpired(BillingRefused):
    """The offer is past its date, or the debts it was made for have changed since."""

    status = 409
    code = "offer_expired"
    title = "The offer is no longer valid"


class AlreadyAgreed(BillingRefused):
    """The offer, or a debt in it, is in an agreement already."""

    status = 409
    code = "already_agreed"
    title = "There is an agreement already"


class NothingToCharge(BillingRefused):
    """Nothing is left to pay on what the charge was asked for."""

    status = 409
    code = "nothing_to_charge"
    title = "Nothing to charge"


class ChargeExpired(BillingRefused):
    """The charge can no longer be paid: it expired, was replaced or was taken back."""

    status = 410
    code = "charge_expired"
    title = "The charge can no longer be paid"


class ChargePending(BillingRefused):
    """The provider has not answered yet. Ask again, with the same key, and the charge is there.

    It is issued once, by then or soon after, whether anybody asks or not.
    """

    status = 503
    code = "charge_pending"
    title = "The charge is being issued"


class ChargeRefused(BillingRefused):
    """The provider would not issue the charge; with another key it is asked anew."""

    status = 409
    code = "charge_refused"
    title = "The provider refused the charge"


class DocumentGone(BillingRefused):
    """The document can no longer be seen: its link is too old, or it stopped being true."""

    status = 410
    code = "document_expired"
    title = "The document is not valid any more"


class AgreementNotActive(BillingRefused):
    """The agreement was completed, broken or cancelled: nothing of it can be changed."""

    status = 409
    code = "agreement_not_active"
    title = "The agreement is over"


class DueDateRefused(BillingRefused):
    """The policy does not allow this date for this instalment; `detail` says which rule."""

    status = 409
    code = "due_date_refused"
    title = "The due date cannot be changed like this"


class NothingOwed(BillingRefused):
    """There is no open debt that this could be about."""

    status = 409
    code = "nothing_owed"
    title = "Nothing is owed"


class PromiseDateRefused(BillingRefused):
    """The day of a promise is over, or later than the policy allows."""

    status = 409
    code = "promise_date_refused"
    title = "A promise cannot be for this day"


class AlreadyEnded(BillingRefused):
    """The promise or dispute was decided, kept, broken, replaced or taken back already."""

    status = 409
    code = "already_ended"
    title = "It has ended already"


class AlreadyDisputed(BillingRefused):
    """The invoice is in an open dispute already."""

    status = 409
    code = "already_disputed"
    title = "The invoice is disputed already"


class CorrectionRefused(BillingRefused):
    """The corrected amount is not below the present one, or below what was paid already."""

    status = 409
    code = "correction_refused"
    title = "The correction is not possible"


class UnsafeUrl(BillingRefused):
    """Events are not sent to this address: not https, not resolvable, or a private network."""

    status = 409
    code = "unsafe_url"
    title = "Events cannot be sent there"


class IdempotencyKeyReused(BillingRefused):
    """The key was used before for another request."""

    status = 422
    code = "idempotency_key_reused"
    title = "The idempotency key belongs to another request"


class NotAllowed(BillingRefused):
    """Whoever asks may not decide this."""

    status = 403
    code = "not_allowed"
    title = "Not allowed"


class InvalidCursor(BillingRefused):
    """The cursor was not given by this list."""

    status = 404
    code = "invalid_cursor"
    title = "The cursor is not valid"
