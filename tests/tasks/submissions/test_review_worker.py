"""Results that a review worker reuses are the same as those git would give again."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from oerbook.git import commits, objects
from oerbook.tasks.submissions.review import ReviewRequest, review
from oerbook.tasks.submissions.worker_session import open_worker
from tests.conftest import write
from tests.support.repository import begin, commit, git


class Quiet:
    def stage(self, name: str, total: int | None) -> Any:
        return nullcontext(lambda *_: None)


def test_names_added_merge_by_merge_equal_those_of_the_whole_history(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, {"chapters/index.md": "# A book\n"})
    git(root, "checkout", "-q", "-f", "main")
    with open_worker(tmp_path / "out") as reading:
        tip = objects.resolve_commit(root, "HEAD")
        assert reading.name_index(root, tip).names == commits.emails_by_name(root, tip)
        for number in range(3):
            name = f"by-{number}"
            commit(root, name, {f"chapters/{number}.md": "# A\n"}, f"Writer {number}")
            words = f"Merge {name}\n\nCo-authored-by: Helper {number} <helper{number}@example.org>\n"
            git(root, "-c", "user.name=Ed", "-c", "user.email=ed@example.org", "merge", "--no-ff", "-m", words, name)
            head = objects.resolve_commit(root, "HEAD")
            if number != 1:  # the worker is not told about one of them
                own = [one for one in commits.submission_commits(root, tip, head) if not one.is_merge]
                reading.note_commits(root, tip, head, own)
            assert reading.name_index(root, head).names == commits.emails_by_name(root, head)
            tip = head


def test_control_characters_in_names_do_not_break_parsing_of_commits(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, {"chapters/index.md": "# A book\n"})
    commit(
        root, "odd", {"chapters/01-a.md": "# A\n"}, "Bo\x01evil@example.org\x01Ek", "A change\n\nof \x01 odd\x02 signs"
    )
    commit(root, "odd", {"chapters/02-b.md": "# B\n"}, "Bo Ek")
    last, first = commits.submission_commits(root, "main", "odd")
    assert (first.name, first.mailmapped[0]) == ("Bo\x01evil@example.org\x01Ek",) * 2
    assert (first.message.strip(), first.is_merge, first.coauthors) == ("A change\n\nof \x01 odd\x02 signs", False, ())
    assert (last.name, last.message.strip()) == ("Bo Ek", "A change")
    assert objects.merge_base(root, "main", "odd") == objects.resolve_commit(root, "main")
    git(root, "checkout", "-q", "--orphan", "alone")
    git(root, "-c", "user.name=Ed", "-c", "user.email=ed@example.org", "commit", "-qm", "alone")
    assert objects.merge_base(root, "main", "alone") == ""


def test_cached_file_lists_are_those_of_their_commits(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, {"chapters/index.md": "# A book\n"})
    with open_worker(tmp_path / "out") as reading:
        for number in range(6):
            commit(root, f"by-{number}", {f"chapters/{number}.md": "# A\n"}, "Ada Lee")
        for _ in range(2):
            for number in range(6):
                assert reading.file_list(root, f"by-{number}").files == objects.list_files(root, f"by-{number}")


def test_a_file_list_computed_from_differences_equals_that_of_git(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, {f"chapters/{n}.md": f"# Chapter {n}\n\n{f'Words of {n}. ' * 40}\n" for n in range(5)})
    git(root, "checkout", "-q", "-f", "main")

    def save(words: str) -> str:
        git(root, "add", "-A")
        git(root, "-c", "user.name=Ed", "-c", "user.email=ed@example.org", "commit", "-qm", words)
        return objects.resolve_commit(root, "HEAD")

    said = [objects.resolve_commit(root, "HEAD")]
    (root / "chapters/0.md").rename(root / "chapters/9.md")
    (root / "chapters/1.md").unlink()
    (root / "chapters/2.md").chmod(0o755)
    (root / "chapters/3.md").write_text("# Anew\n")
    (root / "chapters/Größe.md").write_text("# Größe\n")
    (root / "chapters/link.md").symlink_to("3.md")
    said.append(save("all kinds of changes"))
    (root / "chapters/9.md").rename(root / "chapters/1.md")
    (root / "chapters/link.md").unlink()
    (root / "chapters/4.md").rename(root / "chapters/0.md")
    said.append(save("and back"))
    oid = git(root, "rev-parse", "HEAD").strip()
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{oid},chapters/sub")
    git(root, "-c", "user.name=Ed", "-c", "user.email=ed@example.org", "commit", "-qm", "a submodule")
    said.append(objects.resolve_commit(root, "HEAD"))
    with open_worker(tmp_path / "out") as reading:
        listed = [reading.file_list(root, commit, start) for commit, start in zip(said, ["", *said], strict=False)]
        assert [found.files for found in listed] == [objects.list_files(root, c) for c in said]


def test_cached_findings_of_a_base_equal_those_of_a_new_review(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, {"chapters/index.md": "---\ntitle: A book\n---\n\n# A book\n", "chapters/01-a.md": "# A\n\nText.\n"})
    commit(root, "one", {"chapters/02-b.md": "# B\n\nText.\n"}, "Bo Ek")
    commit(root, "two", {"chapters/02-b.md": "# B\n\nText.\n"}, "Bo Ek")
    git(root, "checkout", "-q", "-f", "two")
    git(root, "branch", "-f", "stacked", "one")
    git(root, "checkout", "-q", "-f", "stacked")
    write(root, {"chapters/03-c.md": "# C\n\nText.\n"})
    git(root, "add", "-A")
    git(root, "-c", "user.name=Bo Ek", "-c", "user.email=bo@example.org", "commit", "-qm", "C")
    git(root, "checkout", "-q", "-f", "main")
    index = "---\ntitle: A book\nauthors: [Bo Ek]\nlicense: CC-BY-4.0\n---\n\n# A book\n"
    write(root, {"chapters/index.md": index})
    git(root, "-c", "user.name=Ed", "-c", "user.email=ed@example.org", "commit", "-qam", "License")

    def brought(out: str, *, first: bool) -> list[tuple[str, str]]:
        with open_worker(tmp_path / out) as reading:
            if first:
                review(root, tmp_path / out, ReviewRequest("main", "one"), Quiet(), reading)
            told = review(root, tmp_path / out, ReviewRequest("one", "stacked"), Quiet(), reading)
            return [(f.code, f.message) for f in told.new]

    assert brought("alone", first=False) == brought("after", first=True)


def test_first_authors_of_images_are_found_with_one_git_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "book"
    pictures = {f"chapters/{n}.png": f"picture {n}" for n in range(4)}
    begin(root, {"chapters/index.md": "# A book\n"})
    commit(root, "main", {"chapters/0.png": pictures["chapters/0.png"]}, "Ada Lee")
    commit(root, "main", {path: pictures[path] for path in list(pictures)[1:]}, "Bo Ek")
    moved = {f"chapters/moved-{path.rpartition('/')[2]}": text for path, text in pictures.items()}
    commit(root, "main", {**dict.fromkeys(pictures), **moved}, "Ed")
    oids = {one.path: one.oid for one in objects.list_files(root, "main").values() if one.path.endswith(".png")}
    asked = []
    within = objects.run_git_limited

    def counted(*arguments: Any, **named: Any) -> bytes:
        asked.append(arguments)
        return within(*arguments, **named)

    monkeypatch.setattr(commits, "run_git_limited", counted)
    found = commits.first_author_by_object(root, "main", set(oids.values()))
    mails = {path.rpartition("-")[2]: found[oid].partition("@")[0] for path, oid in oids.items()}
    assert mails["1.png"] == mails["2.png"] == mails["3.png"] != mails["0.png"]
    assert len(asked) == 1
    monkeypatch.setattr(commits, "MAX_PATH_ARGUMENTS", 2)  # so many that no command line would hold them
    assert commits.first_author_by_object(root, "main", set(oids.values())) == found
