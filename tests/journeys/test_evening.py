"""A book on the web in one evening: begun, judged, previewed, merged in four ways, published, and released by a tag.

GitHub is played by a bare repository and a program `gh` that answers from files; everything else is what the workflows
run, step by step, in clones as `actions/checkout` makes them.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import oerbook, write
from tests.journeys.test_github import shell, steps, tool
from tests.support.repository import git

pytestmark = pytest.mark.slow
# Answers what report.yml asks for: the state of a request, the common start, the folder .github, artifacts, Pages.
GH = r"""
case "$*" in
  *"/pages --jq"*) echo https://ada.github.io/soil/ ;;
  *"pulls?state=open"*) cat "{state}/open" ;;
  *"/pulls/"*) number=$(echo "$*" | sed 's|.*/pulls/\([0-9]*\).*|\1|')
    echo "open $(git -C {host} rev-parse refs/pull/$number/head) $(git -C {host} rev-parse main)" ;;
  *"/compare/"*) range=$(echo "$*" | sed 's|.*/compare/\([^ ]*\).*|\1|'); git -C {host} merge-base ${{range%...*}} ${{range#*...}} ;;
  *"/git/trees/"*) git -C {host} rev-parse "$(echo "$*" | sed 's|.*/trees/\([0-9a-f]*\).*|\1|'):.github" ;;
  *"/artifacts"*) echo 42 ;;
  *"/comments"*body=@*) cp "$(echo "$*" | sed 's|.*body=@\([^ ]*\).*|\1|')" {state}/comment.md ;;
  *"release view"*) exit 1 ;;
  *"release "*) echo "$@" >> {state}/release ;;
esac
"""
CHAPTER = "---\ntitle: {title}\nauthors: [{id}]\ndescription: About {title}.\n---\n\n# {title}\n\n{words}\n"
PERSON = "---\nname: {name}\n---\n\n{name} teaches.\n"


def new_chapter(number: str, title: str, name: str, words: str) -> dict[str, str]:
    """Return a chapter and the file of its author."""
    person = name.lower().replace(" ", "-")
    chapter = CHAPTER.format(title=title, id=person, words=words)
    return {
        f"chapters/{number}-{title.lower()}.md": chapter,
        f"contributors/{person}.md": PERSON.format(name=name),
    }


def who(name: str) -> tuple[str, ...]:
    return ("-c", f"user.name={name}", "-c", f"user.email={name.split()[0].lower()}@example.org")


@dataclass
class Evening:
    """The host, the editor's folder, and what GitHub runs."""

    path: Path

    @property
    def host(self) -> Path:
        return self.path / "host.git"

    @property
    def book(self) -> Path:
        return self.path / "soil"

    def clone(self, name: str, *options: str) -> Path:
        shutil.rmtree(self.path / name, ignore_errors=True)
        git(self.path, "clone", "-q", *options, f"file://{self.host}", name)
        return self.path / name

    def open_request(self, number: int, name: str, *changes: Mapping[str, str]) -> None:
        """Push the commits of somebody's fork as a pull request."""
        fork = self.clone(f"fork-{number}")
        for files in changes:
            write(fork, files)
            git(fork, "add", "-A")
            git(fork, *who(name), "commit", "-qm", f"A change by {name}")
        git(fork, "push", "-q", "origin", f"HEAD:refs/pull/{number}/head")

    def run(self, workflow: str, step: str, folder: Path, **known: str) -> tuple[int, str]:
        """Run a step of a workflow, as the book's main branch has it."""
        script = steps(self.book, workflow)[step]["run"]
        done = shell(script, folder, self.path / "tools", REPOSITORY="ada/soil", **known)
        return done.returncode, done.stdout + done.stderr

    def check(self, number: int) -> tuple[int, str]:
        """Run check.yml and report.yml for a pull request; return the exit code of the check and the comment."""
        work = self.clone("runner")
        git(work, "fetch", "-q", "origin", f"refs/pull/{number}/head")
        git(work, *who("GitHub"), "merge", "-q", "--no-ff", "-m", "Merge", "FETCH_HEAD")
        out = self.path / f"out-{number}"
        summary = str(self.path / "summary")
        self.run("check.yml", "Build the preview", work, OUT=str(out))
        assert self.run("check.yml", "Prepare the report", work, OUT=str(out), NUMBER=str(number))[0] == 0
        known = {"OUT": str(out), "BASE": "origin/main", "GITHUB_STEP_SUMMARY": summary}
        code, _said = self.run("check.yml", "Check the submission", work, **known)
        return code, self.report(number, out)

    def report(self, number: int, out: Path) -> str:
        work = self.clone("trusted")
        outputs, head = out / "outputs", git(self.host, "rev-parse", f"refs/pull/{number}/head")
        outputs.write_text("")
        known = {"HEAD": head, "REPORT": str(out / "report"), "GITHUB_OUTPUT": str(outputs), "NUMBER": str(number)}
        assert self.run("report.yml", "Find the pull request", work, **known)[0] == 0
        if "trusted=yes" in outputs.read_text():
            site = {"SITE": str(out / "preview" / "html"), "OUT": str(out), "SERVER": "https://github.com"}
            assert self.run("report.yml", "Show the preview", work, **known, **site)[0] == 0
        found = dict(row.split("=", 1) for row in outputs.read_text().splitlines())
        known |= {"TRUSTED": found["trusted"], "ADDRESS": found.get("address", ""), "PAGES": found.get("pages", "")}
        known |= {
            "RUN": "https://github.com/ada/soil/actions/runs/1",
            "RUN_ID": "1",
            "COMMENT": str(out / "comment.md"),
        }
        assert self.run("report.yml", "Write the comment", work, **known)[0] == 0
        return (self.path / "state" / "comment.md").read_text()

    def publish(self) -> None:
        """Run publish.yml, as after a push to the main branch or of a tag."""
        code, said = self.run("publish.yml", "Check, build and publish the book", self.clone("publishing"))
        assert code == 0, said

    def shown(self, path: str) -> str:
        return git(self.host, "show", f"gh-pages:{path}")

    def site(self) -> set[str]:
        return set(git(self.host, "ls-tree", "-r", "--name-only", "gh-pages").split())


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Evening:
    """Begin a book, commit it, push it, and publish its first edition."""
    found = Evening(tmp_path_factory.mktemp("evening"))
    git(found.path, "init", "-q", "--bare", "-b", "main", "host.git")
    write(found.path / "state", {"open": ""})
    tool(found.path / "tools", "gh", GH.format(host=found.host, state=found.path / "state"))
    tool(found.path / "tools", "oerbook", f'exec "{sys.executable}" -P -c "from oerbook.cli import main; main()" "$@"')
    made = oerbook(
        "init", found.book, "--github", "--yes", "--title", "Soil", "--author", "Ada Lee", "--language", "en"
    )
    assert made.code == 0, made.err
    index = found.book / "chapters" / "index.md"
    index.write_text(index.read_text().replace("language: en", "language: en\nversions: true\nedition: 1st edition"))
    git(found.book, "config", "user.name", "Ada Lee")
    git(found.book, "config", "user.email", "ada@example.org")
    git(found.book, "add", "-A")
    git(found.book, "commit", "-qm", "Begin the book")
    git(found.book, "remote", "add", "origin", f"file://{found.host}")
    git(found.book, "push", "-q", "-u", "origin", "main")
    git(found.book, "tag", "v1")
    git(found.book, "push", "-q", "origin", "v1")
    found.publish()
    return found


