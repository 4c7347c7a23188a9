"""Write authors, rights and license into the XMP metadata of a PDF.

Terms of Creative Commons: https://wiki.creativecommons.org/wiki/XMP. PDF/A needs a description of their namespace.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from xml.sax.saxutils import escape

import pikepdf

from oerbook.licensing.spdx import find_license
from oerbook.licensing.terms import LicenseFamily, parse_terms
from oerbook.metadata.attributions import license_label
from oerbook.metadata.bylines import author_line, author_names
from oerbook.metadata.labels import book_identifier
from oerbook.model.book import Book
from oerbook.text.translations import translate

CC_PROPERTIES = {"license": "URI", "attributionName": "Text", "attributionURL": "URI"}
NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" '
    'xmlns:cc="http://creativecommons.org/ns#"'
)
END_OF_SCHEMAS, END_OF_RDF = "</rdf:Bag></pdfaExtension:schemas>", "</rdf:RDF>"


def add_rights_metadata(pdf_data: bytes, book: Book) -> bytes:
    """Return a PDF whose XMP metadata name its authors one by one, its publisher, its rights and its license."""
    with pikepdf.open(io.BytesIO(pdf_data)) as pdf:
        xmp = pdf.Root.Metadata.read_bytes().decode()
        pdf.Root.Metadata.write(complete_xmp(xmp, book).encode())
        output = io.BytesIO()
        pdf.save(output, deterministic_id=True)
    return output.getvalue()


def complete_xmp(xmp: str, book: Book) -> str:
    """Return an XMP packet with what a book says of its rights."""
    start, end = xmp.find("<dc:creator>"), xmp.find("</dc:creator>")
    if start >= 0 and author_names(book):
        xmp = xmp[:start] + f"<dc:creator>{_array('Seq', author_names(book))}" + xmp[end:]
    properties = "".join(_properties(book))
    if "<cc:" in properties:
        xmp = xmp.replace(END_OF_SCHEMAS, f"{_schema_description()}{END_OF_SCHEMAS}", 1)
    description = f'<rdf:Description rdf:about="" {NAMESPACES}>{properties}</rdf:Description>'
    return xmp.replace(END_OF_RDF, f"{description}{END_OF_RDF}", 1)


def _properties(book: Book) -> Iterator[str]:
    yield f"<dc:identifier>{escape(book_identifier(book, 'pdf'))}</dc:identifier>"
    if book.publisher:
        yield f"<dc:publisher>{_array('Bag', [book.publisher])}</dc:publisher>"
    sources = [work.source or work.title for work in book.reused_works]
    if sources:
        yield f"<dc:source>{escape('; '.join(sources))}</dc:source>"
    license_ = find_license(book.license) if book.license else None
    if license_ is None:
        return
    template = translate(book.language, "Except where otherwise noted, this book is licensed under {license}.")
    terms = template.format(license=f"{license_label(license_.spdx)} ({license_.url})")
    yield f"<dc:rights>{_text(terms)}</dc:rights>"
    is_public_domain = parse_terms(license_.spdx).family is LicenseFamily.PUBLIC_DOMAIN
    yield f"<xmpRights:Marked>{not is_public_domain}</xmpRights:Marked>"
    page = f"{book.url.rstrip('/')}/copyright-page.html" if book.url else license_.url
    yield f"<xmpRights:WebStatement>{escape(page)}</xmpRights:WebStatement>"
    yield f"<xmpRights:UsageTerms>{_text(terms)}</xmpRights:UsageTerms>"
    if license_.url:
        yield f"<cc:license>{escape(license_.url)}</cc:license>"
    if author_names(book):
        yield f"<cc:attributionName>{escape(author_line(book))}</cc:attributionName>"
    if book.url or book.repository:
        yield f"<cc:attributionURL>{escape(book.url or book.repository)}</cc:attributionURL>"


def _text(text: str) -> str:
    return f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(text)}</rdf:li></rdf:Alt>'


def _array(kind: str, items: list[str]) -> str:
    return f"<rdf:{kind}>{''.join(f'<rdf:li>{escape(item)}</rdf:li>' for item in items)}</rdf:{kind}>"


def _schema_description() -> str:
    """Return the description of the Creative Commons namespace that PDF/A asks for (ISO 19005-2, 6.6.2.3.3)."""
    rows = "".join(
        '<rdf:li rdf:parseType="Resource"><pdfaProperty:category>external</pdfaProperty:category>'
        f"<pdfaProperty:description>{name}</pdfaProperty:description><pdfaProperty:name>{name}</pdfaProperty:name>"
        f"<pdfaProperty:valueType>{kind}</pdfaProperty:valueType></rdf:li>"
        for name, kind in CC_PROPERTIES.items()
    )
    return (
        '<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Creative Commons</pdfaSchema:schema>'
        "<pdfaSchema:namespaceURI>http://creativecommons.org/ns#</pdfaSchema:namespaceURI>"
        "<pdfaSchema:prefix>cc</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{rows}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )
