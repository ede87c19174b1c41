"""Changing one's own password: the old one is proven, and this browser stays signed in."""

from starlette.requests import Request

from api.service import Service
from api.session_cookie import origin_of
from kb.clock import utc_now
from kb.errors import WrongPassword
from kb.user import OldPasswordWrong, SignIn, get_user, open_session, set_password
from kb.visibility import Caller


def change_own_password(service: Service, request: Request, caller: Caller, *, old: str, new: str) -> SignIn:
    """Take another password; every sign-in of before is over, and a fresh one comes back.

    Raises:
        OldPasswordWrong, WeakPassword.
        TooManyAttempts: the old one was guessed at too often.
    """
    with service.database.reading() as session:
        login = get_user(session, caller=caller, user_id=caller.id).login
    if not old:
        raise OldPasswordWrong
    try:
        proven = service.gate.check(service.database, login=login, password=old)
    except WrongPassword as wrong:
        raise OldPasswordWrong from wrong
    with service.database.transaction() as session:
        user = set_password(session, caller=caller, user_id=caller.id, password=new, proven=proven)
        hours, origin = service.settings.session_hours, origin_of(request)
        return open_session(session, user=user, now=utc_now(), hours=hours, origin=origin)
