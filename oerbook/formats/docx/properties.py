"""Write the properties of a DOCX: what Word shows under File, Info; its rights, edition and numbers among them."""

from __future__ import annotations

from lxml import etree

from oerbook.licensing.spdx import find_license
from oerbook.metadata.copyright_page import holder_line
from oerbook.model.book import Book

CUSTOM_FILE = "docProps/custom.xml"
PROPERTIES_NS = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
TYPES_NS = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # of custom properties
FIRST_ID = 2  # smaller numbers are reserved


def custom_properties(book: Book, epoch: int) -> bytes:
    """Return the file of custom properties."""
    license_ = find_license(book.license) if book.license else None
    values = {
        "Subtitle": book.subtitle,
        "Edition": book.edition,
        "Publisher": book.publisher,
        "Rights": holder_line(book, epoch),
        "License": f"{license_.name} ({license_.spdx})" if license_ else "",
        "License URL": license_.url if license_ else "",
        "Source": "; ".join(work.source or work.title for work in book.reused_works),
        "ISBN": book.isbn,
        "DOI": book.doi,
        "URL": book.url or book.repository,
    }
    root = etree.Element(f"{{{PROPERTIES_NS}}}Properties", nsmap={"cp": PROPERTIES_NS, "vt": TYPES_NS})
    filled = [(name, value) for name, value in values.items() if value]
    for number, (name, value) in enumerate(filled, start=FIRST_ID):
        item = etree.SubElement(root, f"{{{PROPERTIES_NS}}}property", fmtid=FORMAT_ID, pid=str(number), name=name)
        etree.SubElement(item, f"{{{TYPES_NS}}}lpwstr").text = value
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
