"""Runs of words of an old and a new text, which are matched to each other."""

from __future__ import annotations

from dataclasses import dataclass, field

from oerbook.attribution.word_codes import NO_ORIGIN

GapIndexes = tuple[int, int]  # the index of a page, and of its last passage before the run that did not change


@dataclass(slots=True)
class OldWordRun:
    """A run of old words: their origins, and which of them are already matched."""

    text: str
    origins: str
    gap: GapIndexes
    matched: bytearray = field(init=False)

    def __post_init__(self) -> None:
        self.matched = bytearray(len(self.text))


@dataclass(slots=True)
class NewWordRun:
    """A run of new words whose origins are being looked up.

    `origins` has `NO_ORIGIN` where none is known yet.

    `old_positions` holds for each word the index of its old run and its offset there.
    """

    text: str
    gap: GapIndexes
    origins: list[str] = field(init=False)
    old_positions: list[tuple[int, int] | None] = field(init=False)

    def __post_init__(self) -> None:
        self.origins = [NO_ORIGIN] * len(self.text)
        self.old_positions = [None] * len(self.text)

    def copy_origins(self, start: int, old: OldWordRun, run: int, old_start: int, length: int) -> None:
        """Copy the origins of `length` old words to the new words from `start`.

        The old words are marked as taken.
        """
        self.origins[start : start + length] = old.origins[old_start : old_start + length]
        self.old_positions[start : start + length] = [(run, old_start + step) for step in range(length)]
        old.matched[old_start : old_start + length] = b"\1" * length
