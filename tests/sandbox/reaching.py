"""A task for a worker that tries to reach what no review may reach; it writes what it got."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import typst
from lxml import etree
from PIL import Image

from oerbook.tools import pandoc

RST = b".. include:: /etc/hostname\n"
ENTITY = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><a>&e;</a>'


def preload() -> None:
    """Find pandoc before the process is confined."""
    pandoc.pandoc_executable()


def prepare(_argument: str) -> None:
    """Do nothing: there is nothing to load."""


def readable_folders() -> tuple[Path, ...]:
    """Return no folder."""
    return ()


def programs() -> tuple[Path, ...]:
    """Return pandoc, as a review does."""
    return (Path(pandoc.pandoc_executable()),)


def _entity() -> str:
    return str(etree.fromstring(ENTITY, etree.XMLParser(resolve_entities=True, load_dtd=True)).text or "")


def _picture(path: str) -> str:
    with Image.open(path) as picture:
        return str(picture.size)


def _typst() -> str:
    source = Path("reads.typ")
    source.write_text('#read("/etc/hostname")')
    return str(len(typst.compile(str(source.resolve()), root="/")))


def run(argument: str) -> None:
    """Try everything, and write what came of it to a file of the worker's folder."""
    facts = json.loads(Path(argument).read_text())
    attempts: dict[str, Callable[[], object]] = {
        "Python": lambda: Path("/etc/hostname").read_text(),
        "Pillow": lambda: _picture(facts["picture"]),
        "lxml": _entity,
        "Typst": _typst,
        "pandoc": lambda: pandoc.run_pandoc(["-f", "rst", "-t", "plain"], RST).output.decode(),
        "loopback": lambda: socket.create_connection(("127.0.0.1", facts["port"]), timeout=2).close(),
        "program": lambda: subprocess.run(["true"], check=True, capture_output=True).returncode,
        "write": lambda: Path(facts["outside"]).write_text("x"),
    }
    told = {}
    for name, attempt in attempts.items():
        try:
            told[name] = f"done: {attempt()}"
        except Exception as error:  # noqa: BLE001 - whatever a library raises is what is wanted
            told[name] = f"{type(error).__name__}: {error}"
    Path(facts["answer"]).write_text(json.dumps(told))
