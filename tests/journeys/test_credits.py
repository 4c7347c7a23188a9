"""oerbook credits as people use it, and the names in what is built."""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.conftest import INDEX, oerbook, write

SOIL = "# Soil\n\nSoil is a thin skin of rock dust and rotting leaves that holds water like a sponge.\n"


class Repository:
    """A book in git, committed to by several people."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", "-C", str(self.root), *arguments], check=True, capture_output=True, text=True)
        return done.stdout

    def commit(self, who: str, message: str = "A change", **files: str) -> None:
        write(self.root, {name.replace("__", "/") + ".md": text for name, text in files.items()})
        self.git("add", "-A")
        mail = f"{who.split()[0].lower()}@secret.example"
        self.git("-c", f"user.name={who}", "-c", f"user.email={mail}", "commit", "-qm", message)


@pytest.fixture
def book(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "book")
    made.commit("Ada Lee", chapters__index=INDEX)
    made.commit(
        "Bo Nilsson", **{"chapters__01-soil": SOIL, "contributors__bo": "---\nname: Bo Nilsson\n---\nBo digs.\n"}
    )
    note = "More\n\nCo-authored-by: Cy Ortiz <cy@secret.example>\nCo-authored-by: Claude Opus 5 <noreply@anthropic.com>\nReviewed-by: Eve Forger <eve@secret.example>"
    made.git("checkout", "-qb", "more")
    made.commit("Ada Lee", note, **{"chapters__01-soil": SOIL + "\nWorms turn it over and over.\n"})
    made.git("checkout", "-q", "-")
    editor = ("-c", "user.name=Ada Lee", "-c", "user.email=ada@secret.example")
    made.git(*editor, "merge", "-q", "--no-ff", "-m", "Merge more\n\nReviewed-by: Dee Wu <dee@secret.example>", "more")
    return made


def report(book: Repository, *arguments: str) -> dict:  # type: ignore[type-arg]
    ran = oerbook("credits", "--format", "json", *arguments, cwd=book.root)
    assert ran.code == 0, ran.err
    found: dict = json.loads(ran.out)  # type: ignore[type-arg]
    return found


def test_the_ledger_says_who_wrote_what(book: Repository) -> None:
    found = report(book, "--words", "--chapter", "soil")
    words = {one["person"]: one["words"] for one in found["chapters"][0]["credits"]}
    assert words == {"bo": 18.0, "ada-lee": 3.0, "cy-ortiz": 3.0, "dee-wu": 0.0}
    assert sum(one["share"] for one in found["chapters"][0]["credits"]) == pytest.approx(1)
    text = " ".join(run["text"] for run in found["chapters"][0]["runs"])
    assert text.startswith("Soil Soil is a thin skin") and text.endswith("Worms turn it over and over")
    assert found["chapters"][0]["runs"][-1]["people"] == ["ada-lee", "cy-ortiz"]
    assert found["tools"] == ["Claude Opus 5"]
    assert "Eve Forger" not in json.dumps(found)  # a commit of a submission is no place for a review
    assert next(one for one in found["book"] if one["person"] == "dee-wu")["roles"] == ["reviewer"]


def test_cached_credits_apply_a_new_mailmap_and_ignore_replaced_commits(book: Repository) -> None:
    first = report(book, "--words")
    book.commit("Bo Nilsson", chapters__02_air="# Air\n\nAir is mostly nitrogen, and we breathe it in and out.\n")
    assert report(book, "--chapter", "soil", "--words")["chapters"][0] == first["chapters"][-1]
    (book.root / ".mailmap").write_text("Ada Byron Lee <ada@secret.example>\n")
    kept = report(book)
    assert "Ada Byron Lee" in {one["name"] for one in kept["people"]}
    book.git("replace", "--graft", "HEAD")  # as if all before had never been
    (book.root / ".git/info/grafts").write_text(book.git("rev-parse", "HEAD"))
    assert report(book) == kept  # what one clone puts in place of commits is nothing that was published


def test_names_in_old_encodings_or_with_invisible_characters_are_printed_readably(book: Repository) -> None:
    rows = []
    for place, name in enumerate(("Ren\xe9 Roy".encode("latin-1"), b"Esc\x1b[31m Red", "Bidi\u202e Vil".encode())):
        text = f"# Page {place}\n\nWords number {place} of one more author stand here.\n".encode()
        rows += [b"commit refs/heads/main\nauthor " + name + b" <n%d@secret.example> %d +0000" % (place, place * 10**9)]
        rows += [b"committer X <x@secret.example> 1 +0000\ndata 1\nx"]
        rows += [
            b"from refs/heads/main^0" if not place else b"",
            b"M 100644 inline chapters/1%d-p%d.md" % (place, place),
        ]
        rows += [b"data %d\n" % len(text) + text]
    stream = b"\n".join(row for row in rows if row) + b"\n"
    subprocess.run(["git", "-C", str(book.root), "fast-import", "--quiet"], input=stream, check=True)
    book.git("reset", "-q", "--hard")
    names = {one["name"] for one in report(book)["people"]}
    assert {"Ren\xe9 Roy", "Esc[31m Red", "Bidi Vil"} <= names


def test_the_table_the_explanation_and_the_list(book: Repository) -> None:
    table = oerbook("credits", cwd=book.root)
    assert table.code == 0 and "Bo Nilsson" in table.out and "identity-unmapped" in table.err
    assert "identity-similar" not in table.err
    why = oerbook("credits", "--explain", "cy", cwd=book.root)
    assert "chapters/01-soil.md" in why.out and "More" in why.out
    nobody = oerbook("credits", "--explain", "zoe", cwd=book.root)
    assert nobody.code == 1 and "Name one of" in nobody.err
    assert oerbook("credits", "--format", "csv", cwd=book.root).out.startswith("who,words,share")
    assert "secret.example" not in table.out + table.err + why.out


def test_variants_of_a_name_are_proposed_with_the_lines_that_merge_them(book: Repository) -> None:
    water = "# Water\n\nWater runs downhill, and on its way it takes along whatever is loose.\n"
    book.commit("B. E. Nilsson", **{"chapters__03-water": water})
    book.commit("A. Lee", **{"chapters__03-water": water + "\nSome of it stays in the ground for years.\n"})
    table = oerbook("credits", cwd=book.root).err
    assert "If they do, add to contributors/bo.md: identities: [B. E. Nilsson]" in table
    assert "create contributors/ada-lee.md with name: Ada Lee and identities: [A. Lee]" in table
    names = {person["name"] for person in report(book)["people"]}
    assert {"Bo Nilsson", "B. E. Nilsson", "A. Lee", "Ada Lee"} <= names  # nothing is merged by guess
    write(book.root, {"contributors/ada-lee.md": "---\nname: Ada Lee\nidentities: [A. Lee]\n---\n"})
    assert "A. Lee" not in {person["name"] for person in report(book)["people"]}


def test_the_table_of_several_chapters_lists_each_person_once(book: Repository) -> None:
    book.commit(
        "Bo Nilsson", **{"chapters__02-air": "# Air\n\nAir is mostly nitrogen, and we breathe it in and out.\n"}
    )
    both = oerbook("credits", "--chapter", "soil", "--chapter", "air", "--chapter", "soil", cwd=book.root).out
    rows = {row.split("  ")[0]: row.split() for row in both.split("\n\n")[0].splitlines()[1:]}
    assert len(rows) == len(both.split("\n\n")[0].splitlines()) - 1 == 4
    assert rows["Bo Nilsson"][2:4] == ["30", "83.3%"] and rows["Ada Lee"][2:4] == ["3", "8.3%"]
    assert "36 words by 3 people; 4 people contributed." in both
    alone = oerbook("credits", "--chapter", "air", cwd=book.root).out
    assert "12 words by 1 person; 1 person contributed." in alone
    table = oerbook("credits", "--format", "csv", "--chapter", "air", "--chapter", "soil", cwd=book.root).out
    assert table.splitlines()[1].startswith("Bo Nilsson,")
    assert table.count("Bo Nilsson") == 1


def test_the_credit_policy_hides_names_but_removes_nobody_from_the_records(book: Repository) -> None:
    policy = INDEX.replace("license:", "credit: {coauthors: author-only, min_words: 10, min_share: 50%}\nlicense:")
    book.commit("Ada Lee", chapters__index=policy)
    found = report(book, "--chapter", "01-soil.md")["chapters"][0]["credits"]
    assert [(one["person"], one["author"]) for one in found if one["author"]] == [("bo", True)]
    assert {one["person"] for one in report(book)["book"]} >= {"cy-ortiz", "dee-wu", "ada-lee"}


def test_a_shallow_clone_gives_nobody_credit(book: Repository, tmp_path: Path) -> None:
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{book.root}", str(tmp_path / "cut")], check=True)
    ran = oerbook("credits", cwd=tmp_path / "cut")
    assert ran.code == 1 and "fetch --unshallow" in ran.err
    built = oerbook("build", "html", "--format", "json", cwd=tmp_path / "cut")
    assert built.code == 1 and built.findings("history-incomplete")


def test_a_folder_that_git_does_not_trust_is_not_published_without_authors(book: Repository, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may give a folder to somebody else")
    os.chown(book.root, 12345, -1)
    os.chown(book.root / ".git", 12345, -1)
    ran = oerbook("credits", cwd=book.root)
    command = f"git config --global --add safe.directory {book.root}"
    assert ran.code == 1 and "belongs to another user" in ran.err and command in ran.err
    built = oerbook("build", "html", "--format", "json", cwd=book.root)
    (finding,) = built.findings("history-incomplete")
    assert built.code == 1 and finding["severity"] == "error" and command in finding["hint"]
    adopted = oerbook("adopt", book.root, tmp_path / "ours")
    assert adopted.code == 1 and command in adopted.err


def test_a_missing_git_folder_is_named_in_the_error(book: Repository) -> None:
    (book.root / ".git").rename(book.root.parent / "elsewhere")
    (book.root / ".git").write_text("gitdir: ../gone/worktrees/book\n")
    ran = oerbook("credits", cwd=book.root)
    assert ran.code == 1 and "gone/worktrees/book" in ran.err and "history-missing" not in ran.err


def test_before_the_first_commit_no_format_states_a_year(tmp_path: Path) -> None:
    index = "---\ntitle: T\nauthors: [Ada Lee]\npublisher: Press\n---\n# T\n"
    root = write(tmp_path / "book", {"chapters/index.md": index, "chapters/01-soil.md": SOIL})
    subprocess.run(["git", "init", "-q", root], check=True)
    assert oerbook("build", "html", "epub", cwd=root).code == 0
    pages = [path.read_text() for path in (root / "_build/html").glob("*.html")]
    with zipfile.ZipFile(root / "_build/t.epub") as epub:
        pages += [epub.read(name).decode() for name in epub.namelist() if name.endswith(".xhtml")]
        assert b"<dc:date" not in epub.read("EPUB/content.opf")
    assert any("© Ada Lee" in page for page in pages)
    assert not any("1980" in page or "1970" in page for page in pages)


def test_a_book_without_git_knows_declared_people_only(tmp_path: Path) -> None:
    root = write(tmp_path / "book", {"chapters/index.md": INDEX, "chapters/01-soil.md": SOIL})
    ran = oerbook("credits", cwd=root, GIT_CEILING_DIRECTORIES=str(tmp_path))
    assert ran.code == 0 and "Ada Lee" in ran.out and "history-missing" in ran.err


def test_words_that_are_not_committed_have_no_author(book: Repository) -> None:
    write(book.root, {"chapters/01-soil.md": SOIL + "\nWorms turn it over and over and out.\n"})
    runs = report(book, "--words", "--chapter", "soil")["chapters"][0]["runs"]
    assert [(run["people"], run["commit"], run["text"]) for run in runs if not run["people"]] == [([], "", "and out")]


def test_a_person_named_as_a_tool_in_a_trailer_keeps_their_words(book: Repository) -> None:
    before = report(book)["book"]
    note = "More\n\nGenerated-by: Bo Nilsson <bo@secret.example>\nAssisted-by: Ada Lee <ada@secret.example>"
    book.commit("Eve Moss", note, **{"chapters__02-rock": "# Rock\n\nRock is what soil is made of.\n"})
    after = {one["person"]: one["words"] for one in report(book)["book"]}
    assert {one["person"]: one["words"] for one in before} == {k: v for k, v in after.items() if k != "eve-moss"}


def test_a_person_of_the_book_is_a_person_whatever_the_name(book: Repository) -> None:
    person = "---\nname: Claude\n---\nClaude teaches.\n"
    note = "More\n\nCo-authored-by: Claude <claude@secret.example>"
    rock = "# Rock\n\nRock is what soil is made of.\n"
    book.commit("Eve Moss", note, **{"chapters__02-rock": rock, "contributors__claude": person})
    assert {one["person"]: one["words"] for one in report(book)["book"]}["claude"] == 4


def test_a_reformatting_commit_listed_as_ignored_changes_no_credit(book: Repository) -> None:
    book.commit(
        "Tidy Person", **{"chapters__01-soil": SOIL.replace("rotting", "decaying") + "\nWorms turn it over and over.\n"}
    )
    assert any(one["person"] == "tidy-person" and one["words"] == 1 for one in report(book)["book"])
    sha = book.git("rev-parse", "HEAD").strip()
    (book.root / ".git-blame-ignore-revs").write_text(f"# tidied\n{sha}\n")
    assert not any(one["person"] == "tidy-person" and one["words"] for one in report(book)["book"])


@pytest.mark.slow
def test_the_names_are_in_every_format_and_addresses_in_none(book: Repository) -> None:
    ran = oerbook("build", "all", "--format", "json", cwd=book.root)
    assert ran.code == 0, ran.err
    out = book.root / "_build"
    page = (out / "html" / "soil.html").read_text()
    assert '<p class="byline">' in page and 'contributors.html#contributor-bo"' in page and "Cy Ortiz" in page
    assert "Bo digs." in (out / "html" / "contributors.html").read_text()
    who = json.loads((out / "html" / "soil.who.json").read_text())
    assert who["people"]["cy-ortiz"] == "Cy Ortiz" and sum(len(run[2].split()) for run in who["runs"]) == 24
    script = (out / "html" / "soil.who.js").read_text()  # the same for a page that is opened from a folder
    assert json.loads(script.removeprefix("globalThis.oerbookWho=").removesuffix(";\n")) == who
    with zipfile.ZipFile(out / "a-small-book.epub") as epub:
        package = epub.read("EPUB/content.opf").decode()
        text = "".join(epub.read(name).decode() for name in epub.namelist() if name.endswith(".xhtml"))
    assert ">Ada Lee</dc:creator>" in package and ">Bo Nilsson</dc:contributor>" in package
    assert ">rev</meta>" in package and ">Nilsson, Bo</opf:meta>" in package.replace("meta>", "opf:meta>").replace(
        "opf:opf:", "opf:"
    )
    assert "Bo Nilsson" in text
    with zipfile.ZipFile(out / "a-small-book.docx") as docx:
        assert "Cy Ortiz" in docx.read("word/document.xml").decode()
        assert "Ada Lee" in docx.read("docProps/core.xml").decode()
    words = subprocess.run(["pdftotext", str(out / "a-small-book.pdf"), "-"], capture_output=True, text=True).stdout
    assert "Cy Ortiz" in words
    for path in out.rglob("*"):
        if path.is_file():
            assert b"secret.example" not in path.read_bytes(), path
