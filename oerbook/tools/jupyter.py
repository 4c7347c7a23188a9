"""Run code cells in a Jupyter kernel; needs `pip install 'oerbook[notebooks]'`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from oerbook.errors import OerbookError

CELL_TIMEOUT_S = 600  # time limit of one cell


def run_cells(sources: list[str], kernel: str, folder: Path) -> list[list[dict[str, Any]]]:
    """Run code cells in order in one kernel, in `folder`, and return the outputs of each in notebook format.

    If a cell fails, the outputs of later cells are empty. Raises OerbookError if the packages or the kernel are
    missing.
    """
    try:
        import nbformat
        from jupyter_client.kernelspec import NoSuchKernel
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    except ImportError as error:
        hint = "Install it: pip install 'oerbook[notebooks]'"
        raise OerbookError("the book runs code (execute: true), but Jupyter is not installed", hint=hint) from error
    v4: Any = nbformat.v4
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources])
    resources = {"metadata": {"path": str(folder)}}
    client = NotebookClient(notebook, timeout=CELL_TIMEOUT_S, kernel_name=kernel, resources=resources)
    try:
        client.execute()
    except NoSuchKernel as error:
        hint = f"Install a Jupyter kernel named {kernel}, or correct kernelspec: in the chapter."
        raise OerbookError(f"there is no Jupyter kernel {kernel}", hint=hint) from error
    except (CellExecutionError, CellTimeoutError, DeadKernelError):
        pass  # the outputs of the cell contain the error
    return [[dict(output) for output in cell.get("outputs", [])] for cell in notebook.cells]
