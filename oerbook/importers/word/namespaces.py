"""Names of elements in WordprocessingML (ISO/IEC 29500-1)."""

from __future__ import annotations

W_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT_W_NAMESPACE = "http://purl.oclc.org/ooxml/wordprocessingml/main"
M_NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/math"


def w(name: str) -> str:
    """Return the name of an element or attribute in the main namespace, as lxml writes it.

    >>> w("p")
    '{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p'
    """
    return f"{{{W_NAMESPACE}}}{name}"
