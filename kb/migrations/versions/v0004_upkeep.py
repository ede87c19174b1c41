"""Keeping true: who sees to a flag, and the content standard as people ticked it."""

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    with op.batch_alter_table("flag") as batch:
        batch.add_column(sa.Column("taken_by", sa.String(), nullable=True))
        batch.add_column(sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key("fk_flag_taken_by_user_account", "user_account", ["taken_by"], ["id"])
    op.create_index("ix_flag_person_id", "flag", ["person_id", "closed_at"])
    op.create_table(
        "checklist_tick",
        sa.Column("revision_id", sa.String(), nullable=False),
        sa.Column("item", sa.String(32), nullable=False),
        sa.Column("is_met", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("ticked_by", sa.String(), nullable=True),
        sa.Column("ticked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["article_revision.id"], name="fk_checklist_tick_revision_id_article_revision"
        ),
        sa.ForeignKeyConstraint(
            ["ticked_by"], ["user_account.id"], name="fk_checklist_tick_ticked_by_user_account"
        ),
        sa.PrimaryKeyConstraint("revision_id", "item", name="pk_checklist_tick"),
    )


def downgrade() -> None:
    op.drop_table("checklist_tick")
    op.drop_index("ix_flag_person_id", "flag")
    with op.batch_alter_table("flag") as batch:
        batch.drop_constraint("fk_flag_taken_by_user_account", type_="foreignkey")
        batch.drop_column("taken_at")
        batch.drop_column("taken_by")
