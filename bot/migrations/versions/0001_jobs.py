"""The job queue's own tables, in schema `procrastinate`."""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.execute("SET LOCAL search_path TO procrastinate")
    # Straight to the driver: the script holds % signs and colons that SQLAlchemy would read.
    op.get_bind().exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    op.execute("SET LOCAL search_path TO procrastinate, public")


def downgrade() -> None:
    op.execute("DROP SCHEMA procrastinate CASCADE")
