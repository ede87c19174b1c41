"""Curation: teams, reviews, links, flags, findings, checks before a release, what notes were asked."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from kb.clock import new_id, utc_now

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None

#: in the order of their foreign keys
_TABLES = (
    "team",
    "team_member",
    "link",
    "flag",
    "review",
    "attachment_blob",
    "attachment",
    "article_template",
    "hyperlink",
    "release_check",
    "note_answer",
    "finding",
    "reminder",
)
#: the tables of what may be for some customer segments only, and the edition, which repeats them
_WITH_SEGMENTS = ("article", "note", "source", "edition")


def upgrade() -> None:
    _create_teams()
    _move_people_into_teams()
    _change_people_and_keys()
    _change_articles()
    _change_notes()
    _add_segments()
    _create_links_and_flags()
    _create_article_parts()
    _create_note_answers()
    _create_findings_and_reminders()
    op.create_index(
        "uq_edition_proposed",
        "edition",
        ["origin_kind", "origin_id"],
        unique=True,
        sqlite_where=_PROPOSED,
        postgresql_where=_PROPOSED,
    )


def downgrade() -> None:
    op.drop_index("uq_edition_proposed", "edition")
    op.execute("DELETE FROM edition WHERE state = 'proposed'")
    for table in reversed([table for table in _TABLES if table not in ("team", "team_member")]):
        op.drop_table(table)
    for table in _WITH_SEGMENTS:
        op.drop_column(table, "segments")
    with op.batch_alter_table("note") as batch:
        batch.drop_index("ix_note_article_id")
        batch.drop_column("article_id")
    with op.batch_alter_table("article", table_args=_ARTICLE_CHECKS) as batch:
        for index in _ARTICLE_INDEXES:
            batch.drop_index(index)
        for name, _ in _ARTICLE_COLUMNS:
            batch.drop_column(name)
    _move_people_out_of_teams()
    op.drop_table("team_member")
    op.drop_table("team")


_PROPOSED = sa.text("state = 'proposed'")
_MOMENT = sa.DateTime(timezone=True)
# SQLite changes a table by copying it, and does not tell of the checks that the copy must have, too.
_ARTICLE_CHECKS = (sa.CheckConstraint("version >= 1", name="ck_article_version_positive"),)
_ARTICLE_COLUMNS: tuple[tuple[str, sa.types.TypeEngine[Any]], ...] = (
    ("owner_team_id", sa.String()),
    ("verify_every_days", sa.Integer()),
    ("verify_due_at", _MOMENT),
    ("last_used_at", _MOMENT),
    ("use_count", sa.Integer()),
    ("release_at", _MOMENT),
    ("archive_at", _MOMENT),
    ("scheduled_by", sa.String()),
    ("merged_into_id", sa.String()),
    ("translates_id", sa.String()),
    ("translates_number", sa.Integer()),
    ("external_id", sa.String()),
)
_ARTICLE_INDEXES = {
    "ix_article_verify_due_at": ["verify_due_at", "id"],
    "ix_article_last_used_at": ["last_used_at", "id"],
    "ix_article_owner_id": ["owner_id"],
    "ix_article_owner_team_id": ["owner_team_id"],
    "ix_article_merged_into_id": ["merged_into_id"],
    "ix_article_translates_id": ["translates_id"],
}


def _move_people_into_teams() -> None:
    """What was free text beside a person becomes a team that may own articles."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, team FROM user_account WHERE trim(team) <> ''")).all()
    ids: dict[str, str] = {}
    for user_id, name in rows:
        name = " ".join(name.split())
        if name not in ids:
            ids[name] = new_id()
            connection.execute(
                sa.text(
                    "INSERT INTO team (id, name, version, created_at) VALUES (:id, :name, 1, :at)"
                ).bindparams(sa.bindparam("at", type_=_MOMENT)),
                {"id": ids[name], "name": name, "at": utc_now()},
            )
        connection.execute(
            sa.text("INSERT INTO team_member (team_id, user_id) VALUES (:team, :user)"),
            {"team": ids[name], "user": user_id},
        )


