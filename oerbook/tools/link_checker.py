"""Check external links: one request at a time per site, no requests to private networks."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from oerbook import __version__
from oerbook.model.check_input import LinkStatus

REQUEST_HEADERS = {"User-Agent": f"oerbook/{__version__} (checks links of an open textbook)", "Accept": "*/*"}
PERMANENT_REDIRECT_STATUSES = frozenset({301, 308})
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
RETRY_STATUSES = frozenset({429, 500, 502, 503, 504})
STATUSES_RETRIED_WITH_GET = frozenset(
    {400, 403, 404, 405, 406, 410, 501}
)  # responses of sites that do not support HEAD
MAX_REDIRECTS = 8
MAX_THREADS = 16
TOO_MANY_REDIRECTS_MESSAGE = "it redirects endlessly"
PRIVATE_ADDRESS_REASON = "private"  # the reason by which the check `links` recognises a private address
INVALID_ADDRESS_MESSAGE = "it is no web address"


class PrivateAddressError(Exception):
    """The address is in a private network."""


def is_public(address: str) -> bool:
    """Return whether an IP address belongs to the public internet.

    >>> is_public("127.0.0.1"), is_public("169.254.169.254"), is_public("1.1.1.1")
    (False, False, True)
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_global and not ip.is_multicast


class _GuardedConnection:
    """Mixin for connections: no private addresses, and a time limit however slowly the server sends."""

    allow_private = False
    max_seconds = 60.0
    _timer: _ConnectionTimer | None = None

    def _new_conn(self) -> socket.socket:
        sock: socket.socket = super()._new_conn()  # type: ignore[misc]
        # check the address of the connection, since the host name could resolve differently a second time
        if not self.allow_private and not is_public(sock.getpeername()[0]):
            sock.close()
            raise PrivateAddressError
        self._timer = _ConnectionTimer(self.max_seconds, sock)
        return sock

    def getresponse(self) -> Any:
        response = super().getresponse()  # type: ignore[misc]
        if self._timer is not None and self._timer.expired:
            raise TimeoutError
        return response

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        super().close()  # type: ignore[misc]


class _ConnectionTimer:
    """Shuts a connection down after a number of seconds, so that blocked reads end."""

    def __init__(self, seconds: float, sock: socket.socket) -> None:
        self.expired = False
        self._sock = socket.socket(fileno=os.dup(sock.fileno()))
        self._timer = threading.Timer(seconds, self._shut_down)
        self._timer.daemon = True
        self._timer.start()

    def _shut_down(self) -> None:
        self.expired = True
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def cancel(self) -> None:
        self._timer.cancel()
        self._sock.close()


def _pool_classes(options: LinkCheckOptions) -> dict[str, Any]:
    """Return urllib3's pool classes by scheme, with guarded connections."""
    settings = {"allow_private": options.allow_private, "max_seconds": options.timeout_s * 2}
    http = type("GuardedHTTPConnection", (_GuardedConnection, HTTPConnection), settings)
    https = type("GuardedHTTPSConnection", (_GuardedConnection, HTTPSConnection), settings)
    return {
        "http": type("GuardedHTTPPool", (HTTPConnectionPool,), {"ConnectionCls": http}),
        "https": type("GuardedHTTPSPool", (HTTPSConnectionPool,), {"ConnectionCls": https}),
    }


@dataclass(frozen=True, slots=True)
class LinkCheckOptions:
    """Options of a link check.

    Seconds for one response (a server that keeps sending gets twice that) and in total, number of tries, longest pause
    between them in seconds, and whether private networks are allowed.
    """

    timeout_s: float = 15
    total_timeout_s: float = 3600
    max_tries: int = 3
    max_pause_s: float = 20
    allow_private: bool = False


