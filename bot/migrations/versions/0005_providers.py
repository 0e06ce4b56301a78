"""Charges issued by a provider outside our transaction."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

INSTALLMENT = "uq_charges_live_installment"


def upgrade() -> None:
    attempts = sa.Column("attempts", sa.Integer(), nullable=False, server_default="0")
    op.add_column("charges", attempts, schema="billing")
    next_attempt_at = sa.Column("next_attempt_at", sa.DateTime(timezone=True))
    op.add_column("charges", next_attempt_at, schema="billing")
    op.add_column("charges", sa.Column("problem", sa.String()), schema="billing")
    op.drop_index(INSTALLMENT, "charges", schema="billing")
    _index(INSTALLMENT, "installment_id", "status IN ('issuing', 'live')", unique=True)
    _index("ix_charges_unsettled", "next_attempt_at", "status IN ('issuing', 'cancelling')")
    _index("ix_charges_expiring", "expires_at", "status = 'live'")


def downgrade() -> None:
    op.drop_index("ix_charges_expiring", "charges", schema="billing")
    op.drop_index("ix_charges_unsettled", "charges", schema="billing")
    op.drop_index(INSTALLMENT, "charges", schema="billing")
    _index(INSTALLMENT, "installment_id", "status = 'live'", unique=True)
    for column in ("problem", "next_attempt_at", "attempts"):
        op.drop_column("charges", column, schema="billing")


def _index(name: str, column: str, where: str, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(
        name, "charges", [column], schema="billing", unique=unique, postgresql_where=condition
    )
