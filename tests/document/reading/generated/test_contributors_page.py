"""The contributors page: a few people in order of credit, many by surname and letter."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from oerbook.document.reading.generated import contributors_page
from oerbook.model.book import Book, Chapter, Credit, Credits
from oerbook.model.findings import Place
from oerbook.model.people import Contributor
from tests.conftest import oerbook, write
from tests.support.repository import begin

NAMES = ("Ada Lee", "Åsa Öberg", "Émile Zola", "Bo Ek", "Cy Ortiz", "Łucja Łąka", "Di Marsh", "Eve Oak", "Fay Reed",
         "Gus Ølgaard", "Hal Fern", "Ida Moss", "Jo Birch", "Kim Ash")  # fmt: skip
MORE = tuple(f"Vi {letter}ane" for letter in "ABCDEFGHIJKLMNOPQRSTUVWX")


def build_page(root: Path, names: tuple[str, ...], *formats: str) -> str:
    people = {f"contributors/p{index}.md": f"---\nname: {name}\norcid: 0000-0002-1825-0097\n---\n\n{name.split()[0]} digs.\n" for index, name in enumerate(names)}  # fmt: skip
    ids = ", ".join(f"p{index}" for index in range(len(names)))
    chapters = {f"chapters/0{n}-soil{n}.md": f"---\nauthors: [{ids if n != 4 else 'p0'}]\n---\n\n# Soil {n}\n\nAlive.\n" for n in range(1, 7)}  # fmt: skip
    begin(root, {"chapters/index.md": "---\ntitle: Soil\nlicense: CC-BY-4.0\n---\n\n# Soil\n", **people, **chapters})
    write(root, {**people, **chapters, "chapters/index.md": "---\ntitle: Soil\nlicense: CC-BY-4.0\n---\n\n# Soil\n"})
    result = oerbook("build", *formats, "-C", root)
    assert result.code == 0, result.err
    return (root / "_build/html/contributors.html").read_text()


@pytest.mark.slow
def test_many_people_are_listed_by_surname_with_links_to_letters(tmp_path: Path) -> None:
    page = build_page(tmp_path, NAMES + MORE, "html", "epub", "pdf")
    body = page[page.index('class="people') :]
    order = [name for name in re.findall(r"<strong>([^<]+)</strong>", body) if name in NAMES]
    surnames = [name.split()[-1] for name in order]
    assert surnames == ["Ash", "Birch", "Ek", "Fern", "Łąka", "Lee", "Marsh", "Moss", "Oak", "Öberg", "Ølgaard", "Ortiz", "Reed", "Zola"]  # fmt: skip
    letters = re.findall(r'href="#(contributors-letter-[^"]+)"', page)
    assert len(letters) == len(set(letters)) == 25
    assert all(f'id="{letter}"' in page for letter in letters)
    entry = re.sub(r"<[^>]+>", "", body[body.index("Åsa Öberg") : body.index("Gus Ølgaard")])
    assert "chapters 1–3, 5, 6" in entry
    assert "Åsa digs." in entry
    assert "ORCID 0000-0002-1825-0097" in entry
    assert "@" not in re.sub(r"<[^>]+>", "", body[: body.index("</main>")])


@pytest.mark.slow
def test_few_people_are_listed_in_the_order_of_their_credit(tmp_path: Path) -> None:
    page = build_page(tmp_path, NAMES[:2], "html")
    assert "contributors-letter" not in page
    assert page.index("<strong>Ada Lee") < page.index("<strong>Åsa Öberg")
    assert "chapters" in page[page.index("<strong>Ada Lee") : page.index("<strong>Åsa Öberg")]


def render(names: tuple[str, ...], biography: str, language: str) -> str:
    """Return the page as Markdown, for people with the same biography."""
    place = Place("contributors")
    people = tuple(Contributor(f"p{index}", name, place, biography=biography) for index, name in enumerate(names))
    credits = Credits(people=people, book=tuple(Credit(person.id) for person in people))
    return contributors_page.contributors_page_markdown(
        Book(Path(), "Soil", Chapter("index", "index.md", ""), language=language, credits=credits)
    )


def test_each_letter_has_one_heading_with_its_own_anchor() -> None:
    page = render(("Bo Øa", "Cy Öb", "Di Øc", "007", "~x", *NAMES, *MORE), "", "da")
    headings = re.findall(r"^\(contributors-letter-(\w+)\)=", page, re.M)
    assert len(headings) == len(set(headings)) and {"d8", "d6", "23"} <= set(headings)


@pytest.mark.parametrize(
    "unclosed", ["<!-- oh", "<pre>", "$$", "Mine\n=", "a\u2028:::\u2028\u2028<!--", "a\x0c:::\x0cb"]
)
@pytest.mark.parametrize("many", [(), MORE[:12]])
@pytest.mark.slow
def test_unclosed_markup_in_a_biography_hides_no_other_person(
    tmp_path: Path, unclosed: str, many: tuple[str, ...]
) -> None:
    names = ("Ada Lee", "Bo Ek", "Cy Ortiz", *many)
    files = {f"contributors/p{index}.md": f"---\nname: {name}\n---\n\nI dig.\n\n{unclosed if index < 2 else ''}\n" for index, name in enumerate(names)}  # fmt: skip
    ids = ", ".join(f"p{index}" for index in range(len(names)))
    index = f"---\ntitle: Soil\nauthors: [{ids}]\nlicense: CC-BY-4.0\n---\n\n# Soil\n"
    write(tmp_path, {"chapters/index.md": index, "chapters/01-a.md": "# A\n\nAlive.\n", "conf.py": "", **files})
    assert oerbook("build", "html", "-C", tmp_path).code == 0
    page = (tmp_path / "_build/html/contributors.html").read_text(encoding="utf-8")
    main = re.sub(r"<!--.*?-->", "", page[page.index("<main") : page.index("</main>")], flags=re.S)
    assert all(f"<strong>{name}</strong>" in main for name in names)
    assert len(re.findall(r"<h[1-6]\b", main)) == 1
