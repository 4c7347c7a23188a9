"""Starter files of a new book: title page, sample chapters, contributor, README, in the book's language."""

from __future__ import annotations

import json
import re
from pathlib import Path

from oerbook.source.templates.new_file import MARKDOWN_CHARS
from oerbook.text.slugs import slugify
from oerbook.text.translations import base_language

STARTER_FOLDER = Path(__file__).with_name("starter")  # one folder for each language
DEFAULT_LANGUAGE = "en"
PLACEHOLDER = re.compile("(@[A-Z_]+@)")
GITIGNORE = "_build/\n.venv/\n__pycache__/\n"
CONF_PY = 'extensions = ["oerbook"]\n'


def starter_languages() -> list[str]:
    """Return the languages that starter files are written in.

    >>> starter_languages()
    ['de', 'en', 'es', 'fr', 'nl']
    """
    return sorted(path.name for path in STARTER_FOLDER.iterdir() if (path / "index.md").is_file())


def starter_files(title: str, name: str, license_id: str, language: str, requirement: str = "") -> dict[str, str]:
    """Return the files of a new book: path and text; its README installs `requirement`, or else oerbook from PyPI.

    They are in English if there are none in the book's language.
    """
    person = slugify(name) or "first-author"
    placeholders = {
        "@REQUIREMENT@": f'"{requirement}"' if requirement else "oerbook",
        "@LANGUAGE@": language,
        "@LICENSE@": license_id,
        "@PERSON@": person,
        "@QUOTED_TITLE@": json.dumps(title, ensure_ascii=False),
        "@QUOTED_NAME@": json.dumps(name, ensure_ascii=False),
        "@TITLE@": MARKDOWN_CHARS.sub(r"\\\1", title),
        "@NAME@": MARKDOWN_CHARS.sub(r"\\\1", name),
    }
    known = base_language(language) in starter_languages()
    folder = STARTER_FOLDER / (base_language(language) if known else DEFAULT_LANGUAGE)
    paths = {"README.md": "README.md", "contributor.md": f"contributors/{person}.md"}
    texts = {
        paths.get(source.name, f"chapters/{source.name}"): _fill(source.read_text(encoding="utf-8"), placeholders)
        for source in sorted(folder.glob("*.md"))
    }
    return {**texts, "conf.py": CONF_PY, ".gitignore": GITIGNORE}


def _fill(text: str, placeholders: dict[str, str]) -> str:
    """Replace placeholders in one pass, so that a title may contain one."""
    parts = PLACEHOLDER.split(text)
    return "".join(placeholders.get(part, part) for part in parts)
