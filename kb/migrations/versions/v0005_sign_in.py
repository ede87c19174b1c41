"""Signing in: by an identity provider, with one-time secrets, and where from."""

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None

_ADDED = ("id", "way", "user_agent", "address", "id_token")


def upgrade() -> None:
    _describe_sessions()
    op.create_table(
        "sign_in_attempt",
        sa.Column("state_hash", sa.String(), nullable=False),
        sa.Column("browser_hash", sa.String(), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("verifier", sa.String(), nullable=False),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("return_path", sa.Text(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name="fk_sign_in_attempt_user_id_user_account"
        ),
        sa.PrimaryKeyConstraint("state_hash", name="pk_sign_in_attempt"),
    )
    op.create_index("ix_sign_in_attempt_expires_at", "sign_in_attempt", ["expires_at"])
    op.create_table(
        "password_reset",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name="fk_password_reset_user_id_user_account"
        ),
        sa.PrimaryKeyConstraint("user_id", name="pk_password_reset"),
    )


def downgrade() -> None:
    op.drop_table("password_reset")
    op.drop_index("ix_sign_in_attempt_expires_at", "sign_in_attempt")
    op.drop_table("sign_in_attempt")
    with op.batch_alter_table("user_session") as batch:
        batch.drop_constraint("uq_user_session_id", type_="unique")
        for name in _ADDED:
            batch.drop_column(name)


def _describe_sessions() -> None:
    for name, kind in (
        ("id", sa.String()),
        ("way", sa.String(32)),
        ("user_agent", sa.Text()),
        ("address", sa.String()),
        ("id_token", sa.Text()),
    ):
        op.add_column("user_session", sa.Column(name, kind, nullable=True))
    # Of those who are signed in nothing more is known; a part of the hash names them as well as anything.
    op.execute(
        "UPDATE user_session SET id = substr(token_hash, 1, 32), way = 'password',"
        " user_agent = '', address = ''"
    )
    with op.batch_alter_table("user_session") as batch:
        for name, kind in (("id", sa.String()), ("way", sa.String(32)), ("user_agent", sa.Text())):
            batch.alter_column(name, existing_type=kind, nullable=False)
        batch.alter_column("address", existing_type=sa.String(), nullable=False)
        batch.create_unique_constraint("uq_user_session_id", ["id"])
