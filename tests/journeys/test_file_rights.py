"""Each file says inside whose it is and on what terms; other programs read it back."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from tests.conftest import need, oerbook, write
from tests.journeys.test_attributions import data_block

pytestmark = pytest.mark.slow
INDEX = """---
title: Soil & Water
authors: [Ada Lee, The Soil Community]
publisher: Open Press
edition: Second edition
date: 2026-05-04
license: CC-BY-4.0
url: https://soil.example/book
isbn: {epub: 978-3-16-148410-0, paperback: 978-0-306-40615-7}
series: Open soils
issn: 2049-3630
contributors:
  - name: Eva Roe
    roles: [Visualization]
sources:
  - title: Old soil
    authors: Ida Berg
    source: https://old.example/
    license: CC-BY-3.0
    relation: adapted
    changes: shortened
---
# Soil & Water

Welcome.
"""
TERMS = "Except where otherwise noted, this book is licensed under CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)."


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = {"chapters/index.md": INDEX, "chapters/01-sand.md": "# Sand\n\nSand.\n"}
    root = write(tmp_path_factory.mktemp("rights"), files)
    assert oerbook("build", "html", "epub", "pdf", "docx", "-C", root).code == 0
    return root / "_build"


def file_in(built: Path, kind: str) -> Path:
    return next(built.glob(f"*.{kind}"))


def test_exiftool_reads_the_rights_of_the_pdf(built: Path) -> None:
    need("exiftool")
    need("exiftool")
    ran = subprocess.run(["exiftool", "-j", "-a", "-G1", file_in(built, "pdf")], capture_output=True, check=True)
    facts = json.loads(ran.stdout)[0]
    assert facts["XMP-dc:Creator"] == ["Ada Lee", "The Soil Community"]
    assert facts["XMP-dc:Rights"] == facts["XMP-xmpRights:UsageTerms"] == TERMS
    assert facts["XMP-xmpRights:Marked"] is True
    assert facts["XMP-xmpRights:WebStatement"] == "https://soil.example/book/copyright-page.html"
    assert facts["XMP-cc:License"] == "https://creativecommons.org/licenses/by/4.0/"
    assert facts["XMP-cc:AttributionName"] == "Ada Lee and The Soil Community"
    assert facts["XMP-dc:Source"] == "https://old.example/"
    assert (facts["XMP-pdfuaid:Part"], facts["XMP-pdfaid:Part"]) == (1, 2)
    assert not facts["XMP-dc:Identifier"].startswith("urn:isbn"), "the ISBN of paper is not that of the PDF"


def test_the_package_of_the_epub_names_rights_source_and_its_own_isbn(built: Path) -> None:
    with zipfile.ZipFile(file_in(built, "epub")) as archive:
        package = etree.fromstring(archive.read("EPUB/content.opf"))
    values = {}
    for element in package.iterfind(".//{http://purl.org/dc/elements/1.1/}*"):
        values.setdefault(etree.QName(element).localname, []).append(element.text)
    assert values["identifier"] == ["urn:isbn:9783161484100"]
    assert values["rights"] == ["Creative Commons Attribution 4.0 International (CC-BY-4.0)"]
    assert values["source"] == ["Old soil. Ida Berg. https://old.example/"]
    assert values["creator"] == ["Ada Lee", "The Soil Community"]


def test_word_shows_license_edition_and_publisher_among_its_properties(built: Path) -> None:
    with zipfile.ZipFile(file_in(built, "docx")) as archive:
        root = etree.fromstring(archive.read("docProps/custom.xml"))
    facts = {item.get("name"): "".join(item.itertext()) for item in root}
    assert facts["License URL"] == "https://creativecommons.org/licenses/by/4.0/"
    assert (facts["Edition"], facts["Publisher"], facts["Source"]) == (
        "Second edition",
        "Open Press",
        "https://old.example/",
    )
    assert facts["Rights"] == "© 2026 Ada Lee and The Soil Community"


def test_linked_data_name_sources_roles_series_and_an_isbn_for_each_format(built: Path) -> None:
    node = json.loads(data_block(built.parent, "index"))
    assert node["isBasedOn"] == [
        {"@type": "CreativeWork", "name": "Old soil", "url": "https://old.example/", "creditText": "Ida Berg"}
    ]
    assert node["isPartOf"] == {"@type": "BookSeries", "name": "Open soils", "issn": "2049-3630"}
    assert [(one["bookFormat"], one["isbn"]) for one in node["workExample"]] == [
        ("https://schema.org/Paperback", "9780306406157"),
        ("https://schema.org/EBook", "9783161484100"),
    ]
    roles = [one for one in node["contributor"] if one["@type"] == "Role"]
    assert {one["contributor"]["name"]: one["roleName"] for one in roles} == {
        "The Soil Community": "Writing – original draft",
        "Ada Lee": "Writing – original draft",
        "Eva Roe": "Visualization",
    }


def test_the_site_has_a_sitemap_and_a_card_that_is_the_same_each_time(built: Path) -> None:
    card = (built / "html/card.png").read_bytes()
    with Image.open(built / "html/card.png") as image:
        assert image.size == (1200, 630)
    page = (built / "html/sand.html").read_text(encoding="utf-8")
    assert '<meta property="og:image" content="https://soil.example/book/card.png">' in page
    sitemap = (built / "html/sitemap.xml").read_text(encoding="utf-8")
    assert "<loc>https://soil.example/book/</loc>" in sitemap
    assert "<loc>https://soil.example/book/sand.html</loc>" in sitemap
    again = oerbook("build", "html", "-C", built.parent, "--out", built.parent / "again")
    assert again.code == 0
    assert (built.parent / "again/html/card.png").read_bytes() == card


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("isbn: {epub: 978-3-16-148410-1}", "does not match the others"),
        ("isbn: {brochure: 978-3-16-148410-0}", "is not one of hardcover"),
        ("issn: 2049-3631", "does not match the others"),
        ("accessibility: {conforms_to: AAA}", "is not a level of WCAG"),
    ],
)
def test_a_wrong_number_is_reported(tmp_path: Path, line: str, message: str) -> None:
    write(tmp_path, {"chapters/index.md": f"---\ntitle: T\nlicense: CC-BY-4.0\n{line}\n---\n# T\n\nText.\n"})
    found = oerbook("check", "-C", tmp_path, "--format", "json").findings("front-matter-value")
    assert [message in finding["message"] for finding in found] == [True]


def test_a_license_up_to_version_3_requires_the_title(tmp_path: Path) -> None:
    sources = "".join(
        f"  - authors: Bo\n    source: https://{version[0]}.example\n    license: CC-BY-{version}\n"
        for version in ("3.0", "4.0")
    )
    write(tmp_path, {"chapters/index.md": f"---\ntitle: T\nlicense: CC-BY-4.0\nsources:\n{sources}---\n# T\n\nText.\n"})
    found = oerbook("check", "-C", tmp_path, "--format", "json").findings("source-incomplete")
    assert [finding["message"] for finding in found] == [
        "the license CC-BY-3.0 of https://3.example requires its title, which is not given"
    ]
