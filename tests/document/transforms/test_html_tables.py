"""Tables that authors write in HTML."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from tests.conftest import Files, oerbook

PAGE = "# Soil\n\n<table><caption>Layers</caption><tr><th>Name</th></tr><tr><td>Humus</td></tr></table>\n"


SPLIT_PAGE = """# Soil

<table id="layers">
<caption>

Layers *here*

</caption>
<tr>
<th colspan="2">

Name

</th>
</tr>
<tr>
<td>

- Humus[^1]
- $a$

</td>
<td></td>
</tr>
</table>

See {numref}`layers` and [the table](#layers).

[^1]: Dark.
"""


def test_cells_with_myst_between_blank_lines_make_one_table_with_a_label(make: Callable[[Files], Path]) -> None:
    book = make({"chapters/01-soil.md": SPLIT_PAGE})
    result = oerbook("build", "html", "--format", "json", "-C", book)
    assert result.code == 0, result.err
    assert result.report["findings"] == []
    page = (book / "_build/html/soil.html").read_text(encoding="utf-8")
    assert re.search(r'See <a class="reference internal" href="#layers">.*?Table\s1\.1', page)
    assert "Layers <em>here</em>" in page
    assert page.count("<table") == 1
    assert re.search(r'<th [^>]*colspan="2"', page)


def test_a_captioned_html_table_is_numbered_like_any_other(make: Callable[[Files], Path]) -> None:
    book = make({"chapters/01-soil.md": PAGE})
    result = oerbook("build", "html", "--format", "json", "-C", book)
    assert result.code == 0, result.err
    assert result.report["findings"] == []
    assert "Table 1.1" in (book / "_build/html/soil.html").read_text(encoding="utf-8")
