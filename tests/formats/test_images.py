"""One book with pictures of every kind, built once: each format shows them, in a size that suits it."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
import typst
from lxml import html
from PIL import Image

from tests.conftest import INDEX, Ran, need, oerbook, write

OWNER = "Ada of the Soil"
INFOS = {"image-animated", "image-credit"}
PDF = typst.compile(b"#set page(width: 90pt, height: 45pt)\n#rect(width: 10pt)", format="pdf", ignore_system_fonts=True)
DRAWING = (
    f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" viewBox="0 0 40 20"><metadata>{OWNER}</metadata>'
    '<rect id="a:b" width="40" height="20" fill="#cde"/></svg>'
)


def noise(width: int, height: int) -> Image.Image:
    return Image.effect_noise((width // 4, height // 4), 60).resize((width, height)).convert("RGB")


def encode(image: Image.Image, kind: str, **options: Any) -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x013B] = OWNER
    image.save(out, kind, **({"exif": exif} if kind not in ("GIF", "BMP") else {}), **options)
    return out.getvalue()


def opened(path: Path) -> Image.Image:
    return Image.open(io.BytesIO(path.read_bytes()))


FILES: dict[str, bytes] = {
    "phone.jpg": encode(noise(2600, 1300), "JPEG"),
    "photo.png": encode(noise(300, 200), "JPEG"),
    "offset.jpg": encode(noise(300, 200).convert("CMYK"), "JPEG"),
    "moving.gif": encode(noise(100, 80), "GIF", save_all=True, append_images=[noise(100, 80)], comment=OWNER.encode()),
    "modern.webp": encode(noise(300, 200), "WEBP"),
    "newer.avif": encode(noise(300, 200), "AVIF"),
    "newer.png": encode(noise(300, 200), "AVIF"),
    "scan.tif": encode(noise(300, 200), "TIFF"),
    "scan.png": encode(noise(300, 200), "TIFF"),
    "old.bmp": encode(noise(60, 40), "BMP"),
    "plot.pdf": PDF,
    "drawing.svg": DRAWING.encode(),
    "drawing.png": DRAWING.encode(),
}
NAMES = "".join(f"Before {name}.\n\n![What {name} shows]({name})\n\n" for name in FILES)
PAGE = f"""# Pictures

{NAMES}

![First of the row](scan.png) ![Second of the row](phone.jpg)

![Half of the width](phone.jpg){{width=50%}}

![For light screens](photo.png){{.only-light}} ![For dark screens](modern.webp){{.only-dark}}

![A pointer](lfs.png) ends with words behind.

The last words.
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    chapters = {f"chapters/{name}": data for name, data in FILES.items()}
    chapters["chapters/lfs.png"] = b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 5\n"
    root = tmp_path_factory.mktemp("images")
    index = INDEX.replace("---\n\n", "cover: offset.jpg\nlogo: drawing.svg\n---\n\n", 1)
    write(root, {"chapters/index.md": index, "chapters/01-a.md": PAGE, **chapters})
    ran = oerbook("build", "html", "epub", "pdf", "docx", "--format", "json", cwd=root)
    return root / "_build", ran


def images_of_page(build: Path) -> list[Any]:
    return [image for image in html.parse(build / "html" / "a.html").iter("img") if "_images/" in image.get("src")]


def test_only_a_file_that_is_not_a_picture_is_reported(built: tuple[Path, Ran]) -> None:
    findings = [f for f in built[1].report["findings"] if f["code"] not in INFOS]
    assert [f["code"] for f in findings] == ["image-corrupt"]
    assert "Git LFS" in findings[0]["message"] and "git lfs pull" in findings[0]["hint"]


def test_an_animated_picture_is_reported_once(built: tuple[Path, Ran]) -> None:
    assert [f["message"].split()[2] for f in built[1].findings("image-animated")] == ["moving.gif"]


def test_every_picture_is_on_the_web_with_its_size(built: tuple[Path, Ran]) -> None:
    images = images_of_page(built[0])
    assert len(images) == len(FILES) + 5
    for image in images:
        assert (built[0] / "html" / image.get("src")).is_file()
        assert int(image.get("width")) > 0 and int(image.get("height")) > 0
    assert [image.get("loading") for image in images] == [None, *["lazy"] * (len(images) - 1)]


def test_a_large_picture_has_smaller_copies_for_the_web(built: tuple[Path, Ran]) -> None:
    phone = images_of_page(built[0])[0]
    names = [part.split() for part in phone.get("srcset").split(", ")]
    assert [width for _name, width in names] == ["800w", "1600w", "2600w"]
    for name, width in names:
        assert opened(built[0] / "html" / name).width == int(width[:-1])


def test_pictures_with_no_text_between_them_form_a_row(built: tuple[Path, Ran]) -> None:
    rows = html.parse(built[0] / "html" / "a.html").xpath('//p[contains(@class, "image-row")]')
    assert [len(row.findall("img")) for row in rows] == [2]


def test_a_width_in_percent_is_read(built: tuple[Path, Ran]) -> None:
    half = next(image for image in images_of_page(built[0]) if image.get("alt") == "Half of the width")
    assert "50%" in half.get("style")


def test_every_picture_is_in_the_pdf_at_a_good_resolution(built: tuple[Path, Ran]) -> None:
    listed = subprocess.run(
        [need("pdfimages"), "-list", next(built[0].glob("*.pdf"))], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split() for line in listed.splitlines()[2:]]
    resolutions = [int(row[12]) for row in rows if row[2] == "image" and row[0] != "1"]
    assert len(resolutions) == len(FILES) - 3 + 4  # three are drawings, the dark one is left out
    assert min(resolutions) >= 109 and max(resolutions) <= 420
    text = subprocess.run(["pdftotext", next(built[0].glob("*.pdf")), "-"], capture_output=True, text=True).stdout
    assert "The last words." in text and "A pointer" in text


def test_no_format_contains_the_name_of_the_cameras_owner(built: tuple[Path, Ran]) -> None:
    assert OWNER.encode() in FILES["phone.jpg"]
    for path in built[0].rglob("*"):
        if path.is_file() and ".cache" not in path.parts:
            assert OWNER.encode() not in path.read_bytes(), path
        if path.suffix in (".epub", ".docx", ".zip"):
            with zipfile.ZipFile(path) as archive:
                assert not [name for name in archive.namelist() if OWNER.encode() in archive.read(name)], path


def test_the_epub_and_the_docx_contain_the_pictures(built: tuple[Path, Ran]) -> None:
    for suffix, folder in (("epub", "EPUB/media/"), ("docx", "word/media/")):
        with zipfile.ZipFile(next(built[0].glob(f"*.{suffix}"))) as archive:
            names = [name for name in archive.namelist() if name.startswith(folder)]
            widths = [Image.open(io.BytesIO(archive.read(name))).width for name in names if not name.endswith(".svg")]
        assert len(names) >= len(FILES) - 1 and max(widths) <= 2600
    with zipfile.ZipFile(next(built[0].glob("*.epub"))) as archive:
        pages = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xhtml"))
    assert "For dark screens" not in re.sub(r"\s+", " ", pages) and "For light screens" in pages


def test_the_cover_is_shown_whatever_its_colors(built: tuple[Path, Ran]) -> None:
    assert opened(built[0] / "html" / "_static" / "book-cover.jpg").mode == "RGB"
    first = subprocess.run(
        [need("pdfimages"), "-list", "-l", "1", next(built[0].glob("*.pdf"))], capture_output=True, text=True
    ).stdout
    assert len(first.splitlines()) == 3
