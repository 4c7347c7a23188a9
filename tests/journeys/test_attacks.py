"""What a hostile chapter tries: none of it reads a file of the machine or runs in a reader's browser."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from markdown_it import MarkdownIt

from tests.conftest import INDEX, ROOT, oerbook, write

SECRET = "hush-b7e1"
ATTACKS = {
    "include": "```{include} SECRET\n```",
    "include upwards": "```{include} ../../secret.txt\n```",
    "literalinclude": "```{literalinclude} ../../secret.txt\n```",
    "csv-table with a path": "```{csv-table} t\n:file: SECRET\n```",
    "csv-table upwards": "```{csv-table} t\n:file: ../../secret.txt\n```",
    "raw file": "```{raw} html\n:file: SECRET\n```",
    "raw address": "```{raw} html\n:url: file://SECRET\n```",
    "rst include": "```{eval-rst}\n.. include:: SECRET\n```",
    "rst csv": "```{eval-rst}\n.. csv-table:: x\n   :file: SECRET\n```",
    "rst raw": "```{eval-rst}\n.. raw:: html\n   :file: SECRET\n```",
    "rst literalinclude": "```{eval-rst}\n.. literalinclude:: ../../secret.txt\n```",
    "download": "{download}`../../secret.txt`",
    "link to a file": "[x](../../secret.txt) [y](%2e%2e/%2e%2e/secret.txt) [z](path:../../secret.txt)",
    "picture": "![x](../../secret.svg)",
    "git": "```{literalinclude} ../.git/config\n```",
    "substitution": "{{ env.app.srcdir }} {{ ''.__class__ }}",
    "script": "<script>alert(1)</script> and <SCRIPT src=x></SCRIPT>",
    "script in a block": "<div>\n<script>\nalert(1)\n</script>\n</div>",
    "handler": "<img src=x onerror=alert(1)> <b onclick=alert(1)>x</b>",
    "javascript link": "[x](javascript:alert(1)) <a href='java\tscript:alert(1)'>y</a> <a href=javascript:alert(1)>z</a>",
    "javascript target": "```{image} dot.svg\n:target: javascript:alert(1)\n:alt: x\n```",
    "raw script": "```{raw} html\n<script>alert(1)</script>\n```",
    "frame": "<iframe srcdoc='<script>alert(1)</script>'></iframe> <object data='javascript:alert(1)'></object>",
    "drawing": "![x](evil.svg)",
    "loosened settings": "<script>alert(1)</script>",
    "style": "<style>@import 'https://evil.example/x.css'</style>",
    "page metadata": '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    "page metadata in rst": "```{eval-rst}\n.. meta::\n   :http-equiv=refresh: 0;url=https://evil.example/\n```",
    "formula": "$\\input{SECRET}$ $\\href{javascript:alert(1)}{x}$",
    "class": '```{div} "><script>alert(1)</script>\nx\n```',
    "difference": "```{literalinclude} dot.svg\n:diff: ../../secret.txt\n```",
    "difference from the root": "```{literalinclude} dot.svg\n:diff: /../../secret.txt\n```",
    "rst difference": "```{eval-rst}\n.. literalinclude:: dot.svg\n   :diff: ../../secret.txt\n```",
    "include in German": "```{einfügen} ../../secret.txt\n```",
    "rst include in German": "```{eval-rst}\n.. einfügen:: ../../secret.txt\n```",
    "csv-table in German": "```{csv-tabelle} t\n:file: SECRET\n```",
    "rst csv-table in German": "```{eval-rst}\n.. csv-tabelle:: t\n   :file: SECRET\n```",
    "raw file in German": "```{roh} html\n:file: SECRET\n```",
    "rst raw file in German": "```{eval-rst}\n.. unverändert:: html\n   :file: SECRET\n```",
    "raw script in German": "```{roh} html\n<script>alert(1)</script>\n```",
    "icon": '{octicon}`alert;1em;x" onload="alert(1)`',
    "box over the page": "```{div} x\n:style: position:fixed;inset:0\nfake\n```",
    "box that loads": "```{div} x\n:style: background:url(https://evil.example/x)\nfake\n```",
    "ticked box": '- a <input type="checkbox" autofocus onfocus="alert(1)"> b',
    "drawing put into the page": "```{image} _images/evil.svg\n:loading: embed\n:alt: x\n```",
}
GERMAN = INDEX.replace(
    "title:", "language: de\ntitle:"
)  # docutils has names of its own for directives in other languages
EVIL = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script><image href="https://evil.example/x"/></svg>'
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'


ACTIVE = re.compile(
    r"<(script|style|iframe|object|meta)|\son\w+\s*=|(href|src)\s*=\s*[\"']?\s*(java\s*script:|data:text)|"
    r"style=\"(position|background)",
    re.I,
)
# Sphinx on its own does nothing with these either; that we do not is held all the same.
HARMLESS = {"formula", "class", "include", "rst include"}


def page(attack: str, secret: Path) -> str:
    head = "---\nmyst:\n  disable_syntax: []\n---\n" if attack == "loosened settings" else ""
    return f"{head}# Chapter\n\n{ATTACKS[attack].replace('SECRET', str(secret))}\n\nafterwards\n"


@pytest.fixture(scope="module")
def unguarded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build every attack with Sphinx and MyST as people set them up; return the site."""
    folder = tmp_path_factory.mktemp("unguarded")
    for name in ("secret.txt", "secret.svg"):
        (folder / name).write_text(SECRET)
    settings = (
        "extensions = ['myst_parser', 'sphinx_design']\nroot_doc = 'index'\nlanguage = 'de'\n"
        "myst_enable_extensions = ['colon_fence', 'dollarmath', 'substitution', 'html_image']\n"
    )
    files = {f"{n:02}.md": page(attack, folder / "secret.txt") for n, attack in enumerate(ATTACKS)}
    files |= {"conf.py": settings, "index.md": "# Book\n", "evil.svg": EVIL, "dot.svg": SVG}
    files["_images/evil.svg"] = EVIL
    write(folder / "book", {".git/config": SECRET, **{f"chapters/{name}": text for name, text in files.items()}})
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "chapters", "site"]
    done = subprocess.run(command, cwd=folder / "book", capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    return folder / "book/site"


def works(site: Path, attack: str) -> bool:
    """Say whether an attack reaches its end: a secret or a path of the machine in the site, or something that acts."""
    html = (site / f"{list(ATTACKS).index(attack):02}.html").read_text(encoding="utf-8")
    taken = [site / name for name in re.findall(r"_(?:downloads|images)/[\w./-]+", html)]
    taken_text = "".join(path.read_text(errors="replace") for path in taken if path.is_file())
    body = html.partition('<div class="body"')[2].partition('<div class="sphinxsidebar"')[0]
    reached = SECRET in re.sub(r"<[^>]*>", "", html) + taken_text or str(site.parent) in html
    return bool(reached or ACTIVE.search(body + taken_text) or "evil.example" in html.partition("</head>")[0])


@pytest.mark.slow
@pytest.mark.parametrize("attack", [name for name in ATTACKS if name not in HARMLESS])
def test_an_attack_works_on_an_unguarded_build(unguarded: Path, attack: str) -> None:
    assert works(unguarded, attack)


@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS, ids=list(ATTACKS))
def test_an_attack_reads_no_secret_and_leaves_no_script(make: Callable[..., Path], tmp_path: Path, attack: str) -> None:
    for name in ("secret.txt", "secret.svg"):
        (tmp_path / name).write_text(SECRET)
    text = page(attack, tmp_path / "secret.txt")
    files = {"chapters/01-a.md": text, "chapters/evil.svg": EVIL, "chapters/dot.svg": SVG, ".git/config": SECRET}
    root = make({**files, "chapters/_images/evil.svg": EVIL}, GERMAN if "German" in attack else INDEX)
    ran = oerbook("build", "html", "epub", "-C", root)
    assert ran.code in (0, 1), ran.err
    site = root / "_build/html"
    for path in (p for p in site.rglob("*") if p.is_file() and "_static" not in p.parts):
        assert SECRET.encode() not in path.read_bytes(), path
        if path.suffix == ".svg":
            assert b"alert" not in path.read_bytes()
    html = (site / "a.html").read_text()
    assert "afterwards" in html
    assert not ACTIVE.search(html.split("<main")[1])
    assert "evil.example" not in html.split("<main")[0]


