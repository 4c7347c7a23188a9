"""Arguments of a TeX command, read one by one from the tokens behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

CLOSING_BY_OPENING = {"(": ")", "[": "]", "|": "|"}


class CommandArguments:
    """Reads groups, brackets and parentheses behind a command; `index` is the first token that was not read."""

    def __init__(self, stream: Sequence[str], index: int) -> None:
        self.stream = stream
        self.index = index

    def group(self) -> str | None:
        """Return the content of a group in braces, None where no group follows."""
        start = self._start()
        if self._token(start) != "{":
            return None
        depth = 0
        for end in range(start, len(self.stream)):
            depth += {"{": 1, "}": -1}.get(self.stream[end], 0)
            if depth == 0:
                self.index = end + 1
                return "".join(_spaced(self.stream[start + 1 : end]))
        return None

    def argument(self) -> str:
        """Return the next argument as TeX takes it: a group, or one token; "" at the end."""
        found = self.group()
        if found is not None:
            return found
        start = self._start()
        if self._token(start) in ("", "}", "&", "\\\\"):
            return ""
        self.index = start + 1
        return self.stream[start]

    def delimited(self, opening: str) -> str | None:
        """Return what is between a bracket and its closing bracket, None if no such bracket follows."""
        start = self._start()
        if self._token(start) != opening:
            return None
        closing, braces, depth = CLOSING_BY_OPENING[opening], 0, 0
        for end in range(start + 1, len(self.stream)):
            token = self.stream[end]
            braces += {"{": 1, "}": -1}.get(token, 0)
            if braces < 0:
                return None
            if braces == 0 and token == closing and depth == 0:
                self.index = end + 1
                return "".join(_spaced(self.stream[start + 1 : end]))
            if braces == 0 and opening != closing:
                depth += {opening: 1, closing: -1}.get(token, 0)
        return None

    def option(self) -> str | None:
        """Return an optional argument in square brackets, None where there is none."""
        return self.delimited("[")

    def _start(self) -> int:
        start = self.index
        while start < len(self.stream) and self.stream[start].isspace():
            start += 1
        return start

    def _token(self, index: int) -> str:
        return self.stream[index] if index < len(self.stream) else ""


def _spaced(stream: Sequence[str]) -> list[str]:
    """Return tokens with a space where a command would run into a letter."""
    out: list[str] = []
    for token in stream:
        if out and out[-1].startswith("\\") and out[-1][-1:].isalpha() and token[:1].isalpha():
            out.append(" ")
        out.append(token)
    return out


CommandHandler = Callable[[CommandArguments], str]
HandlerByCommand = Mapping[str, CommandHandler]
