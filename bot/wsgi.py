"""The `web` process: the features that face Meta and the debtors' browsers, put together."""

from flask import Flask

from bot import logs
from bot.billing import views as payment_pages
from bot.billing import webhooks as provider_webhooks
from bot.billing.client import get_client
from bot.conversations import inbox, routing
from bot.creditor import get_creditor
from bot.desk import app as desk
from bot.settings import get_settings
from bot.training import app as training
from bot.web import create_app
from bot.whatsapp import webhook


def web_app() -> Flask:
    """The Flask app of the `web` process."""
    settings = get_settings()
    logs.configure(settings, "web")
    app = create_app("web")
    app.register_blueprint(webhook.blueprint(settings, inbox.receive))
    app.register_blueprint(provider_webhooks.blueprint(get_client()))
    app.register_blueprint(payment_pages.blueprint(get_client(), get_creditor()))
    desk.install(app)
    training.install(app)
    routing.warn_of_unknown_teams()
    return app
