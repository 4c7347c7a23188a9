"""Read the posts of a WXR file: what they are, where they belong, their texts and facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from oerbook.model.untyped import XmlElement

SHOWN_STATES = frozenset(["publish", "web-only", "private", "inherit"])


@dataclass(frozen=True, slots=True)
class Post:
    """A post: its kind (chapter, part, attachment …), tree, text, and facts by key."""

    identifier: str
    kind: str
    title: str
    slug: str
    link: str
    status: str
    parent: str
    order: int
    text: str
    attachment_url: str
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # names by taxonomy

    def fact(self, *keys: str) -> str:
        """Return the first value of the first of these facts that has one, without white space around it."""
        return next((v.strip() for key in keys for v in self.facts.get(key, ()) if v.strip()), "")


@dataclass(frozen=True, slots=True)
class Export:
    """An export: the site's title, addresses and language, all posts, and contributors by slug."""

    title: str
    site_url: str
    language: str
    posts: tuple[Post, ...]
    contributors: Mapping[str, Contributor]

    def of_kind(self, kind: str, parent: str = "") -> list[Post]:
        """Return the posts of a kind in their order, if `parent` is given those below it."""
        found = [p for p in self.posts if p.kind == kind and (not parent or p.parent == parent)]
        return sorted(found, key=lambda post: post.order)

    @property
    def metadata(self) -> Post | None:
        """The post that holds the facts of the book."""
        return next(iter(self.of_kind("metadata")), None)


@dataclass(frozen=True, slots=True)
class Contributor:
    """A person whom the book names."""

    name: str
    website: str = ""
    biography: str = ""


def read_export(root: XmlElement) -> Export:
    """Return the posts of a parsed WXR file."""
    channel = root.find(".//channel")
    holder = root if channel is None else channel
    contributors = dict(_read_contributors(holder))
    posts = tuple(_read_post(item) for item in holder.iter("item"))
    site = _text(holder, "base_blog_url") or _text(holder, "link")
    return Export(_text(holder, "title"), site, _text(holder, "language"), posts, contributors)


def _read_contributors(channel: XmlElement) -> list[tuple[str, Contributor]]:
    found = []
    for term in channel.iter("term"):
        if _text(term, "term_taxonomy") != "contributor":
            continue
        facts = {_text(meta, "meta_key"): _text(meta, "meta_value") for meta in term.iter("termmeta")}
        parts = [facts.get(f"contributor_{part}", "") for part in ("prefix", "first_name", "last_name", "suffix")]
        name = _text(term, "term_name") or " ".join(part for part in parts if part)
        biography = facts.get("contributor_description", "")
        found.append((_text(term, "term_slug"), Contributor(name, facts.get("contributor_user_url", ""), biography)))
    return found


def _read_post(item: XmlElement) -> Post:
    facts: dict[str, list[str]] = {}
    for meta in item.iter("postmeta"):
        facts.setdefault(_text(meta, "meta_key"), []).append(_text(meta, "meta_value"))
    terms: dict[str, list[str]] = {}
    for category in item.iter("category"):
        terms.setdefault(category.get("domain") or "", []).append(" ".join((category.text or "").split()))
    order = _text(item, "menu_order")
    return Post(
        _text(item, "post_id"),
        _text(item, "post_type"),
        _text(item, "title"),
        _text(item, "post_name") or _text(item, "post_id"),
        _text(item, "link"),
        _text(item, "status"),
        _text(item, "post_parent"),
        int(order) if order.lstrip("-").isdigit() else 0,
        next((element.text or "" for element in item.iter("encoded")), ""),
        _text(item, "attachment_url"),
        {key: tuple(values) for key, values in facts.items()},
        {key: tuple(values) for key, values in terms.items()},
    )


def _text(element: XmlElement, tag: str) -> str:
    child = element.find(tag)
    return (child.text or "").strip() if child is not None else ""


def read_names(post: Post | None, export: Export, *keys: str) -> list[str]:
    """Return the people of a post: slugs of contributors, or names."""
    values: Sequence[str] = [v for key in keys for v in (post.facts.get(key, ()) if post else ())]
    names = []
    for value in values:
        if value in export.contributors:
            names.append(export.contributors[value].name)
        elif value:
            names += [part.strip() for part in value.replace(" and ", ", ").split(",") if part.strip()]
    return list(dict.fromkeys(name for name in names if "@" not in name))
