"""Set times: the revision that is released then, and what came of a time that was not kept."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | None = None
depends_on: str | None = None

_COLUMNS: tuple[tuple[str, sa.types.TypeEngine[Any]], ...] = (
    ("scheduled_revision_id", sa.String()),
    ("unkept_at", sa.DateTime(timezone=True)),
    ("unkept_code", sa.String()),
    ("unkept_data", sa.JSON()),
)


def upgrade() -> None:
    for name, type_ in _COLUMNS:
        op.add_column("article", sa.Column(name, type_, nullable=True))
    # What was scheduled before is taken for what its scheduler saw.
    op.execute("UPDATE article SET scheduled_revision_id = working_revision_id WHERE release_at IS NOT NULL")
    op.create_index("ix_article_release_at", "article", ["release_at"])
    op.create_index("ix_article_unkept_at", "article", ["unkept_at"])


def downgrade() -> None:
    op.drop_index("ix_article_unkept_at", "article")
    op.drop_index("ix_article_release_at", "article")
    for name, _ in reversed(_COLUMNS):
        op.drop_column("article", name)
