"""Jupyter kernels, for books that ask for their code to be run (`pip install 'oerbook[notebooks]'`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from oerbook.errors import OerbookError

SECONDS = 600  # for one cell


def run(sources: list[str], kernel: str, folder: Path) -> list[list[dict[str, Any]]]:
    """Run code cells in order in one kernel, in `folder`, and return the outputs of each as notebooks store them.

    A cell that fails ends its page: the outputs of later cells are empty.
    Raises OerbookError when the packages or the kernel are missing.
    """
    try:
        import nbformat
        from jupyter_client.kernelspec import NoSuchKernel
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    except ImportError as error:
        hint = "Install what running needs: pip install 'oerbook[notebooks]'"
        raise OerbookError("the book wants its code run, and Jupyter is not installed", hint=hint) from error
    made: Any = nbformat.v4
    book = made.new_notebook(cells=[made.new_code_cell(source) for source in sources])
    client = NotebookClient(book, timeout=SECONDS, kernel_name=kernel, resources={"metadata": {"path": str(folder)}})
    try:
        client.execute()
    except NoSuchKernel as error:
        hint = f"Install a Jupyter kernel of that name, or correct kernelspec: in the chapter ({kernel})."
        raise OerbookError(f"there is no Jupyter kernel {kernel}", hint=hint) from error
    except (CellExecutionError, CellTimeoutError, DeadKernelError):
        pass  # what happened stands in the outputs of the cell
    return [[dict(output) for output in cell.get("outputs", [])] for cell in book.cells]
