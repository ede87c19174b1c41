"""Trying addresses elsewhere without being led astray: never into this machine or its network, never fast."""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from codify.hyperlinks import OK, Verdict

#: before the first byte of an answer, for each step
STEP_SECONDS = 10.0
REDIRECTS = 5
#: between two requests to one host
PAUSE_SECONDS = 1.0
#: who asks to be tried again later, or lets only some in, is no dead end
_UNKNOWN = frozenset({401, 402, 403, 407, 408, 425, 429, 451})
#: what answers to HEAD with one of these may know GET
_TRY_GET = frozenset({400, 403, 404, 405, 500, 501, 503})
_AGENT = "Nagofte-link-check/1"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class ForbiddenAddress(httpcore.ConnectError):
    """A name that leads into this machine or its network."""


def is_public(address: Address) -> bool:
    """Whether anybody on the internet could reach it; also what it stands for (IPv4 in IPv6) must be so."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is not None and not is_public(inner):
            return False
        if address in _NAT64 and not is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def resolve(host: str, port: int) -> list[Address]:
    """The addresses of a name, in the order to try them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ipaddress.ip_address(str(item[4][0]).partition("%")[0]) for item in found))


@dataclass(slots=True)
class _PublicNetwork(httpcore.NetworkBackend):
    """Connects to the very addresses that were checked: a name that changes meanwhile changes nothing."""

    is_allowed: Callable[[Address], bool]
    _backend: httpcore.SyncBackend = field(default_factory=httpcore.SyncBackend)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            addresses = resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        if not addresses or not all(self.is_allowed(one) for one in addresses):
            raise ForbiddenAddress(host)
        return self._backend.connect_tcp(str(addresses[0]), port, timeout, local_address, socket_options)

    def sleep(self, seconds: float) -> None:
        self._backend.sleep(seconds)


class Fetcher:
    """Tries addresses one after the other.

    Args:
        is_allowed: which network addresses may be connected to.
        pause_seconds: between two requests to one host.
    """

    def __init__(
        self,
        *,
        is_allowed: Callable[[Address], bool] = is_public,
        pause_seconds: float = PAUSE_SECONDS,
        step_seconds: float = STEP_SECONDS,
        stopping: threading.Event | None = None,
    ) -> None:
        transport = httpx.HTTPTransport(trust_env=False)
        # httpx has no way to hand over a network; everything else of its transport is wanted.
        transport._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(),
            network_backend=_PublicNetwork(is_allowed),
            max_connections=4,
        )
        self._client = httpx.Client(
            transport=transport,
            timeout=step_seconds,
            follow_redirects=False,
            trust_env=False,
            headers={"User-Agent": _AGENT, "Accept": "*/*"},
        )
        self._pause_seconds = pause_seconds
        self._stopping = stopping or threading.Event()
        self._last: dict[str, float] = {}

    def close(self) -> None:
        self._client.close()

    def try_address(self, url: str) -> Verdict:
        """What comes of asking for it, redirects followed, nothing of its content read."""
        for _ in range(REDIRECTS + 1):
            try:
                status, location = self._ask(url)
            except ForbiddenAddress:
                return Verdict(True, "forbidden_address")
            except httpx.HTTPError as error:
                return Verdict(True, _failure(error))
            except (httpx.InvalidURL, UnicodeError, ValueError):
                return Verdict(True, "unusable")
            if location is None:
                return _of_status(status)
            url = urljoin(url, location)
            if urlsplit(url).scheme not in ("http", "https"):
                return Verdict(True, "unusable")
        return Verdict(True, "too_many_redirects")

    def _ask(self, url: str) -> tuple[int, str | None]:
        """The status, and where it leads on to."""
        for method in ("HEAD", "GET"):
            self._wait_for_turn(urlsplit(url).netloc)
            try:
                with self._client.stream(method, url) as answer:
                    if method == "HEAD" and answer.status_code in _TRY_GET:
                        continue
                    location = answer.headers.get("location") if answer.is_redirect else None
                    return answer.status_code, location
            except httpx.ConnectError as error:
                if isinstance(error.__cause__, ForbiddenAddress):
                    raise error.__cause__ from error
                raise
            except httpx.RemoteProtocolError:
                if method == "GET":
                    raise
        raise AssertionError("GET always answers or raises")

    def _wait_for_turn(self, host: str) -> None:
        last = self._last.get(host)
        if last is not None:
            self._stopping.wait(max(0.0, last + self._pause_seconds - time.monotonic()))
        self._last[host] = time.monotonic()


def _of_status(status: int) -> Verdict:
    if status < 400:
        return OK
    return Verdict(None if status in _UNKNOWN else True, str(status))


def _failure(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return "no_answer_in_time"
    return "bad_certificate" if "CERTIFICATE" in str(error).upper() else "no_answer"