@pytest.mark.slow
def test_docutils_settings_in_the_book_folder_are_ignored(make: Callable[..., Path], tmp_path: Path) -> None:
    """docutils alone would open the file that `record_dependencies` names, and empty it."""
    precious = tmp_path / "precious.txt"
    precious.write_text("mine")
    conf = f"[general]\nrecord_dependencies: {precious}\nwarning_stream: {precious}\n"
    root = make({"chapters/01-a.md": "# A\n\n{nobody}`x`\n", "docutils.conf": conf})
    unguarded = (
        "from docutils.core import publish_string; publish_string('``x', settings_overrides={'report_level': 5})"
    )
    plain = {name: value for name, value in os.environ.items() if name != "DOCUTILSCONFIG"}
    subprocess.run([sys.executable, "-c", unguarded], cwd=root, env=plain, check=True, capture_output=True)
    assert precious.read_text() != "mine"
    precious.write_text("mine")
    assert oerbook("build", "html", cwd=root).code in (0, 1)
    assert precious.read_text() == "mine"


@pytest.mark.slow
def test_addresses_of_a_bibliography_run_nothing(make: Callable[..., Path]) -> None:
    entry = "@misc{x,title={T},author={A B},year=2000,url={javascript:alert(1)}}\n"
    ran = oerbook(
        "build", "html", "-C", root := make({"chapters/01-a.md": "# A\n\n{cite}`x`\n", "chapters/r.bib": entry})
    )
    assert "link-scheme" in ran.err
    assert not re.search(r'href\s*=\s*"javascript', (root / "_build/html/bibliography.html").read_text())