def test_an_evening_from_the_first_commit_to_a_release(evening: Evening) -> None:
    book, host = evening.book, evening.host
    assert {"index.html", "v1/index.html", "how-this-book-is-made.html"} <= evening.site()

    # Three pull requests are judged.
    evening.open_request(1, "Bea Orr", new_chapter("03", "Water", "Bea Orr", "Water wears down the hardest stone."))
    faulty = new_chapter("04", "Fire", "Cy Moss", "See ![](smoke.png) and {ref}`nowhere`.\n\n[Replace this: the text.]")
    evening.open_request(2, "Cy Moss", faulty)
    hostile = {"chapters/05-evil.md": "# Evil\n\n<script>steal()</script> Words.\n", "conf.py": "import os\n"}
    workflow = (book / ".github/workflows/check.yml").read_text().replace("oerbook check", "echo fine #")
    evening.open_request(3, "Eve Fox", {**hostile, ".github/workflows/check.yml": workflow})

    code, good = evening.check(1)
    assert (code == 0 and "Nothing blocks" in good) or "No problems" in good, good
    assert "[Open the preview](https://ada.github.io/soil/_previews/1/)" in good
    assert "[water.html](https://ada.github.io/soil/_previews/1/water.html)" in good
    assert good.count("_previews/1/") == 2, good  # no other page is changed
    page = evening.shown("_previews/1/water.html")
    assert "hardest stone" in page and "nobody has reviewed" in page and "https://github.com/ada/soil/pull/1" in page
    code, bad = evening.check(2)
    assert code == 1 and "chapters/04\\-fire.md:9" in bad.replace("/04-", "/04\\-") and "placeholder" in bad, bad
    assert "_previews/2/fire.html" in bad and "_previews/2/fire.html" in evening.site()
    code, ugly = evening.check(3)
    assert code == 1 and "an editor looks at those files first" in ugly and "preview" not in ugly, ugly
    assert not any(path.startswith("_previews/3/") for path in evening.site())
    assert "water.html" not in evening.site() and "hardest stone" not in evening.shown("index.html")

    # One is merged by command, others with the three buttons of GitHub.
    git(book, "fetch", "-q", "origin", "+refs/pull/1/head:refs/pull/1/head")
    assert "oerbook merge 'refs/pull/*/head'" in oerbook("merge", "-C", book).err
    merged = oerbook("merge", "refs/pull/1/head", "-C", book)
    assert merged.code == 0, merged.out + merged.err
    git(book, "push", "-q", "origin", "main")
    for number, name in ((4, "Dan Eze"), (5, "Fay Gold"), (6, "Gil Hay")):
        title = ("Air", "Clay", "Sand")[number - 4]
        first, *rest = new_chapter(
            f"0{number + 2}", title, name, f"Words of {name} on {title.lower()} and roots."
        ).items()
        evening.open_request(number, name, dict([first]), dict(rest))
    press_buttons(evening)
    write(evening.path / "state", {"open": "2\n3\n"})
    code, said = evening.run(
        "report.yml", "Remove previews of closed pull requests", evening.clone("trusted"), OUT=str(evening.path)
    )
    assert code == 0, said
    assert "_previews/1/water.html" not in evening.site() and "_previews/2/fire.html" in evening.site()

    # The site shows what was merged, credits everybody, and keeps the first edition.
    evening.publish()
    site = evening.site()
    assert {"water.html", "air.html", "clay.html", "sand.html", "v1/index.html", "_previews/2/fire.html"} <= site
    assert not {"fire.html", "evil.html", "v1/water.html"} & site
    people = evening.shown("contributors.html")
    assert all(name in people for name in ("Ada Lee", "Bea Orr", "Dan Eze", "Fay Gold", "Gil Hay"))
    assert "Eve Fox" not in people and "Cy Moss" not in people
    assert "v1/index.html" in evening.shown("index.html") and "example.org" not in people
    assert "_previews" not in git(host, "log", "--format=%H", "--name-only", "gh-pages^")

    # A tag makes an edition and a release.
    git(book, "fetch", "-q", "origin")
    git(book, "merge", "-q", "--ff-only", "origin/main")
    git(book, "tag", "v2")
    git(book, "push", "-q", "origin", "v2")
    evening.publish()
    assert {"v2/water.html", "v1/index.html", "water.html"} <= evening.site() and "v1/water.html" not in evening.site()
    credit_is_of_those_who_wrote(evening)
    release(evening)


