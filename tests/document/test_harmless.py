"""A page that is set holds nothing that acts, however an address spells it, and looking takes time in line with the page."""

from __future__ import annotations

from time import process_time

import pytest

from oerbook.document.safety.html import harmless


@pytest.mark.parametrize(
    "address",
    [
        "javascript:f()",
        "java&#9;script:f()",
        "java\nscript:f()",
        " javascript:f()",
        "\x01javascript:f()",
        "&#106;avascript:f()",
        "&#x6A&#x61vascript:f()",
        "j&Tab;avascript:f()",
        "javascript&colon;f()",
        "JavaScript&#58;f()",
        "data:text/html,x",
    ],
)
def test_an_address_that_acts_is_taken_out_however_it_is_spelt(address: str) -> None:
    assert harmless(f'<p>a <a href="{address}">b</a></p>') == ("<p>a <a>b</a></p>", "href")


@pytest.mark.parametrize("address", ["https://example.org/a b", "page.html#javascript", "a&#32;b.html", "mailto:ada"])
def test_an_address_that_leads_somewhere_stays(address: str) -> None:
    body = f'<p>the data = 5, href = none <a href="{address}">b</a></p>'
    assert harmless(body) == (body, "")


@pytest.mark.parametrize(
    "piece", ["data=", "src = ", "href='", "javascript ", "on= ", " onon", "<set", "&#9;", "data&"]
)
def test_looking_over_a_page_takes_no_longer_than_the_page(piece: str) -> None:
    begun = process_time()
    harmless("<p>" + piece.replace("<", "&lt;") * 40_000 + "</p>")
    assert process_time() - begun < 3
