"""What a confined process can still do: read the program, write its own folder, and nothing else."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from oerbook.sandbox.kernel import can_confine
from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(not can_confine(), reason="the kernel has no Landlock of version 3 or later")

PRELUDE = """
import os, socket, subprocess, sys
sys.path.insert(0, {root!r})
from pathlib import Path
from PIL import Image

from oerbook.sandbox.kernel import confine, program_folders
from oerbook.tools import pandoc
pandoc.pandoc_executable()
import lxml.etree, typst, PIL.Image
os.chdir({folder!r})
if {is_confined}:
    assert confine(program_folders(), [Path({folder!r})], {programs})
print("READY")
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
open('a.typ', 'w').write('#read("/etc/hostname")')
typst.compile(os.path.abspath('a.typ'), root='/', output='a.pdf')
""",
    "a file, by another name": "open('/proc/self/root/etc/hostname').read()",
    "a file, through a link of its own": "os.symlink('/etc/hostname', 'link'); open('link').read()",
    "a file, from SQLite": """
import sqlite3
sqlite3.connect('own').execute("attach database '" + {outside!r} + "/new' as x").execute('create table x.t (a)')
""",
    "a file, from C": "import ctypes; assert ctypes.CDLL(None).open(b'/etc/hostname', 0) >= 0",
    "a folder, to list": "os.listdir({outside!r})",
    "a hard link to a file outside": "os.link({outside!r} + '/old', 'linked')",
    "a program in memory": """
fd = os.memfd_create('x')
os.write(fd, open(pandoc.pandoc_executable(), 'rb').read())
os.execv(f'/proc/self/fd/{{fd}}', ['x', '--version'])
""",
    "a program": "subprocess.run(['/bin/true'], check=True)",
    "a program, through the loader": "subprocess.run(['/lib64/ld-linux-x86-64.so.2', '/bin/true'], check=True)",
    "a program of its own": "open('x', 'w').write('#!/bin/true\\n'); os.chmod('x', 0o700); os.execv('x', ['x'])",
    "a connection to the loopback, from C": """
import ctypes
assert ctypes.CDLL(None).socket(2, 1, 0) >= 0
""",
    "a local socket": "socket.socket(socket.AF_UNIX)",
    "a connection": "socket.create_connection(('127.0.0.1', {port}), timeout=2)",
    "a socket": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "another process": "os.kill(os.getppid(), 0)",
    "the environment of another process": "open('/proc/%d/environ' % os.getppid()).read()",
}
ALLOWED = {
    "its own folder": "open('a', 'w').write('x'); os.rename('a', 'b'); assert open('b').read() == 'x'; os.remove('b')",
    "pandoc": "assert pandoc.run_pandoc(['-f', 'markdown', '-t', 'html'], b'*a*').output",
    "Typst": "open('a.typ', 'w').write('= A'); typst.compile('a.typ', output='a.pdf')",
    "a file that is touched": "Path('touched').touch(); assert Path('touched').is_file()",
    "modules of the program": "import oerbook.document.session",
}


def run(
    tmp_path: Path, code: str, programs: str = "[Path(pandoc.pandoc_executable())]", *, is_confined: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run code in a process that is confined to a folder, or is not."""
    folder, outside = tmp_path / "inside", tmp_path / "outside"
    folder.mkdir(parents=True)
    outside.mkdir()
    Image.new("RGB", (2, 2)).save(outside / "old", "PNG")
    with socket.create_server(("127.0.0.1", 0)) as server:
        values = {"root": str(ROOT), "folder": str(folder), "outside": str(outside), "programs": programs}
        facts = {**values, "is_confined": is_confined, "port": server.getsockname()[1]}
        whole = PRELUDE.format(**facts) + code.format(**facts)
        done = subprocess.run([sys.executable, "-c", whole], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.startswith("READY"), done.stderr
    return done


@pytest.mark.parametrize("name", REFUSED)
def test_a_confined_process_is_refused_what_another_process_can_do(name: str, tmp_path: Path) -> None:
    free = run(tmp_path / "free", REFUSED[name], is_confined=False)
    assert free.returncode == 0, free.stderr
    ran = run(tmp_path / "confined", REFUSED[name])
    assert ran.returncode != 0
    assert (tmp_path / "confined/outside/old").is_file()
    assert not (tmp_path / "confined/outside/new").exists()


METADATA = {
    "mode": "os.chmod({outside!r} + '/old', 0)",
    "mode of an open file": "os.fchmod(os.open('/usr/lib', os.O_RDONLY), 0)",
    "owner": "os.chown({outside!r} + '/old', os.getuid(), os.getgid())",
    "attribute": "os.setxattr({outside!r} + '/old', 'user.x', b'1')",
}


@pytest.mark.parametrize("name", METADATA)
def test_a_confined_process_changes_the_metadata_of_no_file(name: str, tmp_path: Path) -> None:
    """Landlock knows no right for these; libraries that copy files call them, so they are answered as if done."""
    before = Path("/usr/lib").stat()
    ran = run(tmp_path, METADATA[name])
    assert ran.returncode == 0, ran.stderr
    old = tmp_path / "outside" / "old"
    assert old.stat().st_mode & 0o600 == 0o600
    assert os.listxattr(old) == []
    assert Path("/usr/lib").stat().st_mode == before.st_mode


@pytest.mark.parametrize("name", ALLOWED)
def test_a_confined_process_can_use_what_it_needs(name: str, tmp_path: Path) -> None:
    ran = run(tmp_path, ALLOWED[name])
    assert ran.returncode == 0, ran.stderr


def test_pandoc_is_confined_like_the_process_that_starts_it(tmp_path: Path) -> None:
    code = (
        "print(pandoc.run_pandoc(['-f', 'rst', '-t', 'plain'], b'.. include:: /etc/hostname').output.decode().strip())"
    )
    ran = run(tmp_path, code)
    assert Path("/etc/hostname").read_text().strip() not in ran.stdout.removeprefix("READY")


def test_a_process_that_may_start_nothing_starts_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, "pandoc.run_pandoc(['-f', 'markdown'], b'*a*')", programs="[]").returncode != 0
