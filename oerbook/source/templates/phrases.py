"""Texts of the templates for new files, in English; the catalogs translate them."""

from __future__ import annotations

from oerbook.text.translations import NEW_FILE_CONTEXT, translate, translated_languages

TEMPLATE_TEXTS = {
    "replace": "Replace this",
    "titled": "the title of your chapter",
    "description": "say in one sentence what the chapter is about",
    "another_license": "If its license is not the book's:",
    "of_others": "Other people's texts and pictures that you use:",
    "learn": "What you will learn",
    "can": "what can a reader do after this chapter?",
    "else": "and what else?",
    "terms": "Key terms",
    "term": "a term",
    "means": "what it means, in one sentence",
    "begin": "start with an example, a question or a story that your reader knows",
    "section": "First section",
    "text": "the text of your chapter",
    "takeaways": "Key takeaways",
    "remember": "what should a reader remember?",
    "exercises": "Exercises",
    "task": "a task that shows whether a reader can do what the chapter promises",
    "sources": "Sources",
    "used": "what you used, and what to read next; cite entries of a .bib file with {cite}",
    "names": "Other names you have used in commits:",
    "who": "who you are, in two sentences",
}


def template_translation(language: str) -> dict[str, str]:
    """Return the template texts in the language of a tag ("de", "de-AT"), or the English ones.

    >>> template_translation("de-AT")["learn"], template_translation("sw")["learn"]
    ('Was Sie hier lernen', 'What you will learn')
    """
    return {key: translate(language, text, NEW_FILE_CONTEXT) for key, text in TEMPLATE_TEXTS.items()}


def placeholder_words() -> list[str]:
    """Return the words that start a placeholder, in every language."""
    return [
        translate(language, TEMPLATE_TEXTS["replace"], NEW_FILE_CONTEXT) for language in ("en", *translated_languages())
    ]
