"""What people did, in the words of the catalogues: MARC relators and the contributor roles of CRediT.

Sources: the MARC code list for relators (id.loc.gov/vocabulary/relators), ANSI/NISO Z39.104-2022 (credit.niso.org).
"""

from __future__ import annotations

from collections.abc import Iterable

MARC = {
    "author": "aut",
    "editor": "edt",
    "translator": "trl",
    "illustrator": "ill",
    "photographer": "pht",
    "designer": "bkd",
    "reviewer": "rev",
    "proofreader": "pfr",
    "programmer": "prg",
    "compiler": "com",
    "annotator": "ann",
    "adapter": "adp",
    "consultant": "csl",
    "funder": "fnd",
    "publisher": "pbl",
}
CREDIT = {
    "Conceptualization": "csl",
    "Data curation": "ctb",
    "Formal analysis": "ctb",
    "Funding acquisition": "fnd",
    "Investigation": "ctb",
    "Methodology": "ctb",
    "Project administration": "ctb",
    "Resources": "ctb",
    "Software": "prg",
    "Supervision": "csl",
    "Validation": "rev",
    "Visualization": "ill",
    "Writing – original draft": "aut",
    "Writing – review & editing": "edt",
}
SAME = {
    "author": "Writing – original draft",
    "editor": "Writing – review & editing",
    "reviewer": "Validation",
    "proofreader": "Writing – review & editing",
    "illustrator": "Visualization",
    "translator": "Writing – original draft",
}


def credit_role(role: str) -> str:
    """Return a role as CRediT calls it, or "" where it has no word for it.

    >>> credit_role("writing - original draft"), credit_role("helper")
    ('Writing – original draft', '')
    """
    plain = {_plain(name): name for name in CREDIT}
    return plain.get(_plain(role)) or SAME.get(role.casefold(), "")


def _plain(role: str) -> str:
    return "".join(sign for sign in role.casefold() if sign.isalpha())


def relators(roles: Iterable[str], author: bool) -> tuple[str, ...]:
    """Return MARC relators for roles: "aut" only for those who count as authors, "ctb" where nothing else fits.

    >>> relators(["author", "reviewer"], author=False)
    ('ctb', 'rev')
    """
    found: list[str] = ["aut"] if author else []
    for role in roles:
        code = MARC.get(role.casefold()) or CREDIT.get(credit_role(role), "ctb")
        code = "ctb" if code == "aut" and not author else code
        if code not in found:
            found.append(code)
    return tuple(found if found != ["ctb"] else ["ctb"]) or ("ctb",)
