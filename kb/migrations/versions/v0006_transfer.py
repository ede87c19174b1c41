"""Exports and imports that are worked on in the background."""

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "transfer",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=True),
        sa.Column("error_code", sa.String(), nullable=True),
        sa.Column("error_data", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_transfer"),
    )
    op.create_index("ix_transfer_actor", "transfer", ["actor", "id"])
    op.create_index("ix_transfer_expires_at", "transfer", ["expires_at"])
    op.create_table(
        "transfer_blob",
        sa.Column("transfer_id", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transfer_id"],
            ["transfer.id"],
            name="fk_transfer_blob_transfer_id_transfer",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("transfer_id", name="pk_transfer_blob"),
    )


def downgrade() -> None:
    op.drop_table("transfer_blob")
    op.drop_index("ix_transfer_expires_at", "transfer")
    op.drop_index("ix_transfer_actor", "transfer")
    op.drop_table("transfer")
