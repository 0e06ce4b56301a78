"""`/webhooks/<provider>`, in the `web` process: hands over what a payment provider says.

It knows nothing of providers: billing checks who speaks. Only what is stored is answered 200;
after anything else the provider says it again.
"""

from flask import Blueprint, Response, request

from bot.billing.client import BillingClient, BillingRefused, BillingUnavailable

# What belongs to the way from the provider to us, and not to what it says.
OURS = {"authorization", "connection", "content-length", "cookie", "host", "transfer-encoding"}
RETRY_SECONDS = "30"


def blueprint(client: BillingClient) -> Blueprint:
    """Return the blueprint `provider_webhooks`."""
    views = Blueprint("provider_webhooks", __name__)

    @views.post("/webhooks/<provider>")
    def receive(provider: str) -> tuple[str, int]:
        """Pass a webhook on, byte for byte."""
        headers = {name: value for name, value in request.headers if name.lower() not in OURS}
        client.notify(provider, request.get_data(), headers)
        return "", 200

    @views.errorhandler(BillingRefused)
    def refused(error: BillingRefused) -> tuple[str, int]:
        return error.code, error.status

    @views.errorhandler(BillingUnavailable)
    def unavailable(_: BillingUnavailable) -> Response:
        return Response(status=503, headers={"Retry-After": RETRY_SECONDS})

    return views
