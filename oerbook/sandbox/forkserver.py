"""A process that does one long task and then stays, with all that it knows in memory, to answer short questions.

Each question is answered in a fork of it, with an end to its time and memory: whatever a question does, the process is as
it was. It begins as a fork of a process that has loaded the program, and it ends with the one that began it.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import pickle
import resource
import select
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from oerbook.errors import OerbookError

SECONDS = 20  # on the clock, for an answer
MEMORY = 6_000_000_000  # bytes, for an answer
Ask = Callable[[Any], Any]
Task = Callable[[Any, Callable[[Any], None]], tuple[Any, Ask]]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer; `trouble` is set when the task itself said that it cannot go on."""

    reason: str
    trouble: OerbookError | None = None


class Warm:
    """Runs `task(argument, tell)` in a process that stays: it returns an answer, and what further questions are asked."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._kind: Any = multiprocessing.get_context("forkserver")
        self._kind.set_forkserver_preload([task.__module__])
        self._process: Any = None
        self._pipe: Connection | None = None

    def begin(self, argument: Any, told: Callable[[Any], None]) -> Any:
        """Run the task, calling `told` with all it tells meanwhile; return its answer, or a Failure."""
        self._pipe, theirs = self._kind.Pipe()
        self._process = self._kind.Process(target=_be, args=(self._task, argument, theirs))
        self._process.start()
        theirs.close()
        while True:
            kind, value = self._receive()
            if kind != "told":
                return value
            told(value)

    def ask(self, question: Any) -> Any:
        """Ask the process that stays; return its answer, or a Failure."""
        assert self._pipe is not None
        try:
            self._pipe.send(question)
        except OSError:
            return Failure("the process has ended")
        return self._receive()[1]

    def end(self) -> None:
        """End the process, and with it what it runs."""
        if self._process is not None and self._process.is_alive():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
            self._process.join()
        if self._pipe is not None:
            self._pipe.close()

    def _receive(self) -> tuple[str, Any]:
        assert self._pipe is not None
        try:
            found: tuple[str, Any] = self._pipe.recv()
        except (EOFError, OSError):
            return "answer", Failure("the process has ended before its time")
        return found


def _be(task: Task, argument: Any, pipe: Connection) -> None:
    """Be the process: do the task, tell its answer, then answer questions until nobody can ask any more."""
    with contextlib.suppress(OSError):
        os.setsid()  # so that all it begins can be ended with it
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that began it hears Ctrl-C, and ends it
    try:
        answer, ask = task(argument, lambda told: pipe.send(("told", told)))
    except OerbookError as error:
        pipe.send(("answer", Failure(error.message, error)))
        return
    except Exception as error:
        pipe.send(("answer", Failure("".join(traceback.format_exception(error)))))
        return
    pipe.send(("answer", answer))
    while True:
        try:
            question = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(("answer", _forked(ask, question)))


def _forked(ask: Ask, question: Any) -> Any:
    """Answer one question in a fork."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _answer(ask, question, writing)
    os.close(writing)
    told, deadline = bytearray(), time.monotonic() + SECONDS
    while select.select([reading], [], [], max(0, deadline - time.monotonic()))[0]:
        piece = os.read(reading, 1 << 20)
        if not piece:
            break
        told += piece
    os.close(reading)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    try:
        return pickle.loads(bytes(told))
    except (pickle.UnpicklingError, EOFError):
        return Failure("it took too much time or memory")


def _answer(ask: Ask, question: Any, writing: int) -> None:
    """Be the fork: answer, and end."""
    gc.disable()  # it lives too short for that
    try:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        try:
            told = pickle.dumps(ask(question))
        except Exception as error:
            told = pickle.dumps(Failure(f"{type(error).__name__}: {error}"))
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(told)
    finally:
        os._exit(0)
