"""What visitors may send: a few an hour from each address, so that nobody fills the desk alone."""

import ipaddress
import threading
import time
from collections import deque
from dataclasses import dataclass, field

from starlette.requests import Request

from api.request_errors import TooManyFlags

_EACH, _ALL = 10, 300
_WINDOW_SECONDS = 3600.0
#: addresses remembered; the oldest are forgotten first
_REMEMBERED = 10_000


@dataclass(slots=True)
class VisitorLimit:
    """Counts what visitors sent within the last hour, in this process."""

    _sent: dict[str, deque[float]] = field(default_factory=dict)
    _of_all: deque[float] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, request: Request) -> None:
        """Count one more from where the request comes from.

        Raises:
            TooManyFlags: 10 from there, or 300 from anywhere, within an hour.
        """
        now = time.monotonic()
        name = _network_of(request.client.host if request.client else "")
        with self._lock:
            own = self._sent.pop(name, None) or deque()
            self._sent[name] = own
            for sent, most in ((own, _EACH), (self._of_all, _ALL)):
                while sent and sent[0] < now - _WINDOW_SECONDS:
                    sent.popleft()
                if len(sent) >= most:
                    raise TooManyFlags(minutes=int((sent[0] + _WINDOW_SECONDS - now) // 60) + 1)
            own.append(now)
            self._of_all.append(now)
            while len(self._sent) > _REMEMBERED:
                self._sent.pop(next(iter(self._sent)))


def _network_of(host: str) -> str:
    """An IPv4 address, or the network that one subscriber has of IPv6."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))
