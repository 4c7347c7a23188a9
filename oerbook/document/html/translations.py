"""Translate web pages: template strings, search messages, quotation marks."""

from __future__ import annotations

import json
import re
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from sphinx import locale

from oerbook.document.context.languages import SPHINX_LOCALE_DIR
from oerbook.text.translations import base_language, plural_forms, template_messages

PLURAL_RULE = re.compile(r"[n\d\s%<>=!&|?:()]{1,500}")
ONE_RESULT_MESSAGE = "Search finished, found one page matching the search query."


class BookTranslations(NullTranslations):
    """Our translations for one language; falls back to those of Sphinx."""

    def __init__(self, language: str, fallback: NullTranslations) -> None:
        super().__init__()
        self.messages = template_messages(language)
        self.add_fallback(fallback)

    def gettext(self, message: str) -> str:
        """Return the translation of a message."""
        return self.messages.get(message) or super().gettext(message)


def install_translations(app: Any, language: str) -> None:
    """Set the translator of Sphinx and our templates to the book's language."""
    folders = [str(Path(app.srcdir, folder)) for folder in app.config.locale_dirs]
    sphinx_translations, _found = locale.init([*folders, str(SPHINX_LOCALE_DIR)], language)
    app.translator = BookTranslations(base_language(language), sphinx_translations)


def search_translations_js(catalogue: str) -> str:
    """Convert Sphinx's search translations to JavaScript that needs no `eval`.

    Sphinx passes the plural rule as a string to evaluate, which the policy of our pages forbids. Messages without a
    translation, which the search would show as empty text, are removed.

    >>> js = 'Documentation.addTranslations({"locale": "sw", "messages": {"Go": ""}, "plural_expr": "(n > 1)"});'
    >>> print(search_translations_js(js))
    "use strict";
    Object.assign(Documentation.TRANSLATIONS, {});
    Documentation.PLURAL_EXPR = (n) => Number((n > 1));
    Documentation.LOCALE = "sw";
    """
    parsed = json.loads(catalogue[catalogue.index("{") : catalogue.rindex("}") + 1])
    messages = {
        message: translation
        for message, translation in parsed["messages"].items()
        if (any(translation) if isinstance(translation, list) else translation)
    }
    own_forms = plural_forms(parsed["locale"], ONE_RESULT_MESSAGE)
    if ONE_RESULT_MESSAGE not in messages and own_forms:
        messages[ONE_RESULT_MESSAGE] = own_forms
    rule = parsed.get("plural_expr", "")
    lines = [
        '"use strict";',
        f"Object.assign(Documentation.TRANSLATIONS, {json.dumps(messages)});",
        f"Documentation.PLURAL_EXPR = (n) => Number({rule if PLURAL_RULE.fullmatch(rule) else 'n !== 1'});",
        f"Documentation.LOCALE = {json.dumps(parsed['locale'])};",
    ]
    return "\n".join(lines)
