"""Run a long task in a process that stays alive and answers questions from the state it has in memory.

Each question is answered in a fork with limits on time and memory, so that the process itself does not change. The
process is forked from one that has imported the program, and ends with the process that started it.

Unlike `worker`, it serves the editor's own book: it inherits the environment, keeps its state, and is not confined.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import pickle
import signal
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from oerbook.errors import OerbookError
from oerbook.model.untyped import Pickled
from oerbook.sandbox.fork import Limits, run_in_fork

ANSWER_LIMITS = Limits(wall_s=20, cpu_s=20)
QuestionHandler = Callable[[Pickled], Pickled]
LongTask = Callable[[Pickled, Callable[[Pickled], None]], tuple[Pickled, QuestionHandler]]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer; `error` is the error if the task raised OerbookError."""

    reason: str
    error: OerbookError | None = None


class ForkServer:
    """Runs a task in a process that stays.

    The task gets its argument and a function that it may call with progress events; it returns its result and a
    function that answers questions.
    """

    def __init__(self, task: LongTask) -> None:
        self._task = task
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([task.__module__])
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def start(self, argument: Pickled, on_event: Callable[[Pickled], None]) -> Pickled:
        """Run the task and return its result or a Failure; `on_event` is called with each event of the task."""
        self._pipe, child_pipe = self._context.Pipe()
        self._process = self._context.Process(target=_serve, args=(self._task, argument, child_pipe))
        self._process.start()
        child_pipe.close()
        while True:
            kind, value = self._receive()
            if kind != "event":
                return value
            on_event(value)

    def ask(self, question: Pickled) -> Pickled:
        """Return the answer to a question or a Failure."""
        assert self._pipe is not None
        try:
            self._pipe.send(question)
        except OSError:
            return Failure("the process has ended")
        return self._receive()[1]

    def stop(self) -> None:
        """Kill the process and the processes it started."""
        if self._process is not None and self._process.pid is not None and self._process.is_alive():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
            self._process.join()
        if self._pipe is not None:
            self._pipe.close()

    def _receive(self) -> tuple[str, Pickled]:
        assert self._pipe is not None
        try:
            message: tuple[str, Pickled] = self._pipe.recv()
        except (EOFError, OSError):
            return "answer", Failure("the process ended unexpectedly")
        return message


def _serve(task: LongTask, argument: Pickled, pipe: Connection) -> None:
    """Run the task in the child process, send its result, then answer questions until the pipe is closed."""
    with contextlib.suppress(OSError):
        os.setsid()  # a process group of its own, so that `end` can kill its children too
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # on Ctrl-C the parent kills this process
    try:
        result, ask = task(argument, lambda event: pipe.send(("event", event)))
    except OerbookError as error:
        pipe.send(("answer", Failure(error.message, error)))
        return
    except Exception as error:  # noqa: BLE001 - told to the parent process
        pipe.send(("answer", Failure("".join(traceback.format_exception(error)))))
        return
    pipe.send(("answer", result))
    while True:
        try:
            question = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(("answer", _answer_in_fork(ask, question)))


def _answer_in_fork(ask: QuestionHandler, question: Pickled) -> Pickled:
    """Answer one question in a fork."""
    with tempfile.TemporaryFile() as file:

        def answer() -> None:
            gc.disable()  # not worth its time in a process this short-lived
            try:
                data = pickle.dumps(ask(question))
            except Exception as error:  # noqa: BLE001 - told to the parent process
                data = pickle.dumps(Failure(f"{type(error).__name__}: {error}"))
            file.write(data)
            file.flush()

        result = run_in_fork(answer, ANSWER_LIMITS)
        file.seek(0)
        try:
            return pickle.load(file)  # noqa: S301 - written by our own fork
        except (pickle.UnpicklingError, EOFError):
            return Failure(result.reason or "the process gave no answer")