def press_buttons(evening: Evening) -> None:
    """Merge three requests as GitHub does: with a merge commit, as one commit, and as copies of the commits."""
    work = evening.clone("github")
    git(work, "fetch", "-q", "origin", "+refs/pull/*:refs/pull/*")
    git(work, *who("Ada Lee"), "merge", "-q", "--no-ff", "-m", "Merge pull request #4 from dan/air", "refs/pull/4/head")
    git(work, *who("Ada Lee"), "merge", "-q", "--squash", "refs/pull/5/head")
    author = "--author=Fay Gold <fay@example.org>"
    git(
        work,
        *who("GitHub"),
        "commit",
        "-q",
        author,
        "-m",
        "A chapter on clay (#5)\n\nCo-authored-by: Fay Gold <fay@example.org>",
    )
    git(work, *who("GitHub"), "cherry-pick", "main..refs/pull/6/head")
    git(work, "push", "-q", "origin", "main")


def credit_is_of_those_who_wrote(evening: Evening) -> None:
    """Nobody who merged has credit for the words of others."""
    report = json.loads(oerbook("credits", "--format", "json", "-C", evening.book).out)
    shares = {chapter["path"]: chapter for chapter in report["chapters"]}
    for path, person in (
        ("03-water", "bea-orr"),
        ("06-air", "dan-eze"),
        ("07-clay", "fay-gold"),
        ("08-sand", "gil-hay"),
    ):
        text = json.dumps(shares[f"chapters/{path}.md"])
        assert person in text and "ada-lee" not in text, text


def release(evening: Evening) -> None:
    """Run release.yml for the tag v2."""
    work, out = evening.clone("release", "--branch", "v2"), evening.path / "release-files"
    for step in ("Check and build the book", "Collect the files"):
        code, said = evening.run("release.yml", step, work, OUT=str(out))
        assert code == 0, said
    assert {path.suffix for path in out.iterdir()} >= {".epub", ".pdf", ".docx", ".zip", ".json", ".cff"}
    creators = {row["name"] for row in json.loads((out / "zenodo.json").read_text())["creators"]}
    assert "Lee, Ada" in creators
    assert evening.run("release.yml", "Create the release", work, OUT=str(out), TAG="v2")[0] == 0
    asked = (evening.path / "state" / "release").read_text()
    assert "release create v2" in asked and "soil.epub" in asked and "zenodo.json" in asked
