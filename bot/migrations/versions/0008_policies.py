"""Policy versions, and what offers were computed from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "policy_versions",
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_policy_versions"),
        schema="billing",
    )
    op.create_table(
        "offer_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("history", JSONB(), nullable=False),
        sa.Column("wish", JSONB(), nullable=False),
        sa.Column("debts", JSONB(), nullable=False),
        sa.Column("standing", JSONB(), nullable=False),
        sa.Column("today", sa.Date(), nullable=False),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.Column("changes", JSONB(), nullable=False),
        sa.Column("over_indebted", sa.Boolean(), nullable=False),
        sa.Column("proposal", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["billing.customers.id"], name="fk_offer_requests_customer_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_offer_requests"),
        schema="billing",
    )
    op.create_index(
        "ix_offer_requests_proposals",
        "offer_requests",
        ["customer_id", "asked_at"],
        schema="billing",
        postgresql_where=sa.text("proposal"),
    )
    op.add_column("offers", sa.Column("request_id", sa.Uuid()), schema="billing")
    position = sa.Column("position", sa.Integer(), nullable=False, server_default="0")
    op.add_column("offers", position, schema="billing")
    interest = sa.Column("interest", sa.Numeric(12, 2), nullable=False, server_default="0")
    op.add_column("offers", interest, schema="billing")
    op.create_foreign_key(
        "fk_offers_request_id",
        "offers",
        "offer_requests",
        ["request_id"],
        ["id"],
        source_schema="billing",
        referent_schema="billing",
    )


def downgrade() -> None:
    op.drop_column("offers", "interest", schema="billing")
    op.drop_column("offers", "position", schema="billing")
    op.drop_column("offers", "request_id", schema="billing")
    op.drop_table("offer_requests", schema="billing")
    op.drop_table("policy_versions", schema="billing")
