"""What GitLab and Forgejo run for a book: valid, and tried with local repositories and the jobs' own shell steps."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import need, oerbook, write
from tests.journeys.test_github import BOOK, INDEX, shell, tool
from tests.support.repository import begin, commit, git

WHO = ("-c", "user.name=Ada Lee", "-c", "user.email=ada@example.org")


def gitlab_jobs(root: Path) -> dict[str, Any]:
    """Return the jobs that `init --gitlab` writes."""
    ran = oerbook("init", root, "--gitlab")
    assert ran.code == 0, ran.err
    jobs: dict[str, Any] = yaml.safe_load((root / ".gitlab-ci.yml").read_text())
    return jobs


def forgejo_steps(root: Path, workflow: str) -> dict[str, str]:
    """Return the shell steps that `init --forgejo` writes, by name."""
    assert oerbook("init", root, "--forgejo").code == 0
    jobs = yaml.safe_load((root / ".forgejo" / "workflows" / workflow).read_text())["jobs"]
    return {step["name"]: step["run"] for job in jobs.values() for step in job["steps"]}


def program(tools: Path) -> None:
    tool(tools, "oerbook", f'exec "{sys.executable}" -P -c "from oerbook.cli import main; main()" "$@"')


def test_the_files_for_other_hosts_keep_to_their_schemas(tmp_path: Path) -> None:
    validator = need(str(Path(sys.executable).with_name("check-jsonschema")))
    root = write(tmp_path / "book", BOOK)
    assert oerbook("init", root, "--gitlab", "--forgejo", "--github").code == 0
    workflows = sorted((root / ".forgejo" / "workflows").glob("*.yml"))
    assert len(workflows) == 3
    for schema, paths in (
        ("gitlab-ci", [root / ".gitlab-ci.yml"]),
        ("github-workflows", workflows),
        ("github-issue-forms", sorted((root / ".forgejo" / "ISSUE_TEMPLATE").glob("*.yml"))),
        ("dependabot", [root / ".github" / "dependabot.yml"]),
    ):
        command = [validator, "--builtin-schema", f"vendor.{schema}", *map(str, paths)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


def test_each_host_gets_its_own_words_and_the_template_of_a_chapter(tmp_path: Path) -> None:
    book = {**BOOK, "chapters/index.md": INDEX.replace("https://github.com/o/r", "https://codeberg.org/o/r")}
    for name, request, folder in (("gitlab", "merge request", ".gitlab"), ("forgejo", "pull request", ".forgejo")):
        root = write(tmp_path / name, book)
        ran = oerbook("init", root, f"--{name}")
        assert ran.code == 0, ran.err
        text = (root / "CONTRIBUTING.md").read_text()
        assert (
            request in text
            and "[Replace this: the title of your chapter]" in text
            and "https://codeberg.org/o/r" in text
        )
        for path in root.rglob("*"):
            if path.is_file() and folder in path.parts:
                assert not re.search("@[A-Z_]+@", path.read_text()), path
    assert "runs-on: codeberg-small" in (tmp_path / "forgejo/.forgejo/workflows/check.yml").read_text()
    assert oerbook("init", tmp_path / "forgejo", "--update").code == 2


@pytest.mark.slow
def test_gitlab_checks_a_merge_request_of_a_fork_and_leads_to_its_preview(tmp_path: Path) -> None:
    root, tools = tmp_path / "book", tmp_path / "tools"
    begin(root, BOOK)
    commit(root, "fork", {"chapters/01-a.md": "# A\n\nWords $(touch owned).\n", "Makefile": "all:\n"}, "Eve Moss")
    git(tmp_path, "clone", "-q", "--bare", str(root), "o/r.git")
    git(tmp_path, "clone", "-q", "--branch", "fork", f"file://{tmp_path / 'o/r.git'}", "run")
    jobs = gitlab_jobs(write(tmp_path / "other", BOOK))
    program(tools)
    known = {"CI_MERGE_REQUEST_PROJECT_URL": f"file://{tmp_path}/o/r", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}
    done = shell("\n".join(jobs["check"]["script"]), tmp_path / "run", tools, **known)
    assert done.returncode == 1 and "Makefile" in done.stdout, done.stderr
    assert "Thank you" in (tmp_path / "run" / "report.md").read_text()
    known = {
        "CI_PROJECT_ROOT_NAMESPACE": "o",
        "CI_PROJECT_PATH": "o/books/r",
        "CI_PAGES_DOMAIN": "gitlab.io",
        "CI_JOB_ID": "5",
    }
    done = shell("\n".join(jobs["preview"]["script"]), tmp_path / "run", tools, **known)
    assert done.returncode == 0, done.stderr
    page = "https://o.gitlab.io/-/books/r/-/jobs/5/artifacts/preview/html/index.html"
    assert (tmp_path / "run" / "preview.env").read_text() == f"PREVIEW_URL={page}\n"
    assert (tmp_path / "run" / "preview/html/a.html").is_file() and not list(tmp_path.rglob("owned"))


@pytest.mark.slow
def test_gitlab_pages_keep_the_sites_of_earlier_editions(tmp_path: Path) -> None:
    """Artifacts of GitLab are kept for each branch and tag: a folder stands for them here, and curl copies from it."""
    root, tools, kept = tmp_path / "book", tmp_path / "tools", tmp_path / "kept"
    begin(root, {**BOOK, "chapters/index.md": INDEX.replace("license:", "versions: true\nlicense:")})
    git(root, "reset", "-q", "--hard")
    script = "\n".join(gitlab_jobs(write(tmp_path / "other", BOOK))["pages"]["script"])
    program(tools)
    kept.mkdir()
    tool(tools, "curl", f'for last; do :; done; ref=${{last#*artifacts/}}; cp "{kept}/${{ref%%/*}}.zip" site.zip')

    def run(ref: str, tag: str) -> set[str]:
        work = tmp_path / f"run-{ref}-{len(list(tmp_path.iterdir()))}"
        git(tmp_path, "clone", "-q", str(root), work.name)
        known = {"CI_DEFAULT_BRANCH": "main", "CI_COMMIT_TAG": tag, "CI_JOB_TOKEN": "t", "CI_PROJECT_ID": "1"}
        done = shell(script, work, tools, CI_API_V4_URL="https://gitlab.example/api/v4", **known)
        assert done.returncode == 0, done.stderr
        with zipfile.ZipFile(kept / f"{ref}.zip", "w") as archive:
            for path in (work / "public").rglob("*"):
                archive.write(path, path.relative_to(work))
        site = {path.relative_to(work / "public").as_posix() for path in (work / "public").rglob("*.html")}
        shutil.rmtree(work)
        return site

    for name in ("v1", "v2"):
        write(root, {f"chapters/0{name[1]}-{name}.md": f"# Chapter {name}\n\nWords.\n"})
        git(root, "add", "-A")
        git(root, *WHO, "commit", "-qm", name)
        run("main", "")
        git(root, "tag", name)
        run(name, name)
    write(root, {"chapters/03-more.md": "# More\n\nWords.\n"})
    git(root, "add", "-A")
    git(root, *WHO, "commit", "-qm", "More")
    site = run("main", "")
    assert {"more.html", "v2/v2.html", "v1/v1.html"} <= site and not {"v1/v2.html", "v2/more.html"} & site


@pytest.mark.slow
def test_forgejo_checks_a_pull_request_and_publishes_to_the_branch_pages(tmp_path: Path) -> None:
    root, host, tools = tmp_path / "book", tmp_path / "o/r.git", tmp_path / "tools"
    begin(root, {**BOOK, "chapters/01-start.md": "# Start\n\nWords.\n"})
    pull = commit(root, "fork", {"chapters/02-a.md": "# A\n\nWords.\n", "Makefile": "all:\n"}, "Eve Moss")
    git(tmp_path, "clone", "-q", "--bare", str(root), "o/r.git")
    program(tools)
    other = write(tmp_path / "other", BOOK)
    known = {"ADDRESS": f"file://{host}", "TOKEN": "t"}

    def fetched(name: str, commit_id: str) -> Path:
        (tmp_path / name).mkdir()
        script = forgejo_steps(other, "check.yml")["Fetch the repository"]
        done = shell(script, tmp_path / name, tools, COMMIT=commit_id, **known)
        assert done.returncode == 0, done.stderr
        return tmp_path / name

    work = fetched("checked", pull)
    done = shell(forgejo_steps(other, "check.yml")["Check the submission"], work, tools, BASE="origin/main")
    assert done.returncode == 1 and "Makefile" in done.stdout
    steps = forgejo_steps(other, "publish.yml")
    work = fetched("published", git(root, "rev-parse", "main"))
    assert shell(steps["Show the newest commit of the main branch"], work, tools).returncode == 0
    done = shell(steps["Check, build and publish the book"], work, tools, **known)
    assert done.returncode == 0, done.stderr
    assert "index.html" in git(host, "ls-tree", "--name-only", "pages").split()


def test_forgejo_makes_a_release_with_files(tmp_path: Path) -> None:
    script = forgejo_steps(write(tmp_path / "other", BOOK), "release.yml")["Create the release"]
    work = write(tmp_path / "work", {"_build/html/downloads/soil.epub": "x", "_build/zenodo.json": "{}"})
    tool(tmp_path / "tools", "curl", f'echo "$@" >> {tmp_path}/asked; echo \'{{"id": 5}}\'')
    done = shell(script, work, tmp_path / "tools", API="https://codeberg.org/api", TAG="v1", TOKEN="t")
    assert done.returncode == 0, done.stderr
    asked = (tmp_path / "asked").read_text()
    assert (
        asked.count("/5/assets?name=") == 2
        and "name=soil.epub" in asked
        and '{"tag_name": "v1", "name": "v1"}' in asked
    )
