"""Passwords: argon2id (RFC 9106), rules, and answers that take as long for unknown logins."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kb.errors import WeakPassword

LEAST_CHARS = 10
#: argon2 hashes any length; a bound keeps a hostile one from costing time
MOST_CHARS = 1000

#: without letters and digits that look alike when read from a screen
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"

_HASHER = PasswordHasher()


def hash_password(password: str, *, login: str) -> str:
    """The argon2id hash of an acceptable password, with its own salt and the library's parameters.

    Raises:
        WeakPassword: under 10 or over 1000 characters, or the login itself.
    """
    same = password.strip().casefold() == login.casefold()
    if same or not LEAST_CHARS <= len(password) <= MOST_CHARS or not password.strip():
        raise WeakPassword(least=LEAST_CHARS, most=MOST_CHARS)
    return _HASHER.hash(_bytes(password))


def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether `password` is the one that was hashed; without a hash as slow, and never."""
    known = password_hash is not None and len(password) <= MOST_CHARS
    try:
        _HASHER.verify(
            password_hash if known and password_hash else _dummy_hash(), _bytes(password[:MOST_CHARS])
        )
    except (VerificationError, InvalidHashError):
        return False
    return known


def new_password() -> str:
    """Sixteen random characters in groups of four, to be read from a screen: 80 bits."""
    letters = [secrets.choice(_ALPHABET) for _ in range(16)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, 16, 4))


@cache
def _dummy_hash() -> str:
    return _HASHER.hash("nobody has this password")


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
