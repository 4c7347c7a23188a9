"""Runs of words of an old and a new text, which are matched to each other."""

from __future__ import annotations

from dataclasses import dataclass, field

from oerbook.attribution.word_codes import NO_ORIGIN

Gap = tuple[int, int]  # the index of a page, and of its last passage before the run that did not change


@dataclass(slots=True)
class OldRun:
    """A run of old words: their origins, and which of them are already matched."""

    text: str
    origins: str
    gap: Gap
    taken: bytearray = field(init=False)

    def __post_init__(self) -> None:
        self.taken = bytearray(len(self.text))


@dataclass(slots=True)
class NewRun:
    """A run of new words whose origins are being looked up.

    `origins` has NOBODY where none is known yet.

    `source` holds for each word the index of its old run and its offset there.
    """

    text: str
    gap: Gap
    origins: list[str] = field(init=False)
    source: list[tuple[int, int] | None] = field(init=False)

    def __post_init__(self) -> None:
        self.origins = [NO_ORIGIN] * len(self.text)
        self.source = [None] * len(self.text)

    def copy_origins(self, start: int, old: OldRun, run: int, old_start: int, length: int) -> None:
        """Copy the origins of `length` old words to the new words from `start`.

        The old words are marked as taken.
        """
        self.origins[start : start + length] = old.origins[old_start : old_start + length]
        self.source[start : start + length] = [(run, old_start + step) for step in range(length)]
        old.taken[old_start : old_start + length] = b"\1" * length