def _move_people_out_of_teams() -> None:
    with op.batch_alter_table("user_account") as batch:
        batch.drop_column("email")
        batch.drop_column("oidc_subject")
        batch.add_column(sa.Column("team", sa.String(), nullable=True))
    op.execute(
        "UPDATE user_account SET team = coalesce((SELECT min(team.name) FROM team JOIN team_member"
        " ON team_member.team_id = team.id WHERE team_member.user_id = user_account.id), '')"
    )
    with op.batch_alter_table("user_account") as batch:
        batch.alter_column("team", existing_type=sa.String(), nullable=False)
    for name in ("segments", "products"):
        op.drop_column("api_key", name)


def _change_people_and_keys() -> None:
    op.add_column("user_account", sa.Column("email", sa.String(), nullable=True))
    op.execute("UPDATE user_account SET email = ''")
    with op.batch_alter_table("user_account") as batch:
        batch.alter_column("email", existing_type=sa.String(), nullable=False)
        batch.add_column(sa.Column("oidc_subject", sa.String(), nullable=True))
        batch.create_unique_constraint("uq_user_account_oidc_subject", ["oidc_subject"])
        batch.drop_column("team")
    for name in ("segments", "products"):
        op.add_column("api_key", sa.Column(name, sa.JSON(), nullable=True))
    op.execute("UPDATE api_key SET segments = '[]', products = '[]'")
    with op.batch_alter_table("api_key") as batch:
        for name in ("segments", "products"):
            batch.alter_column(name, existing_type=sa.JSON(), nullable=False)


def _change_articles() -> None:
    for name, type_ in _ARTICLE_COLUMNS:
        op.add_column("article", sa.Column(name, type_, nullable=True))
    op.execute("UPDATE article SET use_count = 0")
    with op.batch_alter_table("article", table_args=_ARTICLE_CHECKS) as batch:
        batch.alter_column("use_count", existing_type=sa.Integer(), nullable=False)
        batch.create_unique_constraint("uq_article_external_id", ["external_id"])
        for column, table in (
            ("owner_team_id", "team"),
            ("scheduled_by", "user_account"),
            ("merged_into_id", "article"),
            ("translates_id", "article"),
        ):
            batch.create_foreign_key(f"fk_article_{column}_{table}", table, [column], ["id"])
    for index, columns in _ARTICLE_INDEXES.items():
        op.create_index(index, "article", columns)


def _change_notes() -> None:
    with op.batch_alter_table("note") as batch:
        batch.add_column(sa.Column("article_id", sa.String(), nullable=True))
        batch.create_foreign_key("fk_note_article_id_article", "article", ["article_id"], ["id"])
    op.create_index("ix_note_article_id", "note", ["article_id"])


def _add_segments() -> None:
    checks = {"article": _ARTICLE_CHECKS}
    for table in _WITH_SEGMENTS:
        op.add_column(table, sa.Column("segments", sa.JSON(), nullable=True))
        op.execute(f"UPDATE {table} SET segments = '[]'")  # noqa: S608 - our own names
        with op.batch_alter_table(table, table_args=checks.get(table, ())) as batch:
            batch.alter_column("segments", existing_type=sa.JSON(), nullable=False)


def _create_teams() -> None:
    op.create_table(
        "team",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_team"),
        sa.UniqueConstraint("name", name="uq_team_name"),
    )
    op.create_table(
        "team_member",
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name="fk_team_member_team_id_team", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_team_member_user_id_user_account"),
        sa.PrimaryKeyConstraint("team_id", "user_id", name="pk_team_member"),
    )
    op.create_index("ix_team_member_user_id", "team_member", ["user_id"])


