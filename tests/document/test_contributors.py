"""The page about the contributors: few have room, many stand by surname under letters that lead to them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import oerbook, write
from tests.journeys.repository import begin

NAMES = ("Ada Lee", "Åsa Öberg", "Émile Zola", "Bo Ek", "Cy Ortiz", "Łucja Łąka", "Di Marsh", "Eve Oak", "Fay Reed",
         "Gus Ølgaard", "Hal Fern", "Ida Moss", "Jo Birch", "Kim Ash")  # fmt: skip
MORE = tuple(f"Vi {sign}ane" for sign in "ABCDEFGHIJKLMNOPQRSTUVWX")


def made(root: Path, names: tuple[str, ...], *formats: str) -> str:
    people = {f"contributors/p{at}.md": f"---\nname: {name}\norcid: 0000-0002-1825-0097\n---\n\n{name.split()[0]} digs.\n" for at, name in enumerate(names)}  # fmt: skip
    listed = ", ".join(f"p{at}" for at in range(len(names)))
    chapters = {f"chapters/0{n}-soil{n}.md": f"---\nauthors: [{listed if n != 4 else 'p0'}]\n---\n\n# Soil {n}\n\nAlive.\n" for n in range(1, 7)}  # fmt: skip
    begin(root, {"chapters/index.md": "---\ntitle: Soil\nlicense: CC-BY-4.0\n---\n\n# Soil\n", **people, **chapters})
    write(root, {**people, **chapters, "chapters/index.md": "---\ntitle: Soil\nlicense: CC-BY-4.0\n---\n\n# Soil\n"})
    ran = oerbook("build", *formats, "-C", root)
    assert ran.code == 0, ran.err
    return (root / "_build/html/contributors.html").read_text()


@pytest.mark.slow
def test_many_people_stand_by_surname_under_letters_that_lead_to_them(tmp_path: Path) -> None:
    page = made(tmp_path, NAMES + MORE, "html", "epub", "pdf")
    body = page[page.index('class="people') :]
    order = [name for name in re.findall(r"<strong>([^<]+)</strong>", body) if name in NAMES]
    surnames = [name.split()[-1] for name in order]
    assert surnames == ["Ash", "Birch", "Ek", "Fern", "Łąka", "Lee", "Marsh", "Moss", "Oak", "Öberg", "Ølgaard", "Ortiz", "Reed", "Zola"]  # fmt: skip
    letters = re.findall(r'href="#(contributors-letter-[^"]+)"', page)
    assert len(letters) == len(set(letters)) == 25
    assert all(f'id="{one}"' in page for one in letters)
    runs = re.sub(r"<[^>]+>", "", body[body.index("Åsa Öberg") : body.index("Gus Ølgaard")])
    assert "chapters 1–3, 5, 6" in runs
    assert "Åsa digs." in runs
    assert "ORCID 0000-0002-1825-0097" in runs
    assert "@" not in re.sub(r"<[^>]+>", "", body[: body.index("</main>")])


@pytest.mark.slow
def test_few_people_keep_the_order_of_their_credit_and_the_titles_of_their_chapters(tmp_path: Path) -> None:
    page = made(tmp_path, NAMES[:2], "html")
    assert "contributors-letter" not in page
    assert page.index("<strong>Ada Lee") < page.index("<strong>Åsa Öberg")
    assert "chapters" in page[page.index("<strong>Ada Lee") : page.index("<strong>Åsa Öberg")]
