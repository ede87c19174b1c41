"""Which files an article has only because another was merged into it."""

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    with op.batch_alter_table("attachment") as batch:
        batch.add_column(sa.Column("merged_from_id", sa.String(), nullable=True))
        batch.create_foreign_key(
            "fk_attachment_merged_from_id_article", "article", ["merged_from_id"], ["id"]
        )
    op.create_index("ix_attachment_merged_from_id", "attachment", ["merged_from_id"])


def downgrade() -> None:
    op.drop_index("ix_attachment_merged_from_id", "attachment")
    with op.batch_alter_table("attachment") as batch:
        batch.drop_constraint("fk_attachment_merged_from_id_article", type_="foreignkey")
        batch.drop_column("merged_from_id")
