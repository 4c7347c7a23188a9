"""Asking the web whether an address is still there: politely, one question a site at a time, never inside a network."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from oerbook import __version__
from oerbook.evidence import Answer

AGENT = {"User-Agent": f"oerbook/{__version__} (checks links of an open textbook)", "Accept": "*/*"}
FOR_GOOD = frozenset({301, 308})
ELSEWHERE = frozenset({301, 302, 303, 307, 308})
AGAIN = frozenset({429, 500, 502, 503, 504})
ASK_IN_FULL = frozenset({400, 403, 404, 405, 406, 410, 501})  # sites that do not know HEAD answer so
MOST_HOPS = 8


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


def _refuse(connection: Any) -> None:
    """Hang up on a private address: what counts is where we are connected, not what a name said before."""
    if not is_public(connection.sock.getpeername()[0]):
        connection.close()
        raise PrivateAddressError


class _Plain(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _refuse(self)


class _Secure(HTTPSConnection):
    def _new_conn(self) -> Any:
        sock = super()._new_conn()
        if not is_public(sock.getpeername()[0]):
            sock.close()
            raise PrivateAddressError
        return sock


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


@dataclass(frozen=True, slots=True)
class Manners:
    """How the web is asked: seconds for one answer, tries, the longest pause, and whether own networks are allowed."""

    seconds: float = 15
    tries: int = 3
    longest_pause: float = 20
    private: bool = False


def ask(urls: Iterable[str], manners: Manners, advance: Callable[[], object]) -> list[Answer]:
    """Return what the web says of each address; sites are asked at once, the addresses of a site one by one."""
    sites: dict[str, list[str]] = {}
    for url in dict.fromkeys(urls):
        try:
            sites.setdefault(urlsplit(url).netloc.casefold(), []).append(url)
        except ValueError:
            sites.setdefault("", []).append(url)
    web = urllib3.PoolManager(num_pools=32, retries=False)
    if not manners.private:
        web.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
    lock = threading.Lock()

    def site(listed: list[str]) -> list[Answer]:
        found = []
        for url in listed:
            found.append(_patiently(web, url, manners))
            with lock:
                advance()
        return found

    with ThreadPoolExecutor(16) as crew:
        return [answer for found in crew.map(site, sites.values()) for answer in found]


def _patiently(web: urllib3.PoolManager, url: str, manners: Manners) -> Answer:
    answer = Answer(url, 0, reason="it was not asked")
    for turn in range(manners.tries):
        answer, pause = _once(web, url, manners)
        if answer.reason in ("private", "it is no web address") or answer.status not in {0, *AGAIN}:
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
    return Answer(url, 0, reason="it leads from one address to the next without end"), 0


def _why(error: Exception) -> str:
    if isinstance(error, urllib3.exceptions.TimeoutError):
        return "no answer in time"
    if isinstance(error, urllib3.exceptions.NameResolutionError):
        return "there is no such site, or no network"
    if isinstance(error, urllib3.exceptions.SSLError):
        return "its certificate is not in order"
    return "no connection"


def _pause(headers: Mapping[str, str]) -> float:
    given = next((value for name, value in headers.items() if name.casefold() == "retry-after"), "")
    return float(given) if given.isdigit() else 0
