"""Accessibility metadata of the package, from what the build measured (https://www.w3.org/TR/epub-a11y-11/).

Conformance is claimed only if a person certified it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from lxml import etree

from oerbook.images.raster import has_animation
from oerbook.manuscript.manuscript import Manuscript
from oerbook.markup.namespaces import OPF_NS
from oerbook.metadata.accessibility import claim_sentence, summary_sentences

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

ALWAYS_PRESENT = (
    "tableOfContents",
    "readingOrder",
    "structuralNavigation",
    "displayTransformability",
    "pageNavigation",
    "pageBreakMarkers",
)
RASTER_IMAGE = re.compile(r"\.(gif|png|webp)$", re.I)


def add_accessibility_metadata(metadata: Element, members: Mapping[str, bytes], manuscript: Manuscript) -> None:
    """Add what the book offers and what it needs to the metadata of its package."""
    pages = b"".join(data for name, data in members.items() if name.endswith(".xhtml"))
    has_images, has_math = b"<img" in pages, b"<math" in pages
    described = not manuscript.accessibility.undescribed_pictures and not re.search(rb'<img[^>]*alt=""', pages)
    has_video, has_sound = b"<video" in pages, b"<audio" in pages
    modes = ["textual", *(["visual"] if has_images or has_video else [])]
    modes += ["auditory"] if has_video or has_sound else []
    rows = [("schema:accessMode", mode) for mode in modes]
    is_text_enough = (described or not has_images) and not (has_video or has_sound)
    rows.append(("schema:accessModeSufficient", "textual" if is_text_enough else ",".join(modes)))
    rows.append(("pageBreakSource", "none"))
    has_index = any(section.slug == "genindex" for section in manuscript.sections)
    features = [*ALWAYS_PRESENT, *(["MathML", "describedMath"] if has_math else []), *(["index"] if has_index else [])]
    features += ["alternativeText"] if described else []
    features += ["captions"] if b'kind="captions"' in pages else []
    rows += [("schema:accessibilityFeature", feature) for feature in features]
    rows.append(("schema:accessibilityHazard", "unknown" if has_video or _moves(members) else "none"))
    rows.append(("schema:accessibilitySummary", " ".join(_summary(manuscript))))
    for name, value in rows:
        etree.SubElement(metadata, f"{{{OPF_NS}}}meta", property=name).text = value
    _add_claim(metadata, manuscript)


def _summary(manuscript: Manuscript) -> Iterator[str]:
    language = manuscript.book.language
    yield from summary_sentences(language, manuscript.accessibility)
    yield claim_sentence(language, manuscript.book.settings.accessibility)


def _add_claim(metadata: Element, manuscript: Manuscript) -> None:
    claim = manuscript.book.settings.accessibility
    if not claim.is_certified:
        return
    standard = etree.SubElement(metadata, f"{{{OPF_NS}}}meta", property="dcterms:conformsTo", id="conformance")
    standard.text = f"EPUB Accessibility 1.1 - {claim.conforms_to}"
    refines = {"property": "a11y:certifiedBy", "refines": "#conformance"}
    etree.SubElement(metadata, f"{{{OPF_NS}}}meta", refines).text = claim.certified_by
    if claim.report:
        link = {"rel": "a11y:certifierReport", "refines": "#conformance", "href": claim.report}
        etree.SubElement(metadata, f"{{{OPF_NS}}}link", link)


def _moves(members: Mapping[str, bytes]) -> bool:
    """Return whether a picture moves, so that nobody knows whether it flashes."""
    drawings = (data for name, data in members.items() if name.endswith(".svg"))
    images = (data for name, data in members.items() if RASTER_IMAGE.search(name))
    return any(b"<animate" in data or b"@keyframes" in data for data in drawings) or any(map(has_animation, images))
