"""Configure Sphinx and its extensions for a book."""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

from oerbook.citations.library import bibliography_files
from oerbook.document.context import languages
from oerbook.document.context.build_context import BuildContext, context_of
from oerbook.document.html import theme_files, translations
from oerbook.model.book import Book

MYST_EXTENSIONS = [
    "amsmath",
    "attrs_inline",
    "attrs_block",
    "colon_fence",
    "deflist",
    "dollarmath",
    "fieldlist",
    "gfm_autolink",
    "html_admonition",
    "html_image",
    "replacements",
    "smartquotes",
    "strikethrough",
    "substitution",
    "tasklist",
]


def set_language(config: Config, book: Book) -> None:
    """Set the language of the book before extensions load their translations."""
    if "language" not in config._raw_config and "language" not in config._overrides:
        config.language = languages.sphinx_language(book.language)


def configure(app: Sphinx, config: Config) -> None:
    """Set the configuration for a book, except for values that its conf.py sets."""
    context = context_of(app)
    for name, value in {**_book_config(context.book), **_html_config(context), **_extension_config(context)}.items():
        if name not in config._raw_config and name not in config._overrides and name in config.values:
            config[name] = value
    translations.install_translations(app, config.language)


def _book_config(book: Book) -> dict[str, Any]:
    """Return the general configuration of Sphinx."""
    return {
        "project": book.title,
        "author": ", ".join(author.name for author in book.authors),
        "copyright": book.copyright,
        "version": _script_text(book.edition),
        "release": _script_text(book.edition),
        "language": languages.sphinx_language(book.language),
        "root_doc": "index",
        "exclude_patterns": [],
        "numfig": True,
        "math_numfig": True,
        "numfig_secnum_depth": 1,
        "suppress_warnings": ["myst.strikethrough", "bibtex.duplicate_citation", "bibtex.duplicate_label"],
        "show_warning_types": False,
        "highlight_language": "none",
        "nitpicky": False,
        "keep_warnings": False,
        "smartquotes": False,
    }


def _script_text(text: str) -> str:
    """Return a text without the characters that end a string in the scripts of Sphinx."""
    return re.sub(r"[\\'\"<>\s]+", " ", text).strip()


def _html_config(context: BuildContext) -> dict[str, Any]:
    """Return the configuration of the web site."""
    book = context.book
    return {
        "html_theme": f"oerbook-{theme_files.prepare_theme(context).name}",
        "html_title": book.title,
        "html_short_title": book.title,
        "html_math_renderer": "oerbook",
        "html_copy_source": False,
        "html_show_sourcelink": False,
        "html_last_updated_fmt": None,
        "html_scaled_image_link": False,
        "html_permalinks_icon": "#",
        "html_secnumber_suffix": "\u2002",
        "html_domain_indices": False,
        "html_use_index": True,
        "html_baseurl": book.url,
        "html_css_files": [],
    }


def _extension_config(context: BuildContext) -> dict[str, Any]:
    """Return the configuration of MyST and the other extensions."""
    book = context.book
    return {
        "myst_enable_extensions": set(MYST_EXTENSIONS),
        "myst_heading_anchors": 6,
        "myst_footnote_transition": False,
        "myst_footnote_sort": True,
        "myst_dmath_double_inline": True,
        "myst_dmath_allow_labels": True,
        "myst_links_external_new_tab": False,
        "bibtex_bibfiles": bibliography_files(book),
        "bibtex_default_style": book.settings.bibliography_style,
        "todo_include_todos": False,
        "exercise_style": "",
        "hide_solutions": book.settings.solutions == "hidden",
        "prf_realtyp_to_countertyp": {},
        "intersphinx_mapping": _inventories(book),
        "intersphinx_timeout": 1,
    }


def _inventories(book: Book) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return the inventories that exist as local files; builds use no network."""
    root, inventories = book.root, book.settings.inventories
    return {key: (url, (str(root / local),)) for key, url, local in inventories if local and (root / local).is_file()}
