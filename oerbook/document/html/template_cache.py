"""Keep compiled templates between runs. They are code, so only those that oerbook signed are loaded."""

from __future__ import annotations

from jinja2.bccache import Bucket, BytecodeCache

from oerbook.storage.cache import Cache

CACHE_KIND = "templates"


class TemplateCache(BytecodeCache):
    """Compiled templates in the cache of a build."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load a compiled template if the cache has it; a template that changed since is compiled again."""
        data = self._cache.get_bytes(CACHE_KIND, bucket.key)
        if data is not None:
            bucket.bytecode_from_string(data)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Store a compiled template."""
        self._cache.put_bytes(CACHE_KIND, bucket.key, bucket.bytecode_to_string())
