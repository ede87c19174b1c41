"""One spelling for every JSON value, so that equal values have equal hashes."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from kb.text import storable


def plain(value: Any) -> Any:
    """`value` as JSON keeps it: storable strings, ISO 8601 times in UTC, other objects as their text."""
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return storable(str(value))
        case datetime():
            return value.astimezone(UTC).isoformat()
        case Mapping():
            return {storable(str(key)): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case set() | frozenset():
            return sorted((plain(item) for item in value), key=str)
        case _:
            return storable(str(value))


def canonical_json(value: Any) -> str:
    """Sorted keys, no white space, letters as themselves; `value` is made `plain` first."""
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256_of(value: Any) -> str:
    """Lower-case hexadecimal SHA-256 of the canonical JSON of `value`."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()
