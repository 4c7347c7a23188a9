"""Words that mix letters of several scripts that look alike."""

from __future__ import annotations

import unicodedata

LATIN_SCRIPT, CYRILLIC_SCRIPT, GREEK_SCRIPT = "LATIN", "CYRILLIC", "GREEK"


def has_mixed_scripts(word: str) -> bool:
    """Say whether a word mixes Latin letters with look-alikes of another script.

    >>> has_mixed_scripts("pаypal"), has_mixed_scripts("paypal"), has_mixed_scripts("мир"), has_mixed_scripts("μm")
    (True, False, False, False)
    """
    if word.isascii():
        return False
    scripts = {unicodedata.name(char, "?").split(" ")[0] for char in word}
    return (
        LATIN_SCRIPT in scripts
        and bool(scripts & {CYRILLIC_SCRIPT, GREEK_SCRIPT, "ARMENIAN", "CHEROKEE"})
        and _looks_latin(word)
    )


def _looks_latin(word: str) -> bool:
    from confusable_homoglyphs import confusables  # reads its tables when it is imported

    return bool(confusables.is_confusable(word, preferred_aliases=["latin"]))
