"""Names for values of any type, which only their file or author decides.

They are the one place outside `document/` and `tools/` that names `Any`.
"""

from __future__ import annotations

from typing import Any, TypeAlias

Json: TypeAlias = Any  # a value of a JSON file or of pandoc's tree: dict, list, str, int, float, bool or None
Yaml: TypeAlias = Any  # a value of a YAML file; dates too
Toml: TypeAlias = Any  # a value of a TOML file; dates too
Pickled: TypeAlias = Any  # a value that goes through pickle: to another process or into the cache
MathmlNode: TypeAlias = Any  # an element of lxml in a tree of ours, which has the text or children it must have
XmlElement: TypeAlias = Any  # an element of lxml
WikiNode: TypeAlias = Any  # a node of mwparserfromhell, of any kind
