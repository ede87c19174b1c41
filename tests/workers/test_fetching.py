"""Addresses elsewhere are tried over real sockets, and never inside the network of the installation."""

import ipaddress
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from codify.hyperlinks import OK, Verdict
from workers.fetching import Fetcher, is_public, resolve


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:db8::1",
    ],
)
def test_nothing_inside_is_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "185.143.232.1", "2606:4700:4700::1111"])
def test_what_anybody_can_reach_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


class _Answers(BaseHTTPRequestHandler):
    asked: list[tuple[str, str, float]]

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        type(self).asked.append((self.command, self.path, time.monotonic()))
        what = self.path.strip("/")
        status = int(what[:3]) if what[:3].isdigit() else 200
        if what == "405-to-head" and self.command == "GET":
            status = 200
        if what.startswith("drop"):
            self.connection.close()
            return
        if what == "slow":
            time.sleep(1.5)
        self.send_response(status)
        if what.startswith("30"):
            self.send_header("Location", self.path.partition("?to=")[2] or self.path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    _Answers.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    """One that may go to this machine, and only as 127.0.0.1."""
    made = Fetcher(is_allowed=lambda one: str(one) == "127.0.0.1", pause_seconds=0.0, step_seconds=1.0)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("path", "verdict", "methods"),
    [
        ("/", OK, ["HEAD"]),
        ("/405-to-head", OK, ["HEAD", "GET"]),
        ("/404", Verdict(True, "404"), ["HEAD", "GET"]),
        ("/410", Verdict(True, "410"), ["HEAD"]),
        ("/403", Verdict(None, "403"), ["HEAD", "GET"]),
        ("/429", Verdict(None, "429"), ["HEAD"]),
        ("/500", Verdict(True, "500"), ["HEAD", "GET"]),
        ("/302?to=/there", OK, ["HEAD", "HEAD"]),
        ("/301?to=/404", Verdict(True, "404"), ["HEAD", "HEAD", "GET"]),
        ("/302?to=ftp://127.0.0.1/", Verdict(True, "unusable"), ["HEAD"]),
        ("/drop", Verdict(True, "no_answer"), ["HEAD", "GET"]),
    ],
)
def test_what_comes_of_an_address(
    site: str, fetcher: Fetcher, path: str, verdict: Verdict, methods: list[str]
) -> None:
    assert fetcher.try_address(site + path) == verdict
    assert [method for method, _, _ in _Answers.asked] == methods


def test_a_circle_ends(site: str, fetcher: Fetcher) -> None:
    assert fetcher.try_address(f"{site}/302").outcome == "too_many_redirects"
    assert len(_Answers.asked) == 6


def test_a_slow_one_is_not_waited_for(site: str, fetcher: Fetcher) -> None:
    assert fetcher.try_address(f"{site}/slow") == Verdict(True, "no_answer_in_time")


def test_nobody_there_is_no_answer(fetcher: Fetcher) -> None:
    assert fetcher.try_address("http://127.0.0.1:1/") == Verdict(True, "no_answer")
    assert fetcher.try_address("http://no-such-host.invalid/") == Verdict(True, "no_answer")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0"])
def test_this_machine_is_never_asked(site: str, host: str) -> None:
    port = site.rpartition(":")[2]
    fetcher = Fetcher(pause_seconds=0.0, step_seconds=1.0)
    verdict = fetcher.try_address(f"http://{host}:{port}/")
    assert verdict.is_broken
    assert verdict.outcome in {"forbidden_address", "no_answer"}
    assert _Answers.asked == []
    fetcher.close()


def test_a_redirect_into_the_network_is_not_followed(site: str, fetcher: Fetcher) -> None:
    port = site.rpartition(":")[2]
    assert fetcher.try_address(f"{site}/302?to=http://127.0.0.2:{port}/") == Verdict(
        True, "forbidden_address"
    )
    assert len(_Answers.asked) == 1


def test_proxies_of_the_environment_are_not_asked(
    site: str, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert fetcher.try_address(site) == OK


class _Pauses(threading.Event):
    """Notes how long it was to be waited, and does not."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds.append(timeout or 0.0)
        return False


def test_one_host_is_not_hurried(site: str) -> None:
    pauses = _Pauses()
    fetcher = Fetcher(is_allowed=lambda _one: True, pause_seconds=3600.0, stopping=pauses)
    for _ in range(3):
        fetcher.try_address(site)
    fetcher.close()
    assert len(pauses.seconds) == 2
    assert all(0.0 < seconds <= 3600.0 for seconds in pauses.seconds)


def test_a_name_is_resolved_once_and_connected_to_as_checked() -> None:
    assert ipaddress.ip_address("127.0.0.1") in resolve("localhost", 80)
