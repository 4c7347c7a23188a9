"""Change the targets of images in pandoc's tree."""

from __future__ import annotations

from collections.abc import Mapping

from oerbook.model.untyped import Json


def rename_images(value: Json, paths: Mapping[str, str]) -> Json:
    """Return a value of pandoc's tree whose images have new targets."""
    if isinstance(value, list):
        return [rename_images(item, paths) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("t") == "Image":
        attributes, alt, (target, title) = value["c"]
        return {"t": "Image", "c": [attributes, rename_images(alt, paths), [paths.get(target, target), title]]}
    return {key: rename_images(content, paths) for key, content in value.items()}