NAMED = "open('ran', 'w').close()\nfrom docutils.parsers.rst import Parser\n"
TAKES = "# A\n\n```{include} words.txt\n:parser: chapters.words\n```\n\n```{eval-rst}\n.. include:: words.txt\n   :parser: chapters.words\n```\n"


@pytest.mark.slow
def test_no_page_has_a_module_loaded(make: Callable[..., Path]) -> None:
    """A page may name the parser of a file that it takes in, which docutils loads, and so runs, wherever Python finds it."""
    root = make({"chapters/01-a.md": TAKES, "chapters/words.txt": "Words.\n", "chapters/words.py": NAMED})
    (root / "chapters/conf.py").write_text("extensions = ['myst_parser']\nroot_doc = 'index'\n")
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "chapters", "site"]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    assert (root / "ran").is_file()
    (root / "ran").unlink()
    (root / "chapters/conf.py").unlink()
    ran = oerbook("check", cwd=root)
    assert "directive-option" in ran.out and not (root / "ran").exists()


OPENS = """
from docutils.parsers.rst import Directive
from docutils import nodes
class Opens(Directive):
    required_arguments = 1
    def run(self):
        return [nodes.paragraph("", open(self.arguments[0]).read())]
def setup(app):
    app.add_directive("opens", Opens)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["SECRET", "ROOT/.git/config", "ROOT/chapters/../.git/config", "ROOT/chapters/link.txt"]
)
def test_a_directive_of_a_package_can_open_files_of_the_book_only(tmp_path: Path, name: str) -> None:
    """No guard of ours knows this directive: of whatever opens a file, Python tells."""
    secret, root = tmp_path / "secret.txt", tmp_path / "book"
    secret.write_text(SECRET)
    asked = name.replace("SECRET", str(secret)).replace("ROOT", str(root))
    page = f"# A\n\n```{{opens}} {root}/chapters/words.txt\n```\n\n```{{opens}} {asked}\n```\n"
    files = {
        "chapters/01-a.md": page,
        "chapters/words.txt": "Good words.\n",
        ".git/config": SECRET,
        "chapters/index.md": INDEX,
    }
    write(root, {**files, "conf.py": "extensions = ['oerbook', 'opens']\n"})
    (root / "chapters/link.txt").symlink_to(secret)
    write(tmp_path, {"opens.py": OPENS})
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{tmp_path}"}
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-c", ".", "chapters", "site"]
    open_site = [
        *command[:-1],
        "open",
        "-D",
        "extensions=myst_parser,opens",
        "-D",
        "root_doc=index",
        "-D",
        "html_theme=basic",
    ]
    subprocess.run(open_site, cwd=root, env=environment, check=True, capture_output=True)
    assert SECRET in (root / "open/01-a.html").read_text()
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    html = (root / "site/a.html").read_text()
    assert SECRET not in html and "not a file of this book" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"chapters/01-a.md": "# A\n\nOpen a&#x202e;gpj.exe now.\n"}, "bidi-character"),
        ({"chapters/01-a.md": "# A\n\nPay&#xE0041; me.\n"}, "invisible-character"),
        ({"chapters/01-a.md": '---\ntitle: "a\\u202Egpj.exe"\n---\n\nWords.\n'}, "front-matter"),
        ({"chapters/01-a.md": '---\ntitle: "a\\e[2J"\n---\n\nWords.\n'}, "front-matter"),
        ({"chapters/01-a.md": '---\ntitle: "a\\uD800"\n---\n\nWords.\n'}, "front-matter"),
        ({"contributors/eve.md": '---\nname: "Ada\\u200B Lee"\n---\n\nMe.\n'}, "front-matter"),
    ],
)
def test_an_invisible_character_written_as_a_code_is_reported(
    make: Callable[..., Path], files: dict[str, str], code: str
) -> None:
    """Markdown and YAML know signs by numbers: nobody who reads the source sees what readers get."""
    words = next(iter(files.values()))
    assert words.isascii()
    unguarded = yaml.safe_load(words.split("---")[1]) if "---" in words else MarkdownIt().render(words)
    shown = unguarded if isinstance(unguarded, str) else "".join(unguarded.values())
    assert not shown.replace("\n", "").isprintable()
    ran = oerbook("check", "--format", "json", "-C", make({"chapters/01-a.md": "# A\n\nWords.\n", **files}))
    assert ran.findings(code), ran.out
    others = dict.fromkeys(files.keys() - {"chapters/01-a.md"}, "---\nname: Eve\n---\n\nMe.\n")
    honest = "# A\n\nIts code is `&#x202e;`, and soft&shy;ware; in Arabic &rlm;التربة.\n"
    assert not oerbook("check", "--format", "json", "-C", make({"chapters/01-a.md": honest, **others})).findings(code)
