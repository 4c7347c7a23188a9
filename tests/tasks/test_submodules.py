"""A page in a submodule has a history of its own, which is not read: that is said."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import INDEX, oerbook, write
from tests.support.repository import begin, git

WHO = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "protocol.file.allow=always")


def test_a_page_in_a_submodule_is_named(tmp_path: Path) -> None:
    begin(tmp_path / "module", {"01-stone.md": "# Stone\n\nStones weather slowly.\n"})
    root = tmp_path / "book"
    begin(root, {"chapters/index.md": INDEX})
    git(root, "reset", "-q", "--hard")
    git(root, *WHO, "submodule", "--quiet", "add", str(tmp_path / "module"), "chapters/02-module")
    git(root, *WHO, "commit", "-qm", "Add the module")
    write(root, {"chapters/03-new.md": "# New\n\nNot committed yet.\n"})
    ran = oerbook("build", "html", "--format", "json", cwd=root)
    assert [f["path"] for f in ran.findings("submodule-history")] == ["chapters/02-module/01-stone.md"]
    assert [f["path"] for f in ran.findings("uncommitted")] == ["chapters/03-new.md"]
