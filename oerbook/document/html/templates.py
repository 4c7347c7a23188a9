"""Render templates with every value escaped, and sanitize each finished page."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from markupsafe import Markup
from sphinx.application import Sphinx

from oerbook.document.context.build_context import BuildContext, context_of
from oerbook.document.html import theme_files
from oerbook.document.safety.extension_html import report_removed_html
from oerbook.markup import page as markup_page

HTML_VARIABLES = ("body", "toc", "title", "metatags")  # what the translator of Sphinx wrote, not text
HTML_FUNCTIONS = ("css_tag", "js_tag", "toctree")
INLINE_SCRIPTS = ("faces.js", "start.js")  # in the folder html/ of the theme


def enable_autoescaping(app: Sphinx) -> None:
    """Switch on autoescaping for all templates, and sanitize what they render."""
    build = context_of(app)
    templates: Any = getattr(app.builder, "templates", None)
    if templates is None:
        return
    environment = templates.environment
    plain = environment.overlay(autoescape=False, bytecode_cache=None)  # for scripts and style sheets
    environment.autoescape = True
    templates.render_string = lambda source, context: plain.from_string(source).render(context)

    def render(template: str, context: dict[str, Any]) -> str:
        text: str = environment.get_template(template).render(mark_html_as_safe(context) | inline_script_values(build))
        return _sanitize_page(build, str(context.get("pagename", "")), text)

    templates.render = render


def mark_html_as_safe(context: dict[str, Any]) -> dict[str, Any]:
    """Return the variables of a template with HTML marked as such."""
    marked = dict(context)
    for name in HTML_VARIABLES:
        if isinstance(marked.get(name), str):
            marked[name] = _html(marked[name])
    for name in HTML_FUNCTIONS:
        if callable(marked.get(name)):
            marked[name] = _returning_markup(marked[name])
    for name in ("prev", "next"):
        if isinstance(marked.get(name), dict):
            marked[name] = {**marked[name], "title": _html(marked[name]["title"])}
    marked["parents"] = [{**one, "title": _html(one["title"])} for one in marked.get("parents") or ()]
    return marked


def _returning_markup(function: Any) -> Any:
    return lambda *arguments, **options: _html(function(*arguments, **options))


def inline_script_values(build: BuildContext) -> dict[str, Any]:
    """Return the inline scripts of every page and the source expressions that allow them."""
    scripts = inline_scripts(build)
    hashes = " ".join(map(markup_page.script_hash, scripts))
    return {"font_script": _html(scripts[0]), "start_script": _html(scripts[1]), "start_hashes": _html(hashes)}


def inline_scripts(build: BuildContext) -> tuple[str, ...]:
    """Return the only scripts that pages hold; the second loads all others from `_static/`."""
    folder = theme_files.prepare_theme(build) / "html"
    return tuple(_read_script(folder / name, (folder / name).stat().st_mtime_ns) for name in INLINE_SCRIPTS)


@lru_cache(maxsize=4)
def _read_script(path: Path, _modified: int) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("//"))


def _sanitize_page(build: BuildContext, pagename: str, text: str) -> str:
    clean, removed = markup_page.sanitize_page(text, inline_scripts(build))
    for name in dict.fromkeys(removed):
        report_removed_html(build, pagename, name)
    return clean


def _html(text: str) -> Markup:
    """Mark as HTML what Sphinx or our theme wrote; `sanitize_page` checks it later."""
    return Markup(text)  # noqa: S704
