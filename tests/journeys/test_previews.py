"""Previews of submissions in the published site: harmless, up to date, and gone when they are closed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from oerbook.tasks.site_previews.preview_files import add_notice
from tests.conftest import ROOT, oerbook, write
from tests.journeys.test_github import shell, steps, tool
from tests.support.repository import begin, git

PAGE = '<!DOCTYPE html>\n<html lang="de"><head><meta charset="utf-8"><title>A</title></head><body><main>{}</main></body></html>\n'
HOSTILE = """<!DOCTYPE html><!-- <head> --><html><head><meta http-equiv="refresh" content="0;url=https://evil.example">
<script>steal()</script><script src="book.js"></script><link rel="stylesheet" href="https://evil.example/x.css"></head>
<body onload="steal()"><main>Words. <iframe src="https://evil.example"></iframe><form action="https://evil.example">
<input name="password"></form><a href="javascript:steal()">x</a></main></body></html>"""
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg"><script>steal()</script><circle r="5"/></svg>'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A clone of a book whose host has published a site."""
    host, book = tmp_path / "host.git", tmp_path / "book"
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "host.git")
    begin(book, {"chapters/index.md": "# A book\n"})
    git(book, "remote", "add", "origin", str(host))
    site = tmp_path / "published"
    begin(site, {"index.html": PAGE.format("Start"), "a.html": PAGE.format("Old"), ".nojekyll": ""})
    git(site, "push", "-q", str(host), "main:gh-pages")
    return book


def test_a_preview_is_added_replaced_and_removed_without_a_trace(root: Path, tmp_path: Path) -> None:
    host = tmp_path / "host.git"
    site = write(
        tmp_path / "site",
        {"index.html": PAGE.format("Start"), "a.html": PAGE.format("New"), "b/c.html": PAGE.format("C")},
    )
    before = git(host, "rev-parse", "gh-pages")
    ran = oerbook("preview", "add", "7", site, "--request", "https://git.example/o/r/pull/7", "-C", root)
    assert ran.code == 0, ran.err
    assert ran.out.split() == ["_previews/7/a.html", "_previews/7/b/c.html"]
    page = git(host, "show", "gh-pages:_previews/7/b/c.html")
    assert "Vorschau einer Einreichung" in page and 'href="../../../index.html"' in page and "noindex" in page
    assert 'href="https://git.example/o/r/pull/7"' in page
    assert "Old" in git(host, "show", "gh-pages:a.html")  # the published book is as it was
    (site / "a.html").write_text(PAGE.format("Newer"))
    assert oerbook("preview", "add", "7", site, "-C", root).code == 0
    assert oerbook("preview", "add", "12", site, "-C", root).code == 0
    files = git(host, "ls-tree", "-r", "--name-only", "gh-pages").split()
    assert {"_previews/7/a.html", "_previews/12/a.html", "a.html", ".nojekyll"} <= set(files)
    assert "Newer" in git(host, "show", "gh-pages:_previews/7/a.html")
    assert git(host, "rev-parse", "gh-pages^") == before  # one commit on top of the site, not one for each change
    assert "12" in oerbook("preview", "prune", "7", "-C", root).err
    assert "Removed previews: 7." in oerbook("preview", "prune", "-C", root).err
    assert git(host, "rev-parse", "gh-pages") == before


def test_publishing_keeps_previews_and_no_history_of_them(root: Path, tmp_path: Path) -> None:
    host = tmp_path / "host.git"
    site = write(tmp_path / "site", {"index.html": PAGE.format("Rude words")})
    assert oerbook("preview", "add", "7", site, "-C", root).code == 0
    write(
        root,
        {"chapters/index.md": "---\ntitle: A book\nlicense: CC-BY-4.0\n---\n\n# A book\n\nWelcome.\n", "conf.py": ""},
    )
    assert oerbook("publish", "--any-commit", "--lenient", "-C", root).code == 0
    assert "Welcome." in git(host, "show", "gh-pages:index.html")
    assert "Rude words" in git(host, "show", "gh-pages:_previews/7/index.html")
    assert "_previews" not in git(host, "ls-tree", "--name-only", "gh-pages^")
    assert oerbook("preview", "prune", "-C", root).code == 0
    assert "_previews" not in git(host, "log", "--all", "--name-only", "--format=%s")


