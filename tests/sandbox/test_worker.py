"""The process that reviews submissions is confined, with all libraries that read them."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from PIL import Image

from oerbook.sandbox.kernel import can_confine
from oerbook.sandbox.worker import Limits, WorkerProcess
from tests.sandbox import reaching


@pytest.mark.skipif(not can_confine(), reason="the kernel has no Landlock of version 3 or later")
def test_no_library_in_a_review_reaches_files_network_or_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    Image.new("RGB", (2, 2)).save(tmp_path / "picture.png")
    hostname = Path("/etc/hostname").read_text().strip()
    with socket.create_server(("127.0.0.1", 0)) as server:
        facts = {
            "picture": str(tmp_path / "picture.png"),
            "port": server.getsockname()[1],
            "outside": str(tmp_path / "written"),
            "answer": str(folder / "told.json"),
        }
        argument = folder / "facts.json"
        argument.write_text(json.dumps(facts))
        with WorkerProcess("tests.sandbox.reaching", folder) as worker:
            assert worker.run(argument, Limits()) == ""
        confined = json.loads((folder / "told.json").read_text())
        monkeypatch.chdir(folder)
        reaching.run(str(argument))  # here, in a process that is free
        free = json.loads((folder / "told.json").read_text())
    assert {name for name, told in free.items() if told.startswith("done")} == set(free)
    assert hostname in free["Python"] and hostname in free["lxml"] and hostname in free["pandoc"]
    for name in ("Python", "Pillow", "loopback", "program", "write"):
        assert confined[name].startswith("PermissionError"), confined[name]
    assert not any(hostname in told for told in confined.values())
    assert not confined["Typst"].startswith("done")
