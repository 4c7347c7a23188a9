"""XML namespaces of Word files and EPUBs; those in braces are put before a tag, as lxml writes it."""

WORD_NAMESPACE_URI = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WORD_NAMESPACE = f"{{{WORD_NAMESPACE_URI}}}"
MATH_NAMESPACE = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
RELATIONSHIPS_NAMESPACE_URI = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONSHIPS_NAMESPACE = f"{{{RELATIONSHIPS_NAMESPACE_URI}}}"
RELATIONSHIPS_PART_NAMESPACE_URI = "http://schemas.openxmlformats.org/package/2006/relationships"
SPACE_ATTRIBUTE = "{http://www.w3.org/XML/1998/namespace}space"
XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
XHTML_NS = "http://www.w3.org/1999/xhtml"
EPUB_NS = "http://www.idpf.org/2007/ops"
OPF_NS = "http://www.idpf.org/2007/opf"
