"""Facets (products, state, when somebody last vouched for it) and learnt queries."""

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

#: the tables of what has products, and the edition, which repeats them
_WITH_PRODUCTS = ("article", "note", "source", "edition")


def upgrade() -> None:
    _add_columns()
    _fill_columns()
    _require_columns()
    _create_learnt_queries()


def downgrade() -> None:
    op.drop_table("query_link")
    op.drop_table("learnt_query")
    for table in _WITH_PRODUCTS:
        op.drop_column(table, "products")
    op.drop_column("article", "verified_at")
    op.drop_column("source", "received_at")
    op.drop_column("edition", "origin_state")
    op.drop_column("edition", "vouched_at")


def _add_columns() -> None:
    for table in _WITH_PRODUCTS:
        op.add_column(table, sa.Column("products", sa.JSON(), nullable=True))
    op.add_column("article", sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("source", sa.Column("received_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("edition", sa.Column("origin_state", sa.String(32), nullable=True))
    op.add_column("edition", sa.Column("vouched_at", sa.DateTime(timezone=True), nullable=True))


def _fill_columns() -> None:
    for table in _WITH_PRODUCTS:
        op.execute(f"UPDATE {table} SET products = '[]'")  # noqa: S608 - our own names
    op.execute("UPDATE source SET received_at = created_at")
    op.execute(
        "UPDATE edition SET origin_state = (SELECT article.state FROM article"
        " WHERE article.id = edition.origin_id AND article.state <> 'archived')"
        " WHERE origin_kind = 'article'"
    )
    op.execute("UPDATE edition SET origin_state = 'accepted' WHERE origin_kind = 'note'")
    for kind, moment in (
        ("article", "coalesce(released_at, updated_at)"),
        ("note", "updated_at"),
        ("source", "received_at"),
        ("conversation", "created_at"),
    ):
        op.execute(
            f"UPDATE edition SET vouched_at = (SELECT {moment} FROM {kind}"  # noqa: S608 - our own names
            f" WHERE {kind}.id = edition.origin_id) WHERE origin_kind = '{kind}'"
        )
    # Retired editions may have outlived their origins.
    op.execute("UPDATE edition SET vouched_at = staged_at WHERE vouched_at IS NULL")


def _require_columns() -> None:
    # SQLite changes a table by copying it, and does not tell of the checks that the copy must have, too.
    checks = {"article": (sa.CheckConstraint("version >= 1", name="ck_article_version_positive"),)}
    moments = {"source": "received_at", "edition": "vouched_at"}
    for table in _WITH_PRODUCTS:
        with op.batch_alter_table(table, table_args=checks.get(table, ())) as batch:
            batch.alter_column("products", existing_type=sa.JSON(), nullable=False)
            if table in moments:
                batch.alter_column(moments[table], existing_type=sa.DateTime(timezone=True), nullable=False)


def _create_learnt_queries() -> None:
    op.create_table(
        "learnt_query",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("origin_kind", sa.String(32), nullable=False),
        sa.Column("origin_id", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_learnt_query"),
        sa.UniqueConstraint(
            "origin_kind", "origin_id", "folded", name="uq_learnt_query_origin_kind_origin_id_folded"
        ),
    )
    op.create_table(
        "query_link",
        sa.Column("query_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("is_publisher", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["query_id"],
            ["learnt_query.id"],
            name="fk_query_link_query_id_learnt_query",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["user_account.id"], name="fk_query_link_person_id_user_account"
        ),
        sa.PrimaryKeyConstraint("query_id", "person_id", name="pk_query_link"),
    )
