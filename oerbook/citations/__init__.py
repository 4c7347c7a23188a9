"""Citations: read bibliographies and citation styles; format citations and lists with pandoc. No Sphinx."""
