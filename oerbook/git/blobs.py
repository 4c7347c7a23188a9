"""Read the contents of many git objects from one process."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO

from oerbook.errors import OerbookError
from oerbook.git.process import SAFE_CONFIG, SAFE_ENV, connect_pipes, git_dir_env, start_git


def stream_blobs(folder: Path, object_ids: Sequence[str], max_bytes: int) -> Generator[bytes, None, None]:
    """Yield the contents of objects in the given order, one at a time, from one process.

    Objects larger than `max_bytes` are yielded as b"". Raises OerbookError if an object is missing.
    """
    command = [*SAFE_CONFIG, "cat-file", "--batch", "--buffer"]
    with start_git(folder, command, {**SAFE_ENV, **git_dir_env(folder)}) as process:
        stdin_pipe, stdout_pipe = connect_pipes(process)
        writer = Thread(target=_write_requests, args=(stdin_pipe, object_ids), daemon=True)
        writer.start()
        try:
            for object_id in object_ids:
                yield _read_object(stdout_pipe, object_id, max_bytes)
        finally:
            process.kill()
            writer.join()


def _write_requests(pipe: IO[bytes], object_ids: Iterable[str]) -> None:
    with suppress(BrokenPipeError, ValueError):  # git was killed because nobody reads further objects
        pipe.write("".join(f"{object_id}\n" for object_id in object_ids).encode())
        pipe.close()


def _read_object(pipe: IO[bytes], object_id: str, max_bytes: int) -> bytes:
    header = pipe.readline().split()
    if len(header) != 3:
        message = f"the object {object_id} is missing: this clone of the repository is incomplete"
        raise OerbookError(message, hint="Fetch everything: git fetch --refetch")
    size = int(header[2])
    data = pipe.read(size + 1)
    if len(data) != size + 1:
        raise OerbookError(f"git stopped while reading the object {object_id}", hint="Try git fsck.")
    return data[:-1] if size <= max_bytes else b""
