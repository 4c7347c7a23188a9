"""The plain theme, for readers with low vision, has more contrast than the law requires."""

from __future__ import annotations

import pytest

from oerbook.theming.theme import load_theme
from tests.support.colors import contrast

LOOK = load_theme("plain").tokens
ENHANCED = 7.0  # WCAG 2.2, 1.4.6


@pytest.mark.parametrize("time", ["color", "night"])
def test_text_has_high_contrast_in_light_and_dark_mode(time: str) -> None:
    palette = LOOK[time]
    for words in ("ink", "quiet", "accent", "link"):
        for ground in ("paper", "tint"):
            assert contrast(palette[words], palette[ground]) >= ENHANCED, (words, ground)


def test_settings_that_plain_lacks_come_from_classic() -> None:
    classic = load_theme("classic").tokens
    assert LOOK["type"]["mono"] == classic["type"]["mono"]
    assert LOOK["color"].keys() == classic["color"].keys()
    assert float(str(LOOK["type"]["size"]).removesuffix("pt")) >= 14
