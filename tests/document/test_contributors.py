"""The page about the contributors: few have room, many stand by surname under letters that lead to them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from oerbook.document.reading import contributors_page
from oerbook.model.book import Book, Chapter, Credit, Credits
from oerbook.model.findings import Place
from oerbook.model.people import Contributor
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


def listed(names: tuple[str, ...], biography: str, language: str) -> str:
    """Return the page's Markdown for people who all say the same of themselves."""
    place = Place("contributors")
    people = tuple(Contributor(f"p{at}", name, place, biography=biography) for at, name in enumerate(names))
    credits = Credits(people=people, book=tuple(Credit(person.id) for person in people))
    return contributors_page.page(
        Book(Path(), "Soil", Chapter("index", "index.md", ""), language=language, credits=credits)
    )


def test_no_letter_stands_twice_where_two_letters_are_ordered_as_one() -> None:
    told = listed(("Bo Øa", "Cy Öb", "Di Øc", "007", "~x", *NAMES, *MORE), "", "da")
    heads = re.findall(r"^\(contributors-letter-(\w+)\)=", told, re.M)
    assert len(heads) == len(set(heads)) and {"d8", "d6", "23"} <= set(heads)


@pytest.mark.parametrize(
    "unclosed", ["<!-- oh", "<pre>", "$$", "Mine\n=", "a\u2028:::\u2028\u2028<!--", "a\x0c:::\x0cb"]
)
@pytest.mark.parametrize("many", [(), MORE[:12]])
@pytest.mark.slow
def test_what_somebody_says_of_themselves_hides_nobody_else(
    tmp_path: Path, unclosed: str, many: tuple[str, ...]
) -> None:
    names = ("Ada Lee", "Bo Ek", "Cy Ortiz", *many)
    files = {f"contributors/p{at}.md": f"---\nname: {name}\n---\n\nI dig.\n\n{unclosed if at < 2 else ''}\n" for at, name in enumerate(names)}  # fmt: skip
    by = ", ".join(f"p{at}" for at in range(len(names)))
    index = f"---\ntitle: Soil\nauthors: [{by}]\nlicense: CC-BY-4.0\n---\n\n# Soil\n"
    write(tmp_path, {"chapters/index.md": index, "chapters/01-a.md": "# A\n\nAlive.\n", "conf.py": "", **files})
    assert oerbook("build", "html", "-C", tmp_path).code == 0
    page = (tmp_path / "_build/html/contributors.html").read_text(encoding="utf-8")
    main = re.sub(r"<!--.*?-->", "", page[page.index("<main") : page.index("</main>")], flags=re.S)
    assert all(f"<strong>{name}</strong>" in main for name in names)
    assert len(re.findall(r"<h[1-6]\b", main)) == 1
