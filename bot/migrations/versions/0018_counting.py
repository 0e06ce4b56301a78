"""What is counted day by day is found by its time, without reading all there ever was."""

from alembic import op

revision = "0018"
down_revision = "0017"

LEFT = "coalesce(sent_at, created_at)"
INDEXES = {
    "ix_outbox_left": f"bot.outbox ({LEFT})",
    "ix_outbox_people": "bot.outbox (created_at) WHERE sent_by IS NOT NULL",
    "ix_statuses_at": "bot.statuses (at)",
    "ix_messages_received": "bot.messages (received_at)",
    "ix_turns_answered": "bot.turns (answered_at)",
    "ix_events_happened": "billing.events (happened_at)",
    "ix_offer_requests_asked": "billing.offer_requests (asked_at)",
    "ix_agreements_created": "billing.agreements (created_at)",
    "ix_payments_received": "billing.payments (received_at)",
    "ix_promises_made": "billing.promises (made_at)",
    "ix_disputes_opened": "billing.disputes (opened_at)",
}


def upgrade() -> None:
    for name, where in INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {where}")


def downgrade() -> None:
    for name, where in INDEXES.items():
        op.execute(f"DROP INDEX {where.partition('.')[0]}.{name}")
