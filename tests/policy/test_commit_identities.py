"""A known name with a new e-mail address is reported before it is merged; no address is ever shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from oerbook.git import commits
from oerbook.model.book import Book, Chapter
from oerbook.model.findings import Place, Severity
from oerbook.model.people import Contributor
from oerbook.model.submission import CommitIdentity, FileChange, Submission
from oerbook.policy import authors, commit_identities
from oerbook.tasks.submissions.known_names import NameIndex
from oerbook.tasks.submissions.known_names import collect_identities as signed
from oerbook.tasks.submissions.merge import SilentProgress
from oerbook.tasks.submissions.review import ReviewRequest, review
from oerbook.tasks.submissions.worker_session import open_worker
from tests.conftest import INDEX
from tests.support.repository import Tree, begin, commit, forged, git

ADA = Contributor("ada", "Ada Lee", Place("contributors/ada.md", 2), github="adal", identities=("al",))
BO = Contributor("bo", "Bo Berg", Place("contributors/bo.md", 2))
HOME = Place("contributors")
MET = (
    ("Ada Lee", "ada@work.org"), ("Ada Lee", "ada@home.org"), ("A. Lee-Moss", "ada@home.org"), ("A. Lee-Moss", "a@old.org"),
    ("Old Timer", "old@x.org"), ("Zoë Ek", "zoe@x.org"), ("Wei", "wei@x.org"), ("root", "root@localhost"),
    ("Cy Ng", "cy@cy.local"),
)  # fmt: skip


def book(*people: Contributor) -> Book:
    return Book(Path(), "B", Chapter("index", "chapters/index.md", "B"), people=people)


def submission(*identities: tuple[str, str, str], **fields: object) -> Submission:
    rows = tuple(CommitIdentity(name, mail, role, ("abc1234",)) for name, mail, role in identities)
    return replace(Submission(book(ADA, BO), book(ADA, BO), (), commit_identities=rows, known_names=MET), **fields)  # type: ignore[arg-type]


KNOWN = "commit abc1234 is by “{}”, who is known by another address"


@pytest.mark.parametrize(
    ("name", "mail", "message", "place"),
    [
        ("Ada Lee", "eve@x.org", KNOWN.format("Ada Lee"), ADA.place),
        ("ADA  LEE", "eve@x.org", KNOWN.format("ADA LEE"), ADA.place),
        ("Аdа Lee", "eve@x.org", KNOWN.format("Аdа Lee").replace(", who", " (like Ada Lee), who"), ADA.place),
        ("al", "eve@x.org", KNOWN.format("al").replace(", who", " (like Ada Lee), who"), ADA.place),
        ("Ada Lee", "old@x.org", KNOWN.format("Ada Lee"), ADA.place),
        ("Ada Lee", "", KNOWN.format("Ada Lee"), ADA.place),
        ("Ada Lee", "1+eve@users.noreply.github.com", KNOWN.format("Ada Lee"), ADA.place),
        ("Old Timer", "new@x.org", KNOWN.format("Old Timer"), HOME),
        ("Zoe\u0308 Ek", "new@x.org", KNOWN.format("Zoë Ek"), HOME),
        ("Bo Berg", "bo@x.org", "commit abc1234 is by “Bo Berg”, described in contributors/bo.md", BO.place),
    ],
)
def test_a_known_name_with_an_unknown_address_is_reported(name: str, mail: str, message: str, place: Place) -> None:
    findings = list(commit_identities.check(submission((name, mail, ""))))
    assert [(f.code, f.message, f.place) for f in findings] == [("identity-unverified", message, place)]
    assert findings[0].severity is (Severity.INFO if name == "Bo Berg" else Severity.WARNING)
    assert not any("@" in f.message + f.hint for f in findings)


@pytest.mark.parametrize(
    ("name", "mail"),
    [
        ("Ada Lee", "Ada@Work.org"),  # hers
        ("Ada Lee", "a@old.org"),  # of another name of hers
        ("Ada Lee", "77+AdaL@users.noreply.github.com"),  # of the account in her file
        ("Cy Ng", "cy@cy.local"),  # an address that many may have, with the same name as ever
        ("Wei", "other@x.org"),  # a first name makes nobody one person
        ("root", "eve@x.org"),
        ("Zoe Ek", "new@x.org"),  # without the dots: somebody else
        ("New Comer", "new@x.org"),
        ("dependabot[bot]", "x@x.org"),
    ],
)
def test_known_and_new_identities_are_not_reported(name: str, mail: str) -> None:
    assert not list(commit_identities.check(submission((name, mail, ""), (name, mail, "author"))))


def test_a_co_author_with_a_new_address_is_reported() -> None:
    findings = list(
        commit_identities.check(submission(*(("Old Timer", "eve@x.org", role) for role in ("author", "reviewer"))))
    )
    assert [f.message for f in findings] == ["commit abc1234 names “Old Timer”, who is known by another address"]


def test_authors_without_a_file_are_reported_unless_they_are_bots() -> None:
    identities = [
        ("New Comer", "author"),
        ("Ree Viewer", "reviewer"),
        ("dependabot[bot]", ""),
        ("", "author"),
    ]
    subject = submission(
        *((name, f"{len(name)}@x.org", role) for name, role in identities), authors=(("dependabot[bot]", "1 commit"),)
    )
    assert [f.message for f in authors.check(subject)] == [
        "New Comer is named as an author and has no file in contributors/"
    ]


def test_only_known_people_can_add_an_address_to_their_own_file() -> None:
    with_address = replace(ADA, identities=("al", "ada@new.org"))
    for mail, expected in (("ada@work.org", set()), ("ada@new.org", {"identity-unverified"})):
        change = FileChange("changed", "contributors/ada.md", other_authors=(("Ada Lee", mail),))
        identities = {("Ada Lee", mail, ""), ("Ada Lee", "ada@new.org", "")}
        subject = submission(*sorted(identities), changes=(change,), after=book(with_address, BO))
        assert {f.code for f in commit_identities.check(subject)} == expected
        assert commit_identities.is_changed_by_owner(change, subject) == (not expected)


def test_names_connected_by_addresses_are_found_once() -> None:
    known = NameIndex()
    known.add({"Ada Lee": {"a@x.org"}, "al": {"a@x.org", "1+AL2@users.noreply.github.com"}, "Al2": {"b@x.org"}})
    known.add({"Bo Ek": {"bo@x.org", "root@localhost"}, "Root Ek": {"root@localhost"}})
    assert known.related(["ADA LEE"]) == [
        ("Ada Lee", "a@x.org"), ("Al2", "b@x.org"), ("al", "1+AL2@users.noreply.github.com"), ("al", "a@x.org")
    ]  # fmt: skip
    assert {name for name, _mail in known.related(["Bo Ek"])} == {"Bo Ek"}
    assert known.names_without({"a@x.org"}) == ["Al2", "Bo Ek", "Root Ek"]


CHAPTER = "# {}\n\nThis chapter tells of something that no other chapter of the book has told of until today.\n"
BOOK: Tree = {"chapters/index.md": INDEX, "chapters/01-a.md": CHAPTER.format("A")}


def test_the_mailmap_of_the_book_maps_addresses(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, {**BOOK, ".mailmap": "Ada Lee <ada.lee@example.org> <ada@new.example>\n"})
    commit(root, "two", {"chapters/02-b.md": CHAPTER.format("B")}, "Ada Lee")
    forged(root, "two", "Ada Lee", "ada@new.example")
    known = NameIndex()
    known.add(commits.emails_by_name(root, "main"))
    assert signed(commits.submission_commits(root, "main", "two"), known) == ()
    forged(root, "two", "Ada Lee", "eve@evil.example")
    (identity,) = signed(commits.submission_commits(root, "main", "two"), known)
    assert (identity.name, identity.email, identity.role) == ("Ada Lee", "eve@evil.example", "")


@pytest.mark.slow
def test_taking_over_a_name_in_two_steps_is_reported(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, BOOK)
    git(root, "checkout", "-q", "-f", "main")
    for number, branch in enumerate(("hers", "taken", "named"), start=2):
        text = {f"chapters/0{number}-{branch}.md": CHAPTER.format(branch)}
        message = "A chapter\n\nCo-authored-by: Ada Lee <ada@evil.example>" if branch == "named" else "A chapter"
        commit(root, branch, text, "Cy Moss" if branch == "named" else "Ada Lee", message)
    forged(root, "taken", "Ada Lee", "eve@evil.example")
    with open_worker(tmp_path / "out") as reading:
        findings_by_branch = {
            branch: review(root, tmp_path / "out", ReviewRequest("main", branch), SilentProgress(), reading).new
            for branch in ("hers", "taken", "named")
        }
    assert {
        branch: [f.code for f in findings if f.severity is Severity.WARNING]
        for branch, findings in findings_by_branch.items()
    } == {
        "hers": [], "taken": ["identity-unverified"], "named": ["credit-claimed", "identity-unverified"]
    }  # fmt: skip
    assert not any("@" in f.message + f.hint for findings in findings_by_branch.values() for f in findings)
