"""Confine this process with the Linux kernel: Landlock for files and the network, seccomp for system calls.

Both hold for Python, for C libraries and for programs that the process starts, need no privileges and cannot be taken
back. Sources: https://docs.kernel.org/userspace-api/landlock.html,
https://docs.kernel.org/userspace-api/seccomp_filter.html.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import platform
import struct
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same numbers on every architecture
QUERY_VERSION_FLAG = 1
RULE_PATH_BENEATH = 1
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 1 << 1, 1 << 2, 1 << 3
TRUNCATE, IOCTL_DEV = 1 << 14, 1 << 15
# The rights that each version of Landlock knows, as a number with one bit per right.
FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
RIGHTS_ON_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
NET_BIND_AND_CONNECT = 0b11  # from version 4
SCOPE_SOCKETS_AND_SIGNALS = 0b11  # from version 6
_confined: list[bool] = []
MIN_LANDLOCK = 3  # earlier versions cannot forbid to truncate a file

# Files outside the program that libraries read: the loader's cache, time zones, media types, randomness.
READABLE_SYSTEM_FILES = (
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/mime.types",
    "/dev/urandom",
    "/dev/random",
    "/dev/zero",
)
SYSTEM_FOLDERS = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo")


@dataclass(frozen=True, slots=True)
class Architecture:
    """What seccomp needs to know of a processor: its audit number and the numbers of system calls that are refused."""

    audit: int
    network: tuple[int, ...]
    dangerous: tuple[int, ...]
    execute: tuple[int, ...]
    metadata: tuple[int, ...]
    last: int | None = None  # numbers from here on are another calling convention


# https://github.com/torvalds/linux/blob/master/arch/x86/entry/syscalls/syscall_64.tbl and scripts/syscall.tbl.
# Dangerous: ptrace, mounts, namespaces, modules, bpf, perf, keys, userfaultfd, io_uring (which goes round seccomp),
# handles, and memfd_create, because Landlock does not see programs in such files.
# Metadata: chmod, chown and setxattr in all their forms, which Landlock does not restrict. Times can be changed:
# Path.touch takes an answer to utime for a sign that the file exists.
ARCHITECTURES = {
    "x86_64": Architecture(
        audit=0xC000003E,
        network=(41, 42, 43, 49, 50, 288),  # socket, connect, accept, bind, listen, accept4
        dangerous=(101, 155, 161, 165, 166, 175, 176, 246, 248, 249, 250, 272, 298, 303, 304, 308, 310, 311, 313, 320,
                   319, 321, 323, 425, 426, 427, 428, 429, 430, 431, 432, 433, 442),
        execute=(59, 322),
        metadata=(90, 91, 92, 93, 94, 188, 189, 190, 197, 198, 199, 260, 268, 452, 463, 466),
        last=0x40000000,  # the x32 convention
    ),
    "aarch64": Architecture(
        audit=0xC00000B7,
        network=(198, 203, 202, 200, 201, 242),
        dangerous=(117, 41, 51, 40, 39, 105, 106, 104, 217, 218, 219, 97, 241, 264, 265, 268, 270, 271, 273, 294, 280,
                   279, 282, 425, 426, 427, 428, 429, 430, 431, 432, 433, 442),
        execute=(221, 281),
        metadata=(5, 6, 7, 14, 15, 16, 52, 53, 54, 55, 452, 463, 466),
    ),
}  # fmt: skip


def landlock_version() -> int:
    """Return the version of Landlock that the running kernel offers, 0 when it has none."""
    if sys.platform != "linux":
        return 0
    found = _libc().syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(QUERY_VERSION_FLAG))
    return max(int(found), 0)


def can_confine() -> bool:
    """Say whether the kernel can confine a process: Landlock 3 (Linux 6.2) or later, and a processor we know."""
    return landlock_version() >= MIN_LANDLOCK and platform.machine() in ARCHITECTURES


def describe_confinement() -> str:
    """Return what confines the review of a submission on this system, in a few words."""
    if can_confine():
        return f"Landlock {landlock_version()} and seccomp"
    return ""


def program_folders() -> tuple[Path, ...]:
    """Return the folders that Python and its packages are loaded from."""
    names = {sys.prefix, sys.base_prefix, *sysconfig.get_paths().values(), str(Path(__file__).parents[1]), *sys.path}
    return tuple(sorted(Path(name) for name in names if name and name != str(Path.cwd())))


def confine(read: Iterable[Path], write: Iterable[Path], execute: Iterable[Path] = ()) -> bool:
    """Confine this process and all that it starts, for good; return False when the kernel cannot.

    It may read below `read`, read and write below `write`, start the programs in `execute` (statically linked ones: the
    loader is none of them), and reach no network. Raises OSError when the kernel refuses a rule.
    """
    if not can_confine():
        return False
    programs = tuple(execute)
    libc = _libc()
    _check(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    _restrict_files(read, write, programs)
    _filter_system_calls(may_execute=bool(programs))
    _confined.append(True)
    return True


def is_confined() -> bool:
    """Say whether this process, or the one that it was forked from, has been confined."""
    return bool(_confined)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def _restrict_files(read: Iterable[Path], write: Iterable[Path], execute: Iterable[Path]) -> None:
    version = landlock_version()
    rights = FILE_RIGHTS[min(version, max(FILE_RIGHTS))]
    scoped = SCOPE_SOCKETS_AND_SIGNALS if version >= 6 else 0
    attributes = struct.pack("=QQQ", rights, NET_BIND_AND_CONNECT if version >= 4 else 0, scoped)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    libc = _libc()
    ruleset = _check(libc.syscall(CREATE_RULESET, attributes, ctypes.c_size_t(size), ctypes.c_uint32(0)), "landlock")
    try:
        reading = READ_FILE | READ_DIR
        own_process = Path("/proc") / str(os.getpid())
        for path in (*read, *map(Path, (*READABLE_SYSTEM_FILES, *SYSTEM_FOLDERS)), own_process):
            _allow(ruleset, path, reading)
        _allow(ruleset, Path(os.devnull), READ_FILE | WRITE_FILE)
        for path in write:
            _allow(ruleset, path, rights & ~EXECUTE & ~IOCTL_DEV)
        for path in execute:
            _allow(ruleset, path, EXECUTE | READ_FILE)
        _check(libc.syscall(RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0)), "landlock")
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    """Allow some rights below a path; one that is not there needs no rule."""
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.EACCES):
            return
        raise
    try:
        allowed = rights if path.is_dir() else rights & RIGHTS_ON_A_FILE
        rule = struct.pack("=Qi", allowed, opened)
        answer = _libc().syscall(
            ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(RULE_PATH_BENEATH), rule, ctypes.c_uint32(0)
        )
        _check(answer, f"landlock rule for {path}")
    finally:
        with contextlib.suppress(OSError):
            os.close(opened)


def _filter_system_calls(*, may_execute: bool) -> None:
    """Refuse system calls that reach the network, other processes or the kernel's own workings, with EPERM.

    Calls that change the mode, owner or attributes of a file are answered as if done, and change nothing.
    """
    architecture = ARCHITECTURES[platform.machine()]
    refused = [*architecture.network, *architecture.dangerous, *(() if may_execute else architecture.execute)]
    program = _program(architecture, refused, architecture.metadata)
    buffer = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("@HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    _check(_libc().prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, header, 0, 0), "seccomp")


def _program(architecture: Architecture, refused: Iterable[int], skipped: Iterable[int]) -> bytes:
    """Return a classic BPF program: EPERM for `refused`, 0 for `skipped`, death on a foreign architecture."""
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    allow, kill, skip = 0x7FFF0000, 0x80000000, 0x00050000
    refuse = skip | errno.EPERM
    lines = [(load, 0, 0, 4), (equal, 1, 0, architecture.audit), (answer, 0, 0, kill), (load, 0, 0, 0)]
    if architecture.last is not None:
        lines += [(at_least, 0, 1, architecture.last), (answer, 0, 0, refuse)]
    for reply, numbers in ((refuse, refused), (skip, skipped)):
        for number in numbers:
            lines += [(equal, 0, 1, number), (answer, 0, 0, reply)]
    lines.append((answer, 0, 0, allow))
    return b"".join(struct.pack("=HBBI", *line) for line in lines)
