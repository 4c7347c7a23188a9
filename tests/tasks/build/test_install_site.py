"""A site is installed as a whole; what is the same in the site before is not written and packed again."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from oerbook.model.artifacts import Artifact
from oerbook.tasks.build.downloads import SiteArchive
from oerbook.tasks.build.install_site import install_site

PAGE = (
    '<title>Soil</title><!-- downloads --><ul><li>zip <small data-file="soil.zip"></small></li></ul><!-- /downloads -->'
)
FILES = {
    "index.html": PAGE,
    "a/worms.html": "<p>Worms</p>" * 50,
    "a-b.html": "<p>Böden</p>",
    "bild ü.svg": "<svg/>" * 9,
}


def install(folder: Path, files: Mapping[str, str], extra: bytes = b"{}") -> Artifact:
    site = folder / "site"
    for name, text in files.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, encoding="utf-8")
    archive = SiteArchive("soil.zip", 1_760_000_000, folder / "cache")
    return install_site(site, folder / "out", (), {"worms.who.json": extra}, archive)


def contents(folder: Path) -> dict[str, bytes]:
    installed = folder / "out/html"
    return {p.relative_to(installed).as_posix(): p.read_bytes() for p in installed.rglob("*") if p.is_file()}


def test_a_site_installed_over_another_one_has_the_same_bytes_as_a_new_one(tmp_path: Path) -> None:
    changed = FILES | {"a/worms.html": "<p>More worms</p>", "new.html": "<p>New</p>"}
    install(tmp_path / "twice", FILES)
    again = install(tmp_path / "twice", changed, b'{"x":1}')
    once = install(tmp_path / "once", changed, b'{"x":1}')
    assert contents(tmp_path / "twice") == contents(tmp_path / "once")
    assert again.digest == once.digest
    with zipfile.ZipFile(tmp_path / "twice/out/html/downloads/soil.zip") as archive:
        assert archive.testzip() is None
        assert archive.read("soil/a/worms.html") == b"<p>More worms</p>"
        assert archive.read("soil/bild ü.svg") == b"<svg/>" * 9
        assert b"small" not in archive.read("soil/index.html")


def test_a_file_that_somebody_changed_in_the_installed_site_is_written_again(tmp_path: Path) -> None:
    install(tmp_path, FILES)
    before = contents(tmp_path)
    page, moved = tmp_path / "out/html/a/worms.html", tmp_path / "moved.html"
    page.write_text("<p>Edited</p>" * 50)
    (tmp_path / "out/html/a-b.html").rename(moved)
    (tmp_path / "out/html/a-b.html").symlink_to(moved)
    install(tmp_path, FILES)
    assert contents(tmp_path) == before
    assert not (tmp_path / "out/html/a-b.html").is_symlink()


def test_a_new_site_does_not_change_a_kept_copy_of_the_last_one(tmp_path: Path) -> None:
    install(tmp_path, FILES)
    kept = tmp_path / "kept.html"
    kept.hardlink_to(tmp_path / "out/html/index.html")
    text = kept.read_bytes()
    install(tmp_path, FILES | {"index.html": PAGE.replace("Soil", "Water")})
    assert kept.read_bytes() == text


def test_a_removed_page_is_not_in_the_archive(tmp_path: Path) -> None:
    install(tmp_path, FILES)
    (tmp_path / "site/a-b.html").unlink()
    install(tmp_path, {"index.html": PAGE})
    with zipfile.ZipFile(tmp_path / "out/html/downloads/soil.zip") as archive:
        assert "soil/a-b.html" not in archive.namelist()
