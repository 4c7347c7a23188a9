"""Credit for submissions that an editor took in by a merge, a squash or a rebase, with real git."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import oerbook, write
from tests.support.merging import BOOK, INDEX, START, merge, prose
from tests.support.repository import begin, commit, git

EVA = ("-c", "user.name=Eva Moss", "-c", "user.email=eva.moss@example.org")
SOIL = "# Soil\n\nSoil is a thin skin of rock dust and rotting leaves that holds water like a sponge.\n"
MORE = SOIL + "\nWorms turn all of it over, year after year, and nobody thanks them.\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    book = tmp_path / "book"
    begin(book, BOOK)
    git(book, "reset", "-q", "--hard")
    commit(book, "soil", {"chapters/02-soil.md": SOIL}, "Ben Field", "Write about soil")
    commit(book, "soil", {"chapters/02-soil.md": MORE}, "Cy Brook", "Add worms")
    commit(book, "main", {"chapters/01-start.md": START + "\nOne more thing.\n"}, "Ada Lee", "Add one thing")
    git(book, "reset", "-q", "--hard", "main")
    return book


def credited(root: Path) -> dict[str, dict[str, Any]]:
    ran = oerbook("credits", "--format", "json", "-C", root)
    assert ran.code == 0, ran.err
    return {row["person"]: row for row in json.loads(ran.out)["book"]}


def written(rows: dict[str, dict[str, Any]]) -> dict[str, float]:
    return {person: row["words"] for person, row in rows.items() if row["words"]}


def test_commits_are_credited_to_their_authors_and_not_to_who_merges(root: Path) -> None:
    git(root, "config", "user.name", "Eva Moss")
    git(root, "config", "user.email", "eva.moss@example.org")
    assert merge(root, "soil")[0] == 0
    rows = credited(root)
    assert {person: len(row["commits"]) for person, row in rows.items()} == {
        "ada-lee": 2,
        "ben-field": 1,
        "cy-brook": 1,
    }
    assert written(rows)["ben-field"] == len(SOIL.split()) - 1 and written(rows)["cy-brook"] == 13
    assert "Write about soil" in oerbook("credits", "--explain", "ben", "-C", root).out


def test_somebody_named_only_in_a_merge_is_credited(root: Path) -> None:
    message = "Merge soil\n\nCo-authored-by: Dee Wu <dee@example.org>\nReviewed-by: Flo Ray <flo@example.org>"
    git(root, *EVA, "merge", "-q", "--no-ff", "-m", message, "soil")
    rows = credited(root)
    assert rows["dee-wu"]["roles"] == ["author"] and rows["flo-ray"]["roles"] == ["reviewer"]
    assert len(rows["dee-wu"]["commits"]) == 1 and "eva-moss" not in rows


def test_the_words_of_a_squash_merge_are_its_authors_and_co_authors(root: Path) -> None:
    """GitHub's button: the opener of the pull request is the author, and the others are named in trailers."""
    git(root, *EVA, "merge", "-q", "--squash", "soil")
    message = "Write about soil (#7)\n\n* Write about soil\n\n* Add worms\n\n---------\n\nCo-authored-by: Cy Brook <cy.brook@example.org>"
    git(root, *EVA, "commit", "-q", "--author", "Ben Field <ben.field@example.org>", "-m", message)
    rows = credited(root)
    total = len(MORE.split()) - 1
    assert written(rows)["ben-field"] == written(rows)["cy-brook"] == total / 2 and "eva-moss" not in rows
    again = merge(root, "soil")[1]["soil"]
    assert again["state"] == "there"  # the branch that is left over brings nothing


def test_the_words_of_a_rebase_merge_stay_with_each_author(root: Path) -> None:
    before = git(root, "rev-parse", "soil")
    git(root, *EVA, "switch", "-q", "-c", "rebased", "soil")
    git(root, *EVA, "rebase", "-q", "main")
    git(root, "switch", "-q", "main")
    git(root, *EVA, "merge", "-q", "--ff-only", "rebased")
    git(root, "branch", "-q", "-D", "rebased")
    assert git(root, "rev-parse", "main") != before
    rows = credited(root)
    assert written(rows)["cy-brook"] == 13 and written(rows)["ben-field"] == len(SOIL.split()) - 1
    assert "eva-moss" not in rows and merge(root, "soil")[1]["soil"]["state"] == "there"


def test_an_author_who_is_also_the_editor_is_both_in_the_epub(root: Path) -> None:
    write(
        root,
        {
            "chapters/index.md": INDEX.replace(
                "title: A sprint", "title: A sprint\nauthors: [Ada Lee]\neditors: [Ada Lee]"
            )
        },
    )
    from oerbook.metadata.bylines import contributor_relators
    from oerbook.source.book import read_book

    book, _findings = read_book(root)
    assert contributor_relators(book) == [("Ada Lee", "edt")]


def test_a_conflict_names_who_wrote_the_words_and_everything_else_that_is_wrong(root: Path) -> None:
    page = START + "".join(f"\nParagraph {n} says {prose(n)}\n" for n in range(4))
    commit(root, "main", {"chapters/03-long.md": page}, "Ada Lee")
    git(root, "branch", "-q", "kim", "main")
    git(root, "branch", "-q", "zoe", "main")
    reworded = page.replace("how the book began", "how this book came about")
    commit(root, "main", {"chapters/03-long.md": reworded}, "Dan Eze")
    commit(root, "main", {"chapters/03-long.md": None, "chapters/04-long.md": reworded}, "Fay Gold")
    commit(root, "kim", {"chapters/03-long.md": page.replace("how the book began", "why it all began")}, "Kim Park")
    commit(root, "kim", {"conf.py": "import os\n", "run.sh": "#!/bin/sh\n"}, "Kim Park")
    commit(root, "zoe", {"chapters/01-start.md": START + "\nZoe was here, and says so at some length.\n"}, "Zoe Ray")
    commit(root, "main", {"chapters/01-start.md": None}, "Fay Gold")
    found = merge(root, "kim", "zoe")[1]
    assert found["kim"]["state"] == found["zoe"]["state"] == "refused"
    rows: Any = found["kim"]["findings"]
    assert rows[0]["message"].startswith("Kim Park and Dan Eze both changed this passage"), rows[0]["message"]
    assert {"merge-conflict", "path-not-allowed"} <= {row["code"] for row in rows}
    removed: Any = found["zoe"]["findings"]
    assert "Zoe Ray changed this file in the submission, and Fay Gold removed it" in removed[0]["message"]
