"""Letters and signs that LaTeX writes as commands and pandoc's reader does not know."""

from __future__ import annotations

import re

SYMBOL_BY_COMMAND = {
    "textendash": "–", "textemdash": "—", "textbar": "|", "textpm": "±", "textdegree": "°", "textmu": "µ",
    "texttimes": "×", "textdiv": "÷", "textbullet": "•", "textperiodcentered": "·", "textellipsis": "…",
    "textless": "<", "textgreater": ">", "texteuro": "€", "textsterling": "£", "textyen": "¥",
    "textcent": "¢", "textsection": "§", "textparagraph": "¶", "textcopyright": "©", "textregistered": "®",
    "texttrademark": "™", "textquotesingle": "'", "textquotedbl": '"', "textquoteleft": "‘",
    "textquoteright": "’", "textquotedblleft": "“", "textquotedblright": "”", "guillemotleft": "«",
    "guillemotright": "»", "quotesinglbase": "‚", "quotedblbase": "„", "textonehalf": "½",
    "textonequarter": "¼", "textordfeminine": "ª", "textordmasculine": "º", "textexclamdown": "¡",
    "textquestiondown": "¿", "textminus": "−", "textrightarrow": "→", "textleftarrow": "←",
    "textasciiacute": "´", "textasciigrave": "`", "textonesuperior": "¹", "texttwosuperior": "²",
    "textthreesuperior": "³", "textohm": "Ω", "textcelsius": "℃", "textnumero": "№", "slash": "/", "th": "þ",
    "TH": "Þ", "dh": "ð", "DH": "Ð", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ", "quad": " ", "qquad": " ",
    "textvisiblespace": "␣", "textbraceleft": r"\{", "textbraceright": r"\}", "textunderscore": r"\_",
}  # fmt: skip
LATEX_COMMAND = re.compile(r"\\([A-Za-z]+)(?:\{\}|\s+(?=\S)|(?![A-Za-z]))")
INVISIBLE_COMMAND = re.compile(
    r"\\discretionary\s*\{\}\{\}\{\}|\\(?:allowbreak|linebreak|newline|noopsort|vphantom)(?![A-Za-z])"
)


def replace_symbol_commands(value: str) -> str:
    r"""Return LaTeX in which these commands are the letters that they stand for.

    >>> replace_symbol_commands(r"III\textendash{}V \textpm 2, \th or")
    'III–V ±2, þor'
    >>> replace_symbol_commands(r"\emph{a} \textendash{{Core}}")
    '\\emph{a} –{{Core}}'
    """
    return LATEX_COMMAND.sub(lambda match: SYMBOL_BY_COMMAND.get(match[1], match[0]), INVISIBLE_COMMAND.sub("", value))
