"""The book's language on its web pages: what the templates say, what the search's script says, the marks of quotations."""

from __future__ import annotations

import json
import re
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from sphinx import locale

from oerbook.document.context.languages import CATALOGUES
from oerbook.document.html.phrases import SPOKEN

PLURAL = re.compile(r"[n\d\s%<>=!&|?:()]{1,500}")
FOUND = "Search finished, found one page matching the search query."
TOLD = {  # what Sphinx has not in these languages; the rule of all three is one or many
    "de": ["Eine Seite gefunden.", "${resultCount} Seiten gefunden."],
    "es": [
        "Se encontró una página.",
        "Se encontraron ${resultCount} páginas.",
        "Se encontraron ${resultCount} páginas.",
    ],
    "nl": ["Eén pagina gevonden.", "${resultCount} pagina’s gevonden."],
}


class Words(NullTranslations):
    """What templates say in one language; Sphinx is asked for what is not among it."""

    def __init__(self, language: str, others: NullTranslations) -> None:
        super().__init__()
        self.known = SPOKEN.get(language, {})
        self.add_fallback(others)

    def gettext(self, message: str) -> str:
        """Return words in the book's language."""
        return self.known.get(message) or super().gettext(message)


def speak(app: Any, language: str) -> None:
    """Let Sphinx and our templates speak the book's language, which is known only once the book is read."""
    folders = [str(Path(app.srcdir, folder)) for folder in app.config.locale_dirs]
    others, _found = locale.init([*folders, str(CATALOGUES)], language)
    app.translator = Words(language.partition("_")[0], others)


def script(catalogue: str) -> str:
    """Return Sphinx's words for the search as a script that a strict policy lets run.

    Sphinx hands over the rule for plurals as text to be evaluated, which the policy of our pages forbids; and where it
    has no words in a language, it would have the search say nothing.

    >>> print(script('Documentation.addTranslations({"locale": "fr", "messages": {"Go": ""}, "plural_expr": "(n > 1)"});'))
    "use strict";
    Object.assign(Documentation.TRANSLATIONS, {});
    Documentation.PLURAL_EXPR = (n) => Number((n > 1));
    Documentation.LOCALE = "fr";
    """
    told = json.loads(catalogue[catalogue.index("{") : catalogue.rindex("}") + 1])
    said = {
        words: other for words, other in told["messages"].items() if (any(other) if isinstance(other, list) else other)
    }
    said |= {FOUND: TOLD[told["locale"]]} if FOUND not in said and told["locale"] in TOLD else {}
    rule = told.get("plural_expr", "")
    lines = [
        '"use strict";',
        f"Object.assign(Documentation.TRANSLATIONS, {json.dumps(said)});",
        f"Documentation.PLURAL_EXPR = (n) => Number({rule if PLURAL.fullmatch(rule) else 'n !== 1'});",
        f"Documentation.LOCALE = {json.dumps(told['locale'])};",
    ]
    return "\n".join(lines)
