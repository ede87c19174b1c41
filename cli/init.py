"""`kb init`: data directory, record and administrator, without starting anything."""

from typing import TYPE_CHECKING

from cli.output import say

if TYPE_CHECKING:
    from kb.database import Database

ADMIN_LOGIN = "admin"


def init() -> None:
    """Create the data directory, bring the record's schema up to date, and create the administrator."""
    from cli.opening import is_production, open_record, read_settings
    from kb.database import Database
    from kb.migrate import upgrade

    settings = read_settings()
    if is_production(settings):  # nobody's lock guards a server's record; migrating is this command's part
        database = Database(settings.record_url)
        try:
            revision = upgrade(database)
        finally:
            database.close()
        say(f"The record's schema is at revision {revision}.")
    with open_record(settings, create=True) as opened:
        password = create_first_admin(opened.database)
    if password is None:
        say("Ready. The record has its users already.")
    else:
        say(f"Ready. Sign in as {ADMIN_LOGIN}; the password is shown only now: {password}")


def create_first_admin(database: "Database") -> str | None:
    """Create the administrator where the record has no administrator yet.

    Returns:
        The one-time password, or None where there was nothing to do.
    """
    from sqlalchemy import select

    from kb.password import new_password
    from kb.user import User, create_user
    from kb.visibility import OPERATOR
    from kb.vocabulary import Language, Role

    with database.reading() as session:
        if session.scalar(select(User.id).where(User.role == Role.ADMIN).limit(1)) is not None:
            return None
    password = new_password()
    with database.transaction() as session:
        create_user(
            session,
            caller=OPERATOR,
            login=ADMIN_LOGIN,
            name=ADMIN_LOGIN,
            role=Role.ADMIN,
            language=Language.PERSIAN,
            password=password,
        )
    return password
