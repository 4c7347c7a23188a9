"""Publishing to a branch of another repository and to a folder: whole, in one step, whatever happens meanwhile."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from oerbook.errors import OerbookError
from oerbook.git import publish
from tests.conftest import ROOT, oerbook, write
from tests.support.browser import Browser, barriers, served
from tests.support.repository import begin, git

pytestmark = pytest.mark.slow
INDEX = "---\ntitle: Soil\nauthors: [Ada Lee]\nlicense: CC-BY-4.0\ndate: 2026-01-02\n{more}---\n\n# Soil\n\nWelcome.\n"
FILES = {
    "chapters/index.md": INDEX.format(more=""),
    "chapters/01-ground.md": "# The ground\n\nSoil is alive, and so are we.\n",
    "contributors/ada-lee.md": "---\nname: Ada Lee\n---\n\nAda digs.\n",
}
WHO = ("-c", "user.name=Ada Lee", "-c", "user.email=ada@example.org")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    book = tmp_path / "book"
    begin(book, FILES)
    git(book, "reset", "-q", "--hard")
    git(book, "config", "user.name", "Ada Lee")
    git(book, "config", "user.email", "ada@example.org")
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "host.git")
    git(book, "remote", "add", "origin", str(tmp_path / "host.git"))
    return book


def edit(root: Path, words: str, more: str = "") -> None:
    write(root, {"chapters/01-ground.md": f"# The ground\n\n{words}\n", "chapters/index.md": INDEX.format(more=more)})
    git(root, *WHO, "commit", "-qam", "A change")


def held(host: Path, name: str = "gh-pages") -> dict[str, str]:
    return publish.list_blobs(host, publish.branch_tip(host, "", name))


def shown(host: Path, path: str, name: str = "gh-pages") -> str:
    return git(host, "show", f"{name}:{path}")


def test_the_site_goes_to_a_branch_of_the_host_and_nothing_here_changes(root: Path, tmp_path: Path) -> None:
    host = tmp_path / "host.git"
    before = (
        git(root, "for-each-ref", "refs/heads"),
        git(root, "status", "--porcelain", "-uno"),
        (root / ".git/index").read_bytes(),
    )
    would = oerbook("publish", "--dry-run", "-C", root)
    assert would.code == 0 and "added" in would.err and "nothing was published" in would.err
    assert git(host, "for-each-ref") == ""

    first = oerbook("publish", "-C", root)
    assert first.code == 0, first.err
    assert "published to origin/gh-pages" in first.out
    assert {"index.html", "ground.html", ".nojekyll", "downloads/soil.pdf", "downloads/soil.epub"} <= held(host).keys()
    assert "Soil is alive" in shown(host, "ground.html") and "CNAME" not in held(host)
    assert not [path for path in held(host) if ".cache" in path]
    again = oerbook("publish", "-C", root)
    assert again.code == 0 and "is up to date" in again.err
    assert git(host, "rev-list", "--count", "gh-pages") == "1"
    after = (
        git(root, "for-each-ref", "refs/heads"),
        git(root, "status", "--porcelain", "-uno"),
        (root / ".git/index").read_bytes(),
    )
    assert after == before

    edit(root, "Soil was dug up.", "url: https://soil.example\n")
    assert oerbook("publish", "-C", root).code == 0
    assert git(host, "rev-list", "--count", "gh-pages") == "2"
    assert shown(host, "CNAME") == "soil.example" and "dug up" in shown(host, "ground.html")
    assert "ada@example.org" not in "".join(
        shown(host, path) for path in held(host) if path.endswith((".html", ".json"))
    )


def test_publish_stops_at_a_warning_before_anything_is_published(root: Path, tmp_path: Path) -> None:
    edit(root, "See {ref}`nowhere`.")
    stopped = oerbook("publish", "-C", root)
    assert stopped.code == 1 and "01-ground.md:3" in stopped.err and "Nothing was published" in stopped.err
    assert git(tmp_path / "host.git", "for-each-ref") == ""
    assert oerbook("publish", "--lenient", "-C", root).code == 0
    git(root, "remote", "rename", "origin", "upstream")
    lost = oerbook("publish", "-C", root)
    assert lost.code == 1 and "--remote upstream" in lost.err
    git(root, "remote", "set-url", "upstream", str(tmp_path / "gone.git"))
    gone = oerbook("publish", "--remote", "upstream", "--lenient", "-C", root)
    assert gone.code == 1 and "upstream does not answer" in gone.err and "Traceback" not in gone.err


def test_a_site_that_somebody_else_published_meanwhile_is_not_overwritten(root: Path, tmp_path: Path) -> None:
    host = tmp_path / "host.git"
    assert oerbook("publish", "-C", root).code == 0
    tip = publish.branch_tip(root, "origin", "gh-pages")
    other = publish.create_commit_of_files(host, {"index.html": held(host)["index.html"]}, [tip], "Theirs")
    git(host, "update-ref", "refs/heads/gh-pages", other)
    mine = publish.create_commit_of_files(root, {"index.html": held(host)["index.html"]}, [tip], "Mine")
    with pytest.raises(OerbookError, match="did not accept the site") as found:
        publish.update_branch(root, "origin", "gh-pages", mine, tip)
    assert "published in the meantime" in str(found.value.hint)
    assert git(host, "rev-parse", "gh-pages") == other


def test_a_folder_is_replaced_whole_and_what_is_no_site_is_left_alone(root: Path, tmp_path: Path) -> None:
    place = tmp_path / "www"
    assert oerbook("publish", "--to", place, "-C", root).code == 0
    (place / "left-over.html").write_text("old")
    edit(root, "Soil was dug up.")
    done = oerbook("publish", "--to", place, "-C", root)
    assert done.code == 0 and "1 removed" in done.out
    assert "dug up" in (place / "ground.html").read_text() and not (place / "left-over.html").exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["book", "host.git", "www"]
    home = write(tmp_path / "home", {"letters.txt": "dear"})
    refused = oerbook("publish", "--to", home, "-C", root)
    assert refused.code == 1 and "not a site made by oerbook" in refused.err and (home / "letters.txt").is_file()


def test_a_folder_with_changes_that_no_commit_holds_is_published_as_such_and_is_no_edition(
    root: Path, tmp_path: Path
) -> None:
    edit(root, "Committed.", "versions: true\n")
    git(root, "tag", "v1.0")
    assert oerbook("publish", "-q", "-C", root).code == 0
    write(root, {"chapters/01-ground.md": "# The ground\n\nNot committed.\n"})
    index = (root / ".git/index").read_bytes()
    would = oerbook("publish", "--dry-run", "-C", root)
    done = oerbook("publish", "-C", root)
    assert all("uncommitted changes" in said.err for said in (would, done))
    assert (root / ".git/index").read_bytes() == index
    host = tmp_path / "host.git"
    assert "and uncommitted changes" in git(host, "log", "-1", "--format=%s", "gh-pages")
    assert "Not committed." in shown(host, "ground.html")
    assert "Committed." in shown(host, "v1.0/ground.html")
    assert "Not committed." not in shown(host, "v1.0/ground.html")


def test_earlier_editions_stay_under_their_tags(root: Path, tmp_path: Path) -> None:
    host, place = tmp_path / "host.git", tmp_path / "www"
    edit(root, "The first edition.", "versions: true\n")
    git(root, "tag", "v1.0")
    for where in ((), ("--to", place)):
        assert oerbook("publish", *where, "-C", root).code == 0
    edit(root, "The second edition.", "versions: true\n")
    git(root, "tag", "v2.0")
    edit(root, "The third edition.", "versions: true\n")
    git(root, "tag", "-f", "v2.0")
    for where in ((), ("--to", place)):
        assert oerbook("publish", *where, "-C", root).code == 0
    assert json.loads(shown(host, "versions.json"))["versions"] == ["v2.0", "v1.0"]
    assert "first" in shown(host, "v1.0/ground.html") and "third" in shown(host, "v2.0/ground.html")
    assert "third" in shown(host, "ground.html")
    assert "first" in (place / "v1.0/ground.html").read_text() and "third" in (place / "ground.html").read_text()
    edit(root, "No versions any more.")
    assert oerbook("publish", "-C", root).code == 0
    assert "v1.0/ground.html" not in held(host)


def test_readers_of_an_earlier_edition_are_shown_the_newest_and_everybody_where_the_others_are(
    root: Path, tmp_path: Path, chromium: Browser
) -> None:
    host, www = tmp_path / "host.git", tmp_path / "www" / "soil"
    write(root, {"chapters/02-worms.md": "# Worms\n\nWorms turn it over.\n"})
    git(root, "add", "-A")
    edit(root, "The first edition.", "versions: true\n")
    git(root, "tag", "v1.0")
    assert oerbook("publish", "-C", root).code == 0
    assert 'class="editions"' not in shown(host, "index.html")
    assert "edition-note" not in shown(host, "v1.0/ground.html")
    (root / "chapters/02-worms.md").unlink()
    edit(root, "The second edition.", "versions: true\n")
    git(root, "tag", "v2.0")
    for _twice in range(2):
        assert oerbook("publish", "-C", root).code == 0
    assert shown(host, "v1.0/ground.html").count("edition-note") == 1
    www.mkdir(parents=True)
    subprocess.run(f"git -C '{host}' archive gh-pages | tar x -C '{www}'", shell=True, check=True)
    told = {}
    for scripts in (True, False):
        with served(www.parent) as address:
            told[scripts] = chromium.go(
                """async ({ page, base }) => {
                  const told = {};
                  const follow = async (css) => {
                    await Promise.all([page.waitForNavigation(), page.$eval(css, (one) => one.click())]);
                    return page.url().replace(base, "");
                  };
                  await page.goto(`${base}/soil/ground.html`);
                  told.note = await page.$(".edition-note");
                  told.foot = await follow(".foot p + p a");
                  told.list = await page.$eval(".editions", (one) => one.textContent);
                  told.old = await follow(".editions a");
                  told.back = await page.$eval(".editions", (one) => one.textContent);
                  await page.goto(`${base}/soil/v1.0/ground.html`);
                  told.said = await page.$eval(".edition-note", (one) => one.textContent);
                  told.same = await follow(".edition-note a");
                  await page.goto(`${base}/soil/v1.0/worms.html`);
                  told.gone = await follow(".edition-note a");
                  await page.goto(`${base}/soil/v2.0/index.html`);
                  told.tagged = await follow(".editions a");
                  return told;
                }""",
                base=address,
                scripts=scripts,
            )
    assert told[True] == told[False]
    assert told[True] == {
        "note": None,
        "foot": "/soil/index.html#editions",
        "list": "Other editions: v1.0",
        "old": "/soil/v1.0/index.html",
        "back": "Other editions: v2.0",
        "said": "You are reading an earlier edition, v1.0. The newest is v2.0.",
        "same": "/soil/ground.html",
        "gone": "/soil/index.html",
        "tagged": "/soil/v1.0/index.html",
    }
    pages = [www / name for name in ("index.html", "ground.html", "v1.0/index.html", "v1.0/ground.html")]
    assert barriers(chromium, pages, [(390, "light"), (1280, "dark")]) == []
    edit(root, "No tag yet.", "versions: true\n")
    assert oerbook("publish", "-C", root).code == 0
    assert 'The newest is <a href="../ground.html">Soil</a>' in shown(host, "v1.0/ground.html")
    assert "edition-note" in shown(host, "v2.0/ground.html")


@pytest.mark.judgement
@pytest.mark.parametrize("where", ["branch", "folder"])
def test_killed_at_any_moment_it_leaves_the_old_site_or_the_new_one(root: Path, tmp_path: Path, where: str) -> None:
    host, place = tmp_path / "host.git", tmp_path / "www"
    arguments = ["publish", "-C", str(root)] + (["--to", str(place)] if where == "folder" else [])

    def now() -> dict[str, str]:
        if where == "branch":
            git(host, "fsck", "--strict", "--connectivity-only")
            return held(host)
        return {p.relative_to(place).as_posix(): str(hash(p.read_bytes())) for p in place.rglob("*") if p.is_file()}

    assert oerbook(*arguments).code == 0
    begun = time.monotonic()
    edit(root, "Soil, take 0.")
    assert oerbook(*arguments).code == 0
    takes = time.monotonic() - begun
    rnd, command = random.Random(7), [sys.executable, "-c", "from oerbook.cli import main; main()", *arguments]
    for take in range(1, 6):
        old = now()
        edit(root, f"Soil, take {take}.")
        process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)  # fmt: skip
        time.sleep(takes * rnd.uniform(0.3, 1.0))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        between = now()
        assert oerbook(*arguments).code == 0
        new = now()
        assert between in (old, new) and new != old
    left = {p.name for p in tmp_path.iterdir()} - {"book", "host.git", "www"}
    assert left == set()


def test_open_names_what_was_built_or_says_how_to_build_it(root: Path) -> None:
    lost = oerbook("open", "--print", "-C", root)
    assert lost.code == 1 and "oerbook build html" in lost.err
    assert oerbook("build", "html", "epub", "-C", root).code == 0
    assert oerbook("open", "--print", "-C", root).out.strip().endswith("html/index.html")
    assert oerbook("open", "epub", "--print", "-C", root).out.strip().endswith("soil.epub")


def test_an_earlier_edition_of_another_tool_is_kept_as_it_is(root: Path, tmp_path: Path) -> None:
    place = tmp_path / "site"
    old = {".oerbook-site": "", "versions.json": '{"versions": ["v0"]}', "v0/index.html": "<p>Old</p>\r\n", "v0/a.html/b.txt": "b"}  # fmt: skip
    write(place, old)
    (place / "v0/latest").symlink_to("nowhere")
    edit(root, "Anew.", "versions: true\n")
    git(root, "tag", "index.html")
    ran = oerbook("publish", "--to", place, "-C", root)
    assert ran.code == 0, ran.err
    assert (place / "v0/index.html").read_bytes() == b"<p>Old</p>\r\n"
    assert (place / "v0/a.html/b.txt").is_file() and (place / "v0/latest").is_symlink()
    assert (place / "index.html").is_file()
