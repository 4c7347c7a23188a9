"""Map roles to MARC relators and CRediT contributor roles.

Sources: the MARC code list for relators (id.loc.gov/vocabulary/relators), ANSI/NISO Z39.104-2022 (credit.niso.org).
"""

from __future__ import annotations

from collections.abc import Iterable

MARC_RELATORS = {
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
# CRediT role -> MARC relator.
CREDIT_ROLES = {
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
# Other role -> CRediT role.
CREDIT_ROLE_BY_NAME = {
    "author": "Writing – original draft",
    "editor": "Writing – review & editing",
    "reviewer": "Validation",
    "proofreader": "Writing – review & editing",
    "illustrator": "Visualization",
    "translator": "Writing – original draft",
}


def to_credit_role(role: str) -> str:
    """Return the CRediT name of a role, or "" if there is none.

    >>> to_credit_role("writing - original draft"), to_credit_role("helper")
    ('Writing – original draft', '')
    """
    names = {_letters(name): name for name in CREDIT_ROLES}
    return names.get(_letters(role)) or CREDIT_ROLE_BY_NAME.get(role.casefold(), "")


def _letters(role: str) -> str:
    """Return the letters of a role in lower case.

    People type spaces, dashes and ampersands in several ways.
    """
    return "".join(char for char in role.casefold() if char.isalpha())


def marc_relators_of_roles(roles: Iterable[str], author: bool) -> tuple[str, ...]:
    """Return the MARC relators of roles.

    "aut" is only for people who count as authors, "ctb" for roles that nothing else fits.

    >>> marc_relators_of_roles(["author", "reviewer"], author=False)
    ('ctb', 'rev')
    """
    codes: list[str] = ["aut"] if author else []
    for role in roles:
        code = MARC_RELATORS.get(role.casefold()) or CREDIT_ROLES.get(to_credit_role(role), "ctb")
        code = "ctb" if code == "aut" and not author else code
        if code not in codes:
            codes.append(code)
    return tuple(codes) or ("ctb",)
