"""Where the preview can be opened: on this machine, or in its network if its user wants that."""

from __future__ import annotations

import http.client
from collections.abc import Iterator, Mapping

import pytest

from oerbook.errors import OerbookError
from oerbook.tools.preview_server import ANY_ADDRESS, ListenAddress, find_network_address, serve_preview


class Pages:
    """A site with one page."""

    def read_file(self, path: str) -> tuple[bytes, str] | None:
        return (b"Hello", "1") if path == "a.txt" else None

    def wait_for_page_states(self, path: str) -> Iterator[Mapping[str, object] | None]:
        yield None


def status(port: str, host: str) -> int:
    connection = http.client.HTTPConnection(f"127.0.0.1:{port}", timeout=30)
    connection.request("GET", "/a.txt", headers={"Host": host})
    found = connection.getresponse().status
    connection.close()
    return found


def test_in_the_network_any_address_in_numbers_is_answered_and_no_name(capfd: pytest.CaptureFixture[str]) -> None:
    with serve_preview(Pages(), ListenAddress(0, host=ANY_ADDRESS)) as address:
        assert address.startswith(f"http://{find_network_address()}:")
        port = address.rstrip("/").rpartition(":")[2]
        assert status(port, f"192.168.1.7:{port}") == status(port, f"localhost:{port}") == 200
        for stranger in (f"evil.example:{port}", "192.168.1.7", "192.168.1.7:1", f"192.168.1.7.evil.example:{port}"):
            assert status(port, stranger) == 421


def test_by_default_only_this_machine_is_answered() -> None:
    with serve_preview(Pages(), ListenAddress(0)) as address:
        port = address.rstrip("/").rpartition(":")[2]
        assert address == f"http://127.0.0.1:{port}/"
        assert status(port, f"192.168.1.7:{port}") == 421


def test_an_address_of_another_machine_is_refused_in_plain_words() -> None:
    with (
        pytest.raises(OerbookError, match="does not have the address"),
        serve_preview(Pages(), ListenAddress(0, host="192.0.2.77")),
    ):
        pass