def _create_links_and_flags() -> None:
    op.create_table(
        "link",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("revision_id", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("case_ref", sa.String(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_link_article_id_article"),
        sa.ForeignKeyConstraint(["person_id"], ["user_account.id"], name="fk_link_person_id_user_account"),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["article_revision.id"], name="fk_link_revision_id_article_revision"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_link"),
    )
    op.create_index("ix_link_article_id_linked_at", "link", ["article_id", "linked_at", "id"])
    op.create_index("ix_link_person_id", "link", ["person_id"])
    op.create_index(
        "uq_link_case",
        "link",
        ["article_id", "case_ref"],
        unique=True,
        sqlite_where=sa.text("case_ref <> ''"),
        postgresql_where=sa.text("case_ref <> ''"),
    )
    op.create_table(
        "flag",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("origin_kind", sa.String(32), nullable=False),
        sa.Column("origin_id", sa.String(), nullable=False),
        sa.Column("revision_id", sa.String(), nullable=True),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("raised_by", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["closed_by"], ["user_account.id"], name="fk_flag_closed_by_user_account"),
        sa.ForeignKeyConstraint(["person_id"], ["user_account.id"], name="fk_flag_person_id_user_account"),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["article_revision.id"], name="fk_flag_revision_id_article_revision"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_flag"),
    )
    op.create_index("ix_flag_origin", "flag", ["origin_kind", "origin_id", "state"])
    op.create_index("ix_flag_state_raised_at", "flag", ["state", "raised_at", "id"])


def _create_article_parts() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("revision_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("requested_by", sa.String(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewer_id", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_review_article_id_article"),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user_account.id"], name="fk_review_decided_by_user_account"
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["user_account.id"], name="fk_review_requested_by_user_account"
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["user_account.id"], name="fk_review_reviewer_id_user_account"
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["article_revision.id"], name="fk_review_revision_id_article_revision"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
    )
    op.create_index("ix_review_article_id", "review", ["article_id", "id"])
    op.create_index("ix_review_state_requested_at", "review", ["state", "requested_at", "id"])
    op.create_index(
        "uq_review_requested",
        "review",
        ["article_id"],
        unique=True,
        sqlite_where=sa.text("state = 'requested'"),
        postgresql_where=sa.text("state = 'requested'"),
    )
    op.create_table(
        "attachment_blob",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_attachment_blob"),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_attachment_article_id_article"),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name="fk_attachment_created_by_user_account"
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["attachment_blob.sha256"], name="fk_attachment_sha256_attachment_blob"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
    )
    op.create_index("ix_attachment_article_id", "attachment", ["article_id", "id"])
    op.create_index("ix_attachment_sha256", "attachment", ["sha256"])
    op.create_table(
        "article_template",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(32), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("environment", sa.Text(), nullable=False),
        sa.Column("resolution", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_article_template"),
        sa.UniqueConstraint("name", name="uq_article_template_name"),
    )
    op.create_table(
        "hyperlink",
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("is_broken", sa.Boolean(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_hyperlink_article_id_article", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "address", name="pk_hyperlink"),
    )
    op.create_index("ix_hyperlink_is_broken", "hyperlink", ["is_broken", "article_id"])
    op.create_table(
        "release_check",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("revision_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("requested_by", sa.String(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report", sa.JSON(), nullable=True),
        sa.Column("broken_count", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.String(), nullable=True),
        sa.Column("error_data", sa.JSON(), nullable=True),
        sa.Column("override_reason", sa.Text(), nullable=False),
        sa.Column("overridden_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_release_check_article_id_article"),
        sa.ForeignKeyConstraint(
            ["overridden_by"], ["user_account.id"], name="fk_release_check_overridden_by_user_account"
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["user_account.id"], name="fk_release_check_requested_by_user_account"
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["article_revision.id"], name="fk_release_check_revision_id_article_revision"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_release_check"),
    )
    op.create_index("ix_release_check_article_id", "release_check", ["article_id", "id"])
    op.create_index("ix_release_check_revision_id", "release_check", ["revision_id"])


def _create_note_answers() -> None:
    op.create_table(
        "note_answer",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("note_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("element", sa.String(32), nullable=False),
        sa.Column("probe", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["note_id"], ["note.id"], name="fk_note_answer_note_id_note", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_note_answer"),
        sa.UniqueConstraint("note_id", "number", name="uq_note_answer_note_id_number"),
    )


def _create_findings_and_reminders() -> None:
    op.create_table(
        "finding",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("left_kind", sa.String(32), nullable=False),
        sa.Column("left_id", sa.String(), nullable=False),
        sa.Column("right_kind", sa.String(32), nullable=False),
        sa.Column("right_id", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["closed_by"], ["user_account.id"], name="fk_finding_closed_by_user_account"),
        sa.PrimaryKeyConstraint("id", name="pk_finding"),
        sa.UniqueConstraint("fingerprint", name="uq_finding_fingerprint"),
    )
    op.create_index("ix_finding_left", "finding", ["left_kind", "left_id"])
    op.create_index("ix_finding_right", "finding", ["right_kind", "right_id"])
    op.create_index("ix_finding_state_kind", "finding", ["state", "kind", "found_at", "id"])
    op.create_table(
        "reminder",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["user_account.id"], name="fk_reminder_person_id_user_account"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
        sa.UniqueConstraint("person_id", "day", name="uq_reminder_person_id_day"),
    )
