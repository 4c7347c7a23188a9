"""New chapters and contributor files are complete templates and replace no file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from oerbook.errors import OerbookError
from oerbook.source import front_matter
from oerbook.source.schema import PAGE_KEYS, PERSON_KEYS
from oerbook.source.templates.new_file import placeholder_pattern
from oerbook.source.templates.phrases import template_translation
from oerbook.tasks.scaffold.new_file import create_chapter, create_contributor
from oerbook.text.translations import translated_languages
from tests.conftest import oerbook

Make = Callable[..., Path]


def test_a_chapter_gets_the_next_number_in_its_part(make: Make) -> None:
    root = make({"chapters/02-soil/index.md": "# All about soil", "chapters/02-soil/07-a.md": "# A"})
    assert create_chapter(root, "Worms & co.", part="soil").path == "chapters/02-soil/08-worms-co.md"
    assert create_chapter(root, "Roots", part="All about soil").path == "chapters/02-soil/09-roots.md"
    assert create_chapter(root, "Air").path == "chapters/03-air.md"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Böden", "01-böden"),
        ("土と水", "01-土と水"),
        ("../../etc/passwd", "01-etc-passwd"),
        ("‮evil", "01-evil"),
        ("?!", "01-chapter"),
    ],
)
def test_any_title_gives_a_file_name(make: Make, title: str, name: str) -> None:
    assert create_chapter(make({}), title).path == f"chapters/{name}.md"


def test_existing_chapter_and_contributor_files_are_not_overwritten(make: Make) -> None:
    root = make({"chapters/04-soil.md": "mine", "contributors/ada-lee.md": "---\nname: Ada Lee\n---\n"})
    with pytest.raises(OerbookError, match=r"04-soil.md already exists"):
        create_chapter(root, "Soil")
    with pytest.raises(OerbookError, match="already has a file"):
        create_contributor(root, "ada lee")
    assert create_contributor(root, "Ada Lee", "ada-lee-2").path == "contributors/ada-lee-2.md"
    assert (root / "chapters/04-soil.md").read_text() == "mine"


def test_an_author_must_be_known(make: Make) -> None:
    root = make({"contributors/ada-lee.md": "---\nname: Ada Lee\n---\n"})
    with pytest.raises(OerbookError) as caught:
        create_chapter(root, "Soil", author="ada-le")
    assert caught.value.hint == "Did you mean ada-lee?"
    with pytest.raises(OerbookError) as caught:
        create_chapter(root, "Soil", author="ada")
    assert caught.value.hint == "Did you mean ada-lee?"
    assert 'authors: ["ada-lee"]' in (root / create_chapter(root, "Sand", author="Ada Lee").path).read_text()
    assert 'authors: ["ada-lee"]' in (root / create_chapter(root, "Soil", author="ada-lee").path).read_text()


@pytest.mark.slow
def test_new_files_build_without_findings_except_placeholders(make: Make) -> None:
    root = make({})
    title = 'A *star*, `code` & "quotes" <b> {x} $5 [y] #1'
    assert oerbook("new", "contributor", "Ada Lee", "-C", root).out == "contributors/ada-lee.md\n"
    made = oerbook("new", "chapter", title, "--author", "ada-lee", "-C", root)
    assert made.code == 0
    oerbook("new", "chapter", "Another", "-C", root)
    assert oerbook("build", "html", "--strict", "-C", root).code == 0
    assert oerbook("check", "--format", "json", "-C", root).report["findings"]
    found = {f["code"] for f in oerbook("check", "--format", "json", "-C", root).report["findings"]}
    assert found == {"placeholder"}
    assert "A *star*" in (root / "_build/html/a-star-code-quotes-b-x-5-y-1.html").read_text()


@pytest.mark.parametrize("language", ["en", *translated_languages(), "de-AT", "sw"])
def test_templates_are_in_the_language_of_the_book_and_every_placeholder_is_found(make: Make, language: str) -> None:
    index = f"---\ntitle: A book\nlicense: CC-BY-4.0\nlanguage: {language}\n---\n\n# A book\n"
    root = make({"chapters/index.md": index})
    words = template_translation(language)
    person = (root / create_contributor(root, "Ada Lee").path).read_text()
    text = (root / create_chapter(root, "Soil", author="ada-lee").path).read_text()
    assert all(f"## {words[part]}\n" in text for part in ("section", "takeaways", "exercises", "sources"))
    assert words["who"] in person
    assert words["replace"] not in placeholder_pattern().sub("", text + person)
    assert len(placeholder_pattern().findall(text + person)) == 11
    assert front_matter.read_front_matter(text, "chapters/01-soil.md", PAGE_KEYS).findings == ()
    assert front_matter.read_front_matter(person, "contributors/ada-lee.md", PERSON_KEYS).findings == ()


def test_titles_without_letters_get_different_file_names(make: Make) -> None:
    root = make({})
    paths = [create_chapter(root, title).path for title in ("!!!", "🌱🌱", "?")]
    assert paths == ["chapters/01-chapter.md", "chapters/02-chapter-2.md", "chapters/03-chapter-3.md"]


def test_a_contributor_file_has_a_name_and_no_email_address(make: Make) -> None:
    root = make({})
    created = create_contributor(root, "Ada Lee <ada@example.org>")
    assert created.path == "contributors/ada-lee.md" and "ada@" not in (root / created.path).read_text()
    assert create_contributor(root, "Con").path == "contributors/con-1.md"
    with pytest.raises(OerbookError, match="needs a name"):
        create_contributor(root, "ada@example.org")


@pytest.mark.parametrize(
    ("part", "hint"),
    [
        ("biolgy", "Did you mean 02-biology?"),
        ("All about sol", "Did you mean 01-soil?"),
        ("zzz", "The book has the parts 01-soil, 02-biology."),
    ],
)
def test_an_unknown_part_is_an_error_with_a_suggestion(make: Make, part: str, hint: str) -> None:
    pages = {"chapters/01-soil/index.md": "# All about soil", "chapters/02-biology/index.md": "# Life"}
    root = make({**pages, "chapters/zz/drop.svg": "<svg/>"})
    with pytest.raises(OerbookError) as caught:
        create_chapter(root, "Worms", part=part)
    assert caught.value.hint == hint


def test_in_a_subfolder_the_error_names_the_folder_of_the_book(make: Make) -> None:
    root = make({"chapters/01-soil/index.md": "# Soil"})
    with pytest.raises(OerbookError) as caught:
        create_chapter(root / "chapters/01-soil", "Worms")
    assert caught.value.hint == "There is one in ../..: change to that folder, or use -C ../.."
