"""Citations in Sphinx: roles, nodes and lists; `citations` reads the works and formats them."""