def check_links(urls: Iterable[str], options: LinkCheckOptions, advance: Callable[[], object]) -> list[LinkStatus]:
    """Check URLs and return their statuses in order; sites in parallel, the URLs of one site one by one.

    `advance` is called after each URL.
    """
    distinct = list(dict.fromkeys(urls))
    by_site: dict[str, list[str]] = {}
    for url in distinct:
        by_site.setdefault(_site(url), []).append(url)
    client = urllib3.PoolManager(num_pools=32, retries=False)
    client.pool_classes_by_scheme = _pool_classes(options)
    pending = deque(by_site.values())
    statuses: dict[str, LinkStatus] = {}
    deadline = time.monotonic() + options.total_timeout_s

    def work() -> None:
        while pending:
            with contextlib.suppress(IndexError):
                for url in pending.popleft():
                    if time.monotonic() < deadline:
                        statuses[url] = _check_with_retries(client, url, options)
                        advance()

    workers = [threading.Thread(target=work, daemon=True) for _ in range(min(MAX_THREADS, len(by_site)))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(max(0, deadline - time.monotonic()))
    finished = dict(statuses)  # threads that are still waiting for a response are abandoned
    return [finished.get(url, LinkStatus(url, 0, reason="there was no time left to check it")) for url in distinct]


def _site(url: str) -> str:
    try:
        return urlsplit(url).netloc.casefold()
    except ValueError:
        return ""


def _check_with_retries(client: urllib3.PoolManager, url: str, options: LinkCheckOptions) -> LinkStatus:
    status = LinkStatus(url, 0, reason="it was not checked")
    for attempt in range(options.max_tries):
        status, pause = _check_once(client, url, options)
        if status.reason in (
            PRIVATE_ADDRESS_REASON,
            INVALID_ADDRESS_MESSAGE,
            TOO_MANY_REDIRECTS_MESSAGE,
        ) or status.status not in {
            0,
            *RETRY_STATUSES,
        }:
            return status
        if attempt + 1 < options.max_tries:
            time.sleep(min(options.max_pause_s, pause or 2**attempt))
    return status


def _check_once(client: urllib3.PoolManager, url: str, options: LinkCheckOptions) -> tuple[LinkStatus, float]:
    """Request a URL, following redirects; return the status and the pause in seconds that the site asks for."""
    current, permanent, method = url, True, "HEAD"
    for _ in range(MAX_REDIRECTS):
        try:
            timeout = urllib3.Timeout(options.timeout_s)
            response = client.request(
                method, current, headers=REQUEST_HEADERS, redirect=False, timeout=timeout, preload_content=False
            )
        except (PrivateAddressError, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            return LinkStatus(url, 0, reason=_failure_reason(error)), 0
        status, headers = response.status, {name.casefold(): value for name, value in dict(response.headers).items()}
        response.close()
        if method == "HEAD" and status in STATUSES_RETRIED_WITH_GET:
            method = "GET"
            continue
        location = headers.get("location", "")
        if status in REDIRECT_STATUSES and location:
            permanent = permanent and status in PERMANENT_REDIRECT_STATUSES
            current = _join(current, location)
            if not current.startswith(("http://", "https://")):
                return LinkStatus(url, 0, reason="it redirects to something that is no web page"), 0
            continue
        moved = permanent and current != url and status < 400
        return LinkStatus(url, status, redirect_target=current if moved else ""), _pause(headers)
    return LinkStatus(url, 0, reason=TOO_MANY_REDIRECTS_MESSAGE), 0


def _failure_reason(error: Exception) -> str:
    if isinstance(error, PrivateAddressError):
        return PRIVATE_ADDRESS_REASON
    # LocationValueError, LocationParseError and UnicodeError are ValueErrors
    if isinstance(error, ValueError):
        return INVALID_ADDRESS_MESSAGE
    if isinstance(error, urllib3.exceptions.NameResolutionError):
        return "the site does not exist, or there is no network"
    if isinstance(error, urllib3.exceptions.NewConnectionError):  # a subclass of urllib3's TimeoutError
        return "no connection"
    if isinstance(error, urllib3.exceptions.TimeoutError | TimeoutError):
        return "no response in time"
    if isinstance(error, urllib3.exceptions.SSLError):
        return "its certificate is invalid"
    return "no connection"


def _join(url: str, location: str) -> str:
    """Return the target of a redirect, "" if it is no valid address."""
    try:
        return urljoin(url, location)
    except ValueError:
        return ""


def _pause(headers: Mapping[str, str]) -> float:
    value = headers.get("retry-after", "")
    return float(value) if value.isdigit() else 0