def test_a_preview_runs_nothing_and_loads_nothing_from_elsewhere(root: Path, tmp_path: Path) -> None:
    host = tmp_path / "host.git"
    files = {
        "index.html": HOSTILE,
        "drawing.svg": DRAWING,
        "broken.svg": "<svg",
        "book.js": "steal()",
        "x.exe": "MZ",
        "x.xhtml": HOSTILE,
    }
    site = write(tmp_path / "site", files)
    (site / "secret.txt").symlink_to(ROOT / "pyproject.toml")
    ran = oerbook("preview", "add", "7", site, "-C", root)
    assert ran.code == 0 and "Files left out: 4." in ran.err, ran.err
    shown = git(host, "ls-tree", "-r", "--name-only", "gh-pages:_previews/7").split()
    assert shown == ["drawing.svg", "index.html"]
    page = git(host, "show", "gh-pages:_previews/7/index.html")
    assert "steal" not in page and "evil.example" not in page and "<script" not in page and "refresh" not in page
    head = page.index("<html")
    assert page.index("default-src 'none'", head) < page.index("</head>", head)
    assert "steal" not in git(host, "show", "gh-pages:_previews/7/drawing.svg")
    assert oerbook("preview", "add", "7", tmp_path / "book", "-C", root).code == 1  # no page in it
    assert oerbook("preview", "add", "../7", site, "-C", root).code == 2


def test_the_notice_is_first_on_every_page_and_in_its_language() -> None:
    page = add_notice(PAGE.format("Text"), "../../index.html", "")
    body = page.partition("<body>")[2]
    assert body.startswith('<p role="note" style="display:block !important')
    assert "Preview of a submission that nobody has reviewed yet." in add_notice("Only <b>text", "../../index.html", "")


def test_a_preview_needs_no_published_site_and_survives_others_that_push_meanwhile(root: Path, tmp_path: Path) -> None:
    host = tmp_path / "host.git"
    git(host, "update-ref", "-d", "refs/heads/gh-pages")
    site = write(tmp_path / "site", {"index.html": PAGE.format("First")})
    assert oerbook("preview", "add", "7", site, "-C", root).code == 0
    assert git(host, "ls-tree", "-r", "--name-only", "gh-pages").split() == [".nojekyll", "_previews/7/index.html"]
    assert oerbook("preview", "prune", "-C", root).code == 0
    assert git(host, "ls-tree", "-r", "--name-only", "gh-pages").split() == [".nojekyll"]


def test_the_jobs_of_the_workflow_show_a_preview_and_remove_it(root: Path, tmp_path: Path) -> None:
    host, tools = tmp_path / "host.git", tmp_path / "tools"
    assert oerbook("init", root, "--github", "--yes").code == 0
    written = steps(root, "report.yml")
    site = write(tmp_path / "site", {"index.html": PAGE.format("Start"), "new.html": PAGE.format("$(touch owned)")})
    program = f'exec "{sys.executable}" -P -c "from oerbook.cli import main; main()" "$@"'
    tool(tools, "oerbook", program)
    tool(tools, "gh", 'case "$*" in *"/pages"*) echo https://o.github.io/r/;; esac')
    known = {
        "REPOSITORY": "o/r",
        "SERVER": "https://github.com",
        "NUMBER": "7",
        "SITE": str(site),
        "OUT": str(tmp_path),
    }
    done = shell(written["Show the preview"]["run"], root, tools, GITHUB_OUTPUT=str(tmp_path / "output"), **known)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "output").read_text() == "address=https://o.github.io/r/\npages=_previews/7/new.html \n"
    assert "https://github.com/o/r/pull/7" in git(host, "show", "gh-pages:_previews/7/new.html")
    tool(tools, "gh", "exit 0")  # no pull request is open
    done = shell(
        written["Remove previews of closed pull requests"]["run"], root, tools, REPOSITORY="o/r", OUT=str(tmp_path)
    )
    assert done.returncode == 0 and "_previews" not in git(host, "ls-tree", "--name-only", "gh-pages"), done.stderr
    tool(tools, "gh", "exit 1")  # Pages is not switched on
    done = shell(written["Show the preview"]["run"], root, tools, GITHUB_OUTPUT=str(tmp_path / "none"), **known)
    assert done.returncode == 0 and not (tmp_path / "none").exists() and not list(tmp_path.rglob("owned"))
