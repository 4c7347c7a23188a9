"""Moved to tests/support/repository.py."""

from __future__ import annotations

from tests.support.repository import Tree, begin, commit, forged, git, heavy

__all__ = ["Tree", "begin", "commit", "forged", "git", "heavy"]
