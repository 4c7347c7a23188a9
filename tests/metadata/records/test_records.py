"""Each record is valid for the program that reads it, and holds what the book says."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pymarc
import pytest
import yaml
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.bibtex import BibTeX
from citeproc.source.json import CiteProcJSON
from onixcheck import validate
from pyld import jsonld

from oerbook.licensing.spdx import find_license
from oerbook.metadata.records import RECORDS
from oerbook.metadata.records.facts import Agent, BookFacts, ChapterFacts, collect_facts
from oerbook.model.book import Book, Chapter, ReusedWork
from oerbook.model.people import NamedPerson
from oerbook.storage.archive import MIN_ZIP_TIMESTAMP
from tests.conftest import ROOT

SCHEMAS = Path(__file__).parent / "schemas"
ADA = Agent("Ada King Lovelace", "Ada King", "Lovelace", "0000-0002-1825-0097", ("Field & Sons",))
GROUP = Agent("The {Soil} Community", is_group=True)
VOLTAIRE = Agent("Voltaire")
LICENSE = find_license("CC-BY-SA-4.0")
FULL = BookFacts(
    title="Soil & Water: 100 % <new>",
    subtitle="A #1 guide",
    description="What soil is; “why” it matters & how.",
    language="pt-BR",
    date="2026-09-01",
    identifier="urn:isbn:9783161484100",
    creators=(GROUP, ADA, VOLTAIRE),
    contributors=(
        (Agent("Bo Li", "Bo", "Li"), "edt"),
        (ADA, "ill"),
        (Agent("Cy"), "rev"),
        (Agent("Di Wu", "Di", "Wu"), "trl"),
    ),
    editors=(Agent("Bo Li", "Bo", "Li"),),
    license=LICENSE,
    is_free=True,
    publisher="Field Press",
    publisher_place="Lund",
    edition="2nd edition",
    isbn="9783161484100",
    doi="10.5281/zenodo.1234567",
    url="https://soil.example/book",
    repository="https://github.com/soil/book",
    keywords=("soil", "água"),
    subject="Soil science",
    chapters=(
        ChapterFacts("Soil_1", "part/soil", "https://soil.example/book/part/soil.html", (ADA,), LICENSE, "pt-BR"),
    ),
    works=(ReusedWork("Old soils", "Ida", "https://old.example", "CC-BY-4.0", relation="adapted"),),
)
BARE = BookFacts("Soil", "", "", "en", "2026-01-02", "urn:uuid:2b0d7a2c-8f0e-5d0a-9d38-0c4cf0a5b6a1")
UNDATED = replace(BARE, date="")
BOOKS = pytest.mark.parametrize("facts", [FULL, BARE, UNDATED], ids=["full", "bare", "undated"])


@BOOKS
@pytest.mark.parametrize("kind", RECORDS)
def test_a_record_is_the_same_each_time_and_ends_with_a_line(kind: str, facts: BookFacts) -> None:
    text = RECORDS[kind].write(facts)
    assert text == RECORDS[kind].write(facts)
    assert text.endswith("\n")
    assert facts.title.split(" ")[0] in text


def test_a_book_without_a_date_and_a_commit_has_no_year() -> None:
    book = Book(Path(), "Soil", Chapter("index", "chapters/index.md", "Soil"))
    assert collect_facts(book, MIN_ZIP_TIMESTAMP).year == ""
    assert collect_facts(book, 1_760_000_000).date == "2025-10-09"


def test_editors_and_reviewers_keep_the_orcid_id_of_the_front_matter() -> None:
    editor = NamedPerson("Bo Chan", orcid="0000-0002-1825-0097")
    book = Book(Path(), "Soil", Chapter("index", "chapters/index.md", "Soil"), editors=(editor,))
    assert [(agent.orcid, role) for agent, role in collect_facts(book, 0).contributors] == [(editor.orcid, "edt")]


@BOOKS
def test_the_citation_file_fits_its_schema(facts: BookFacts) -> None:
    schema = json.loads((SCHEMAS / "cff-1.2.0.json").read_text(encoding="utf-8"))
    text = RECORDS["cff"].write(facts)
    data = yaml.safe_load(text)
    jsonschema.Draft7Validator(schema).validate(data)
    assert "&id" not in text
    assert data["preferred-citation"]["type"] == "book"


@BOOKS
def test_the_datacite_record_fits_its_schema(facts: BookFacts) -> None:
    record = json.loads(RECORDS["datacite"].write(facts))
    assert record.get("publicationYear", "") == facts.year
    record.setdefault("publicationYear", "2026")  # it is required, and nobody registers a book before its first commit
    schema = json.loads((SCHEMAS / "datacite-4.5.json").read_text(encoding="utf-8"))
    jsonschema.Draft201909Validator(schema).validate(record)


@BOOKS
@pytest.mark.parametrize("schema", [("xsd",), ("rng",)])
def test_the_onix_record_is_valid(facts: BookFacts, schema: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "onix.xml"
    path.write_text(RECORDS["onix"].write(facts), encoding="utf-8")
    assert [error.message for error in validate(path, schemas=schema)] == []


@BOOKS
def test_the_marc_record_can_be_read_back(facts: BookFacts) -> None:
    (record,) = pymarc.parse_xml_to_array(io.BytesIO(RECORDS["marc"].write(facts).encode()))
    assert len(record["008"].data) == 40
    assert record["245"]["a"] == facts.title
    assert pymarc.Record(record.as_marc(), force_utf8=True)["245"]["a"] == facts.title
    if facts is FULL:
        assert [field.tag for field in record.get_fields("110", "700")] == [
            "110",
            "700",
            "700",
            "700",
            "700",
            "700",
            "700",
        ]
        assert record["008"].data[35:38] == "por"
        assert [f["4"] for f in record.get_fields("700") if "Li" in f["a"]] == ["edt"]


@BOOKS
def test_the_linked_data_expands_without_a_network(facts: BookFacts) -> None:
    def load(url: str, _options: Any) -> dict[str, Any]:
        assert url.startswith("https://schema.org")
        context = {"@context": {"@vocab": "https://schema.org/", "url": {"@type": "@id"}, "license": {"@type": "@id"}}}
        return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": context}

    (node,) = jsonld.expand(json.loads(RECORDS["json-ld"].write(facts)), {"documentLoader": load})
    assert node["@type"] == ["https://schema.org/Book", "https://schema.org/LearningResource"]
    if facts is FULL:
        (part,) = node["https://schema.org/hasPart"]
        assert part["https://schema.org/license"][0]["@id"] == "https://creativecommons.org/licenses/by-sa/4.0/"
        assert [author["@type"] for author in node["https://schema.org/author"]] == [
            ["https://schema.org/Organization"],
            ["https://schema.org/Person"],
            ["https://schema.org/Person"],
        ]


def cited(source: Any, key: str) -> str:
    """Return an item as a citation processor prints it."""
    style = CitationStylesStyle(str(ROOT / "oerbook" / "csl" / "apa.csl"), validate=False)
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    bibliography.register(Citation([CitationItem(key)]))
    return str(bibliography.bibliography()[0])


@pytest.mark.filterwarnings("ignore:Unsupported BibTeX field:UserWarning", "ignore:The following arguments:UserWarning")
def test_bibtex_and_csl_are_read_by_a_citation_processor() -> None:
    from_bibtex = cited(BibTeX(io.StringIO(RECORDS["bibtex"].write(FULL))), "the-soil-community-2026")
    from_json = cited(CiteProcJSON(json.loads(RECORDS["csl-json"].write(FULL))), "the-soil-community-2026")
    for shown in (from_bibtex, from_json):
        assert "Lovelace, A." in shown
        assert "2026" in shown
        assert "Soil & Water: 100 % <new>: A #1 guide" in shown
        assert "Field Press" in shown


@BOOKS
def test_ris_has_a_tag_on_each_line_and_ends_each_record(facts: BookFacts) -> None:
    lines = [line for line in RECORDS["ris"].write(facts).splitlines() if line]
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines)
    assert lines.count("ER  - ") == 1 + len(facts.chapters)


@BOOKS
def test_zenodo_gets_people_with_known_types(facts: BookFacts) -> None:
    record = json.loads(RECORDS["zenodo"].write(facts))
    known = {"Editor", "Supervisor", "Sponsor", "DataCurator", "Other"}
    assert {person["type"] for person in record.get("contributors", [])} <= known
    assert record["upload_type"] == "publication"


@pytest.mark.parametrize("kind", RECORDS)
def test_no_record_of_a_book_that_is_sold_says_that_it_is_free(kind: str) -> None:
    free, sold = (RECORDS[kind].write(facts).casefold() for facts in (FULL, replace(FULL, is_free=False)))
    claims = ("open access", "isaccessibleforfree", '"access_right": "open"')
    assert not any(claim in sold for claim in claims)
    assert any(claim in free for claim in claims) is (kind in ("json-ld", "marc", "onix", "zenodo"))
