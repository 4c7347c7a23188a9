"""Parsing of pages, notebooks, bibliographies and generated pages."""
