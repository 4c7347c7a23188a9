"""Parse XML of strangers: no entities of its own, no network, no other files."""

from __future__ import annotations

from lxml import etree

from oerbook.errors import OerbookError
from oerbook.model.untyped import XmlElement


def parse_xml(data: bytes, name: str, *, lenient: bool = False) -> XmlElement:
    """Return the root element of an XML file; with `lenient`, of a damaged one as far as it can be read.

    Raises OerbookError if it is not well-formed or declares entities.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=lenient, remove_pis=True
    )
    try:
        root: XmlElement = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise OerbookError(f"{name} is no valid XML: {error}", hint="Export it again.") from error
    if root is None:
        raise OerbookError(f"{name} is empty", hint="Export it again.")
    document_type = root.getroottree().docinfo.internalDTD
    if document_type is not None and any(True for _entity in document_type.iterentities()):
        raise OerbookError(f"{name} declares entities, which are not read", hint="Export it again without a DTD.")
    return root
