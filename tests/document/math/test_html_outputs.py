"""Formulas in the HTML that code of a notebook writes are formulas, and sums of money are not."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import INDEX, oerbook, write

HTML = r"<table><tr><th>$\beta_1$</th><td>from $20 to $30</td><td>\(n^2\)</td><td><code>$x$</code></td></tr></table>"


def test_formulas_in_html_outputs_are_formulas(tmp_path: Path) -> None:
    outputs = [
        {"output_type": "display_data", "metadata": {}, "data": {"text/html": [HTML], "text/plain": ["table"]}},
        {"output_type": "display_data", "metadata": {}, "data": {"text/markdown": ["Below: $m = 3$"]}},
    ]
    code = {"cell_type": "code", "id": "b", "metadata": {}, "execution_count": 1, "source": ["f()"], "outputs": outputs}
    cells = [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["# Fits"]}, code]
    notebook = {"cells": cells, "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}
    files = {"chapters/index.md": INDEX, "chapters/01-fits.ipynb": json.dumps(notebook)}
    book = write(tmp_path, {**files, "conf.py": 'extensions = ["oerbook"]\n'})
    oerbook("build", "html", cwd=book)
    page = (book / "_build/html/fits.html").read_text()
    assert [alt in page for alt in ('alttext="beta sub 1"', 'alttext="n squared"', 'alttext="m equals 3"')] == [
        True
    ] * 3
    assert "from $20 to $30" in page
    assert "$x$" in page
    assert page.index("Below:") > page.index("beta sub 1")
