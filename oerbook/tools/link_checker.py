"""Asking the web whether an address is still there: politely, one question a site at a time, never inside a network."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from oerbook import __version__
from oerbook.model.proof import Answer

AGENT = {"User-Agent": f"oerbook/{__version__} (checks links of an open textbook)", "Accept": "*/*"}
FOR_GOOD = frozenset({301, 308})
ELSEWHERE = frozenset({301, 302, 303, 307, 308})
AGAIN = frozenset({429, 500, 502, 503, 504})
ASK_IN_FULL = frozenset({400, 403, 404, 405, 406, 410, 501})  # sites that do not know HEAD answer so
MOST_HOPS = 8
ENDLESS = "it leads from one address to the next without end"


class PrivateAddressError(Exception):
    """The address lies inside somebody's own network."""


def is_public(address: str) -> bool:
    """Say whether an IP address belongs to the open network.

    >>> is_public("127.0.0.1"), is_public("169.254.169.254"), is_public("1.1.1.1")
    (False, False, True)
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None)
    return (inner or found).is_global and not found.is_multicast


class _Watched:
    """What both kinds of connection share: no address inside a network, and an end however slowly a server talks."""

    private = False
    most = 60.0
    _watch: _Watch | None = None

    def _new_conn(self) -> socket.socket:
        sock: socket.socket = super()._new_conn()  # type: ignore[misc]
        # what counts is where we are connected, not what a name said before
        if not self.private and not is_public(sock.getpeername()[0]):
            sock.close()
            raise PrivateAddressError
        self._watch = _Watch(self.most, sock)
        return sock

    def getresponse(self) -> Any:
        found = super().getresponse()  # type: ignore[misc]
        if self._watch is not None and self._watch.late:
            raise TimeoutError
        return found

    def close(self) -> None:
        if self._watch is not None:
            self._watch.end()
        super().close()  # type: ignore[misc]


class _Watch:
    """Ends a connection after so many seconds; whoever reads from it is told that it ended."""

    def __init__(self, seconds: float, sock: socket.socket) -> None:
        self.late = False
        self._sock = socket.socket(fileno=os.dup(sock.fileno()))
        self._alarm = threading.Timer(seconds, self._hang_up)
        self._alarm.daemon = True
        self._alarm.start()

    def _hang_up(self) -> None:
        self.late = True
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        self._alarm.cancel()
        self._sock.close()


def _pools(manners: Manners) -> dict[str, Any]:
    """Return the connection pools of these manners, by scheme."""
    how = {"private": manners.private, "most": manners.seconds * 2}
    plain = type("Plain", (_Watched, HTTPConnection), how)
    secure = type("Secure", (_Watched, HTTPSConnection), how)
    return {
        "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
    }


@dataclass(frozen=True, slots=True)
class Manners:
    """How the web is asked: seconds for one answer and in all, tries, the longest pause, whether own networks are allowed.

    A server that goes on talking gets twice the seconds.
    """

    seconds: float = 15
    in_all: float = 3600
    tries: int = 3
    longest_pause: float = 20
    private: bool = False


def ask(urls: Iterable[str], manners: Manners, advance: Callable[[], object]) -> list[Answer]:
    """Return what the web says of each address; sites are asked at once, the addresses of a site one by one."""
    asked = list(dict.fromkeys(urls))
    sites: dict[str, list[str]] = {}
    for url in asked:
        sites.setdefault(_site(url), []).append(url)
    web = urllib3.PoolManager(num_pools=32, retries=False)
    web.pool_classes_by_scheme = _pools(manners)
    waiting = deque(sites.values())
    found: dict[str, Answer] = {}
    end = time.monotonic() + manners.in_all

    def work() -> None:
        while waiting:
            with contextlib.suppress(IndexError):
                for url in waiting.popleft():
                    if time.monotonic() < end:
                        found[url] = _patiently(web, url, manners)
                        advance()

    crew = [threading.Thread(target=work, daemon=True) for _ in range(min(16, len(sites)))]
    for worker in crew:
        worker.start()
    for worker in crew:
        worker.join(max(0, end - time.monotonic()))
    answers = dict(found)  # whoever is still waiting for an answer is left behind
    return [answers.get(url, Answer(url, 0, reason="there was no time left for it")) for url in asked]


def _site(url: str) -> str:
    try:
        return urlsplit(url).netloc.casefold()
    except ValueError:
        return ""


def _patiently(web: urllib3.PoolManager, url: str, manners: Manners) -> Answer:
    answer = Answer(url, 0, reason="it was not asked")
    for turn in range(manners.tries):
        answer, pause = _once(web, url, manners)
        if answer.reason in ("private", "it is no web address", ENDLESS) or answer.status not in {0, *AGAIN}:
            return answer
        if turn + 1 < manners.tries:
            time.sleep(min(manners.longest_pause, pause or 2**turn))
    return answer


def _once(web: urllib3.PoolManager, url: str, manners: Manners) -> tuple[Answer, float]:
    """Ask once, following where the site points; return the answer and the pause that the site asks for."""
    here, moved, method = url, True, "HEAD"
    for _ in range(MOST_HOPS):
        try:
            limits = urllib3.Timeout(manners.seconds)
            got = web.request(method, here, headers=AGENT, redirect=False, timeout=limits, preload_content=False)
        except PrivateAddressError:
            return Answer(url, 0, reason="private"), 0
        except (urllib3.exceptions.LocationValueError, urllib3.exceptions.LocationParseError, UnicodeError, ValueError):
            return Answer(url, 0, reason="it is no web address"), 0
        except (urllib3.exceptions.HTTPError, OSError) as error:
            return Answer(url, 0, reason=_why(error)), 0
        status, headers = got.status, dict(got.headers)
        got.close()
        if method == "HEAD" and status in ASK_IN_FULL:
            method = "GET"
            continue
        onward = {name.casefold(): value for name, value in headers.items()}.get("location", "")
        if status in ELSEWHERE and onward:
            moved = moved and status in FOR_GOOD
            here = urljoin(here, onward)
            if not here.startswith(("http://", "https://")):
                return Answer(url, 0, reason="it leads to something that is no web page"), 0
            continue
        answer = Answer(url, status)
        new = moved and here != url and status < 400
        return (replace(answer, moved=here) if new else answer), _pause(headers)
    return Answer(url, 0, reason=ENDLESS), 0


def _why(error: Exception) -> str:
    if isinstance(error, urllib3.exceptions.TimeoutError | TimeoutError):
        return "no answer in time"
    if isinstance(error, urllib3.exceptions.NameResolutionError):
        return "there is no such site, or no network"
    if isinstance(error, urllib3.exceptions.SSLError):
        return "its certificate is not in order"
    return "no connection"


def _pause(headers: Mapping[str, str]) -> float:
    given = next((value for name, value in headers.items() if name.casefold() == "retry-after"), "")
    return float(given) if given.isdigit() else 0
