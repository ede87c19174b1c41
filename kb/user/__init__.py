"""People and their sign-ins; passwords and session tokens are kept as hashes only."""

from kb.user.attempt import BegunAttempt, TakenAttempt, begin_attempt, take_attempt
from kb.user.identity import Admission, Identity, admit_identity, connect_identity, disconnect_identity
from kb.user.model import PasswordReset, SignInAttempt, User, UserSession
from kb.user.password import ResetSecret, choose_password, reset_password, set_password
from kb.user.read import (
    caller_of_user,
    checked_person,
    get_user,
    list_users,
    members_of,
    user_of_login,
)
from kb.user.refusals import OldPasswordWrong
from kb.user.session import (
    Origin,
    SignIn,
    caller_of_session,
    check_password,
    csrf_token,
    end_session,
    end_sessions,
    list_sessions,
    open_session,
    session_id_of,
    sign_in,
    sign_out,
)
from kb.user.write import change_user, choose_language, clean_login, create_user

__all__ = [
    "Admission",
    "BegunAttempt",
    "Identity",
    "OldPasswordWrong",
    "Origin",
    "PasswordReset",
    "ResetSecret",
    "SignIn",
    "SignInAttempt",
    "TakenAttempt",
    "User",
    "UserSession",
    "admit_identity",
    "begin_attempt",
    "caller_of_session",
    "caller_of_user",
    "change_user",
    "check_password",
    "checked_person",
    "choose_language",
    "choose_password",
    "clean_login",
    "connect_identity",
    "create_user",
    "csrf_token",
    "disconnect_identity",
    "end_session",
    "end_sessions",
    "get_user",
    "list_sessions",
    "list_users",
    "members_of",
    "open_session",
    "reset_password",
    "session_id_of",
    "set_password",
    "sign_in",
    "sign_out",
    "take_attempt",
    "user_of_login",
]
