"""What a confined process can still do: read the program, write its own folder, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from oerbook.sandbox.kernel import can_confine
from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(not can_confine(), reason="the kernel has no Landlock of version 3 or later")

PRELUDE = """
import os, socket, subprocess, sys
sys.path.insert(0, {root!r})
from pathlib import Path
from oerbook.sandbox.kernel import confine, program_folders
from oerbook.tools import pandoc
pandoc.executable()
import lxml.etree, typst, PIL.Image
os.chdir({folder!r})
assert confine(program_folders(), [Path({folder!r})], {programs})
"""
REFUSED = {
    "a file, from Python": "open('/etc/hostname').read()",
    "a file outside, to write": "open({outside!r} + '/new', 'w')",
    "a file outside, to remove": "os.remove({outside!r} + '/old')",
    "a file outside, to rename": "os.rename({outside!r} + '/old', {folder!r} + '/old')",
    "a file, from Pillow": "PIL.Image.open({outside!r} + '/old')",
    "an external entity, from lxml": """
text = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><a>&e;</a>'
tree = lxml.etree.fromstring(text, lxml.etree.XMLParser(resolve_entities=True, load_dtd=True))
assert tree.text, 'nothing was read'
""",
    "a file, from Typst": """
open('a.typ', 'w').write('#read("/hostname")')
typst.compile('a.typ', root='/etc', output='a.pdf')
""",
    "a program": "subprocess.run(['/bin/true'], check=True)",
    "a program, through the loader": "subprocess.run(['/lib64/ld-linux-x86-64.so.2', '/bin/true'], check=True)",
    "a connection": "socket.create_connection(('127.0.0.1', 9), timeout=2)",
    "a socket": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "another process": "os.kill(os.getppid(), 0)",
    "the environment of another process": "open('/proc/%d/environ' % os.getppid()).read()",
}
ALLOWED = {
    "its own folder": "open('a', 'w').write('x'); os.rename('a', 'b'); assert open('b').read() == 'x'; os.remove('b')",
    "pandoc": "assert pandoc.run(['-f', 'markdown', '-t', 'html'], b'*a*').output",
    "Typst": "open('a.typ', 'w').write('= A'); typst.compile('a.typ', output='a.pdf')",
    "modules of the program": "import oerbook.document.session",
}


def confined(
    tmp_path: Path, code: str, programs: str = "[Path(pandoc.executable())]"
) -> subprocess.CompletedProcess[str]:
    """Run code in a process that is confined to a folder."""
    folder, outside = tmp_path / "inside", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (outside / "old").write_text("secret")
    values = {"root": str(ROOT), "folder": str(folder), "outside": str(outside), "programs": programs}
    whole = PRELUDE.format(**values) + code.format(**values)
    return subprocess.run([sys.executable, "-c", whole], capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("name", REFUSED)
def test_a_confined_process_is_refused(name: str, tmp_path: Path) -> None:
    ran = confined(tmp_path, REFUSED[name])
    assert ran.returncode != 0
    assert "assert confine" not in ran.stderr
    assert (tmp_path / "outside" / "old").read_text() == "secret"


@pytest.mark.parametrize("name", ALLOWED)
def test_a_confined_process_may_use(name: str, tmp_path: Path) -> None:
    ran = confined(tmp_path, ALLOWED[name])
    assert ran.returncode == 0, ran.stderr


def test_pandoc_is_confined_like_the_process_that_starts_it(tmp_path: Path) -> None:
    code = "print(pandoc.run(['-f', 'rst', '-t', 'plain'], b'.. include:: /etc/hostname').output.decode().strip())"
    ran = confined(tmp_path, code)
    assert Path("/etc/hostname").read_text().strip() not in ran.stdout


def test_a_process_that_may_start_nothing_starts_nothing(tmp_path: Path) -> None:
    assert confined(tmp_path, "pandoc.run(['-f', 'markdown'], b'*a*')", programs="[]").returncode != 0
