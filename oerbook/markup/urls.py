"""Check URLs against an allow-list of schemes."""

from __future__ import annotations

import re

from oerbook.text.characters import IGNORED_IN_URLS

URL_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
GITHUB_OWNER_AND_REPOSITORY = re.compile(r"[\w-]{1,39}/[\w.-]{1,100}", re.ASCII)
GITHUB_ACCOUNT = re.compile(r"[\w-]{1,39}(?:\[bot\])?", re.ASCII)
EMAIL_ADDRESS = re.compile(r"[^\s@<>()]+\s?[@\uff20\ufe6b]\s?[\w-]+(?:\.[\w-]+)*")
LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel", "doi"})
HOST = re.compile(r"(?:[^@\s]*@)?(?:\[[0-9a-f:.]+\]|[\w-]+(?:\.[\w-]+)*\.?)(?::\d{0,5})?", re.I)
WEB_URL = re.compile(r"https?://[^\s\"'<>\\^`{|}\x00-\x20\x7f]+", re.I)


def url_scheme(uri: str) -> str:
    """Return a URL's scheme as a browser reads it, in lower case, or "".

    >>> url_scheme("java\\tscript:x"), url_scheme("VSCode://x"), url_scheme("soil.html#a:b"), url_scheme("1:2")
    ('javascript', 'vscode', '', '')
    """
    match = URL_SCHEME.match(IGNORED_IN_URLS.sub("", uri).lower())
    return match[1] if match else ""


def is_link_target(uri: str) -> bool:
    """Return whether a link may point to a URI: relative, or with an allowed scheme.

    >>> is_link_target("soil.html#a:b"), is_link_target("https://example.org"), is_link_target("data:text/html,x")
    (True, True, False)
    """
    scheme = url_scheme(uri)
    return not scheme or scheme in LINK_SCHEMES


def has_valid_host(uri: str) -> bool:
    """Return whether a web address names a host that can exist; other addresses have none to check.

    >>> has_valid_host("https://example.org:80/a"), has_valid_host("http://example.org%5C"), has_valid_host("http:///a")
    (True, False, False)
    """
    if url_scheme(uri) not in ("http", "https"):
        return True
    rest = uri.partition(":")[2]
    return rest.startswith("//") and HOST.fullmatch(re.split(r"[/?#]", rest[2:], maxsplit=1)[0]) is not None


def to_web_url(text: str) -> str:
    """Return a web address without spaces around it, "" for anything else.

    A host without dots or with user name and password is no address for readers.

    >>> to_web_url(" https://example.org/a?b#c ")
    'https://example.org/a?b#c'
    >>> to_web_url("javascript://example.org/%0aalert(1)"), to_web_url("example.org")
    ('', '')
    >>> to_web_url("https://user:secret@example.org/"), to_web_url("//example.org")
    ('', '')
    """
    text = text.strip()
    if not WEB_URL.fullmatch(text):
        return ""
    authority = re.split(r"[/?#]", text.partition("//")[2], maxsplit=1)[0]
    return "" if "@" in authority or not authority.strip(".:") else text


def to_repository_url(name: str) -> str:
    """Return the address of a repository, given as an address or as owner/name on GitHub; "" for anything else.

    >>> to_repository_url("ada/soil"), to_repository_url("https://gitlab.com/a/b/"), to_repository_url("javascript://a/%0aalert(1)")
    ('https://github.com/ada/soil', 'https://gitlab.com/a/b/', '')
    """
    return (
        f"https://github.com/{name.strip()}"
        if GITHUB_OWNER_AND_REPOSITORY.fullmatch(name.strip())
        else to_web_url(name)
    )


def to_github_account(name: str) -> str:
    """Return the name of a GitHub account, given as a name or an address; "" for anything else.

    >>> to_github_account("@adal"), to_github_account("https://github.com/adal/"), to_github_account("javascript://x")
    ('adal', 'adal', '')
    """
    account = re.sub(r"^https?://(?:www\.)?github\.com/", "", name.strip()).strip("/@")
    return account if GITHUB_ACCOUNT.fullmatch(account) else ""


def has_email_address(text: str) -> bool:
    """Return whether there is an e-mail address in a text.

    >>> has_email_address("Ada Lee"), has_email_address("ada@example.org"), has_email_address("@adal")
    (False, True, False)
    """
    return EMAIL_ADDRESS.search(text) is not None
