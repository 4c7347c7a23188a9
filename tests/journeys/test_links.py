"""Asking the web: a server of our own stands in for it."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from oerbook.cli.output import ProgressBars
from oerbook.tasks.check.check import CheckOptions, check
from oerbook.tools.link_checker import LinkCheckOptions, check_links
from tests.conftest import INDEX, write


class Site(BaseHTTPRequestHandler):
    """Answers by path: /404, /once (busy the first time), /moved, /loop, /gethere (knows no HEAD)."""

    seen: list[str] = []

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        Site.seen.append(f"{self.command} {self.path}")
        name = self.path.strip("/").partition("?")[0]
        status = int(name) if name.isdigit() else 200
        if name == "once" and Site.seen.count(f"{self.command} {self.path}") == 1:
            status = 429
        if name == "gethere" and self.command == "HEAD":
            status = 405
        target = {
            "moved": "/new", "loop": "/loop", "inside": "http://169.254.169.254/", "broken": "http://[bad/",
        }.get(name, "")  # fmt: skip
        self.send_response(301 if target else status)
        if target:
            self.send_header("Location", target)
        self.send_header("Retry-After", "0")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Site.seen.clear()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def dribble() -> Iterator[str]:
    """A server that sends a byte now and then and never comes to an end."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                caller, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=talk, args=[caller], daemon=True).start()

    def talk(caller: socket.socket) -> None:
        with contextlib.suppress(OSError), caller:
            caller.recv(1000)
            caller.sendall(b"HTTP/1.1 200 OK\r\n")
            for _ in range(600):
                caller.sendall(b"X: y\r\n"[:1])
                time.sleep(0.1)

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    listening.close()


def test_a_slow_server_is_given_up_after_a_timeout(dribble: str) -> None:
    begun = time.monotonic()
    manners = LinkCheckOptions(timeout_s=0.5, max_tries=2, max_pause_s=0.01, allow_private=True)
    (answer,) = check_links([f"{dribble}/a"], manners, lambda: None)
    assert (answer.status, answer.reason) == (0, "no response in time")
    assert time.monotonic() - begun < 10


def test_the_link_check_ends_after_its_total_time_limit(dribble: str) -> None:
    begun = time.monotonic()
    manners = LinkCheckOptions(timeout_s=30, total_timeout_s=1, allow_private=True)
    answers = check_links([f"{dribble}/{n}" for n in range(50)], manners, lambda: None)
    assert {answer.reason for answer in answers} == {"there was no time left to check it"} and len(answers) == 50
    assert time.monotonic() - begun < 10


QUICK = LinkCheckOptions(timeout_s=5, max_pause_s=0.01, allow_private=True)


@pytest.mark.parametrize(
    ("path", "status", "reason"),
    [
        ("/", 200, ""),
        ("/404", 404, ""),
        ("/503", 503, ""),
        ("/once", 200, ""),
        ("/gethere", 200, ""),
        ("/loop", 0, "it redirects endlessly"),
    ],
)
def test_the_final_status_of_a_link_is_reported(site: str, path: str, status: int, reason: str) -> None:
    (answer,) = check_links([site + path], QUICK, lambda: None)
    assert (answer.status, answer.reason) == (status, reason)
    assert len(Site.seen) <= 8  # going round once is enough


def test_a_failed_connection_is_not_reported_as_a_timeout(site: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    options = LinkCheckOptions(timeout_s=5, max_tries=1, allow_private=True)
    refused, unknown = check_links([f"http://127.0.0.1:{port}/", "http://nowhere.invalid/"], options, lambda: None)
    assert refused.reason == "no connection"
    assert unknown.reason == "the site does not exist, or there is no network"


def test_an_invalid_redirect_does_not_stop_the_check(site: str) -> None:
    broken, good = check_links([f"{site}/broken", f"{site}/"], QUICK, lambda: None)
    assert (broken.status, broken.reason) == (0, "it redirects to something that is no web page")
    assert good.status == 200


def test_a_page_that_moved_for_good_says_where(site: str) -> None:
    (answer,) = check_links([f"{site}/moved"], QUICK, lambda: None)
    assert (answer.status, answer.redirect_target) == (200, f"{site}/new")


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://[::1]:{port}/"])
def test_addresses_in_private_networks_are_never_requested(site: str, url: str) -> None:
    port = site.rpartition(":")[2]
    (answer,) = check_links([url.format(port=port)], LinkCheckOptions(timeout_s=5, max_tries=1), lambda: None)
    assert answer.status == 0
    assert Site.seen == []


@pytest.mark.parametrize("url", ["http://[bad/", "https://", "http://a..b/", "http://" + "a" * 70 + ".org/"])
def test_an_invalid_web_address_gets_an_answer_without_a_status(url: str) -> None:
    (answer,) = check_links([url], LinkCheckOptions(timeout_s=2, max_tries=1), lambda: None)
    assert answer.status == 0


@pytest.mark.slow
def test_successful_link_checks_are_cached_for_a_week(site: str, tmp_path: Path) -> None:
    text = f"# A\n\n[one]({site}/a#b) [two]({site}/404) [three]({site}/a)\n"
    root = write(tmp_path / "book", {"chapters/index.md": INDEX, "chapters/01-a.md": text})
    codes = []
    for now in (1_000_000, 1_000_100, 9_000_000):
        wishes = CheckOptions(check_links=True, now_s=now, link_options=QUICK)
        found = check(root, tmp_path / "out", wishes, ProgressBars(quiet=True))
        codes.append([f.code for f in found if f.code.startswith("link")])
    assert codes == [["link-broken"]] * 3
    assert Site.seen.count("HEAD /a") == 2
