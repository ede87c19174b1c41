"""Signing in: passwords checked a few at a time, guessing slowed down."""

import threading
import time
from collections import deque
from dataclasses import dataclass, field

from api.request_errors import TooManyAttempts
from kb.clock import utc_now
from kb.database import Database
from kb.errors import WrongPassword
from kb.user import Origin, SignIn, User, check_password, open_session

#: argon2 takes 64 MiB and a core for each: more at once would starve searches
_CHECKS_AT_ONCE = 2
_FAILURES = 8
_WINDOW_SECONDS = 300.0
#: logins remembered; the oldest are forgotten first, so that inventing logins fills no memory
_REMEMBERED = 10_000


@dataclass(slots=True)
class SignInGate:
    """Counts failed sign-ins by login, in this process."""

    _checks: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(_CHECKS_AT_ONCE))
    _failures: dict[str, deque[float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, database: Database, *, login: str, password: str, hours: float, origin: Origin) -> SignIn:
        """Sign in for `hours`.

        Raises:
            WrongPassword: login or password is wrong.
            TooManyAttempts: this login failed 8 times within five minutes.
        """
        user = self.check(database, login=login, password=password)
        with database.transaction() as session:
            return open_session(session, user=user, now=utc_now(), hours=hours, origin=origin)

    def check(self, database: Database, *, login: str, password: str) -> User:
        """The active person whom these prove.

        Raises:
            WrongPassword, TooManyAttempts: as `enter`.
        """
        name = login.strip().casefold()[:100]
        self._refuse_guessing(name)
        try:
            with self._checks, database.reading() as session:
                user = check_password(session, login=login, password=password)
        except WrongPassword:
            self._note_failure(name)
            raise
        with self._lock:
            self._failures.pop(name, None)
        return user

    def _refuse_guessing(self, name: str) -> None:
        now = time.monotonic()
        with self._lock:
            failures = self._failures.get(name)
            if failures is None:
                return
            while failures and failures[0] < now - _WINDOW_SECONDS:
                failures.popleft()
            if len(failures) >= _FAILURES:
                raise TooManyAttempts(seconds=int(failures[0] + _WINDOW_SECONDS - now) + 1)

    def _note_failure(self, name: str) -> None:
        with self._lock:
            failures = self._failures.pop(name, None) or deque(maxlen=_FAILURES)
            failures.append(time.monotonic())
            self._failures[name] = failures
            while len(self._failures) > _REMEMBERED:
                self._failures.pop(next(iter(self._failures)))
