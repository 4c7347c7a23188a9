"""Write sizes of files for readers."""

from __future__ import annotations

from babel.numbers import format_decimal

from oerbook.text.translations import ENGLISH, locale_of


def format_file_size(count: int, language: str = "en") -> str:
    """Return a number of bytes as text, in kB or MB of powers of ten.

    >>> format_file_size(900), format_file_size(45_200), format_file_size(1_249_000), format_file_size(25_600_000)
    ('1 kB', '45 kB', '1.2 MB', '26 MB')
    >>> format_file_size(1_249_000, "de")
    '1,2 MB'
    """
    if count < 999_500:
        return f"{max(1, round(count / 1000))} kB"
    pattern = "0.0" if count < 9_950_000 else "0"
    return f"{format_decimal(count / 1e6, pattern, locale_of(language) or ENGLISH)} MB"
