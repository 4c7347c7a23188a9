"""Insert declared substitutions as Markdown; MyST would evaluate them with Jinja."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from markdown_it.tree import SyntaxTreeNode
from myst_parser.mdit_to_docutils.base import token_line

MAX_SUBSTITUTIONS = 5_000  # on a page, those in others counted


class SubstitutionRenderer:
    """The part of a MyST renderer that inserts substitutions."""

    md_config: Any
    md_env: Any
    current_node: Any
    nested_render_text: Any
    context: Any
    sphinx_env: Any

    def render_substitution(self, token: SyntaxTreeNode, inline: bool) -> None:
        """Insert a declared substitution; expressions in braces are never evaluated."""
        key = token.content.strip()
        substitutions = self.md_config.substitutions
        position = token_line(token, 0)
        in_progress: set[str] = self.md_env.setdefault("oerbook_substituting", set())
        if key not in substitutions and ("\\" in key or key[:1] in "%<"):
            # TeX outside math, or a short code of Hugo or Quarto, which another finding reports
            self.current_node.append(nodes.Text("{{" + token.content + "}}"))
            return
        count = self.md_env["oerbook_substitutions"] = self.md_env.get("oerbook_substitutions", 0) + 1
        if key not in substitutions or key in in_progress or count > MAX_SUBSTITUTIONS:
            if count <= MAX_SUBSTITUTIONS + 1:  # of what is too much, the first is reported
                self._report_substitution(key, position)
            self.current_node.append(nodes.Text("{{ " + key + " }}"))
            return
        in_progress.add(key)
        try:
            self.nested_render_text(str(substitutions[key]), position, inline=inline)
        finally:
            in_progress.discard(key)

    def _report_substitution(self, key: str, position: int) -> None:
        if self.md_env["oerbook_substitutions"] > MAX_SUBSTITUTIONS:
            message = f"this page inserts more than {MAX_SUBSTITUTIONS:,} substitutions"
            hint = "Write some of them as text; those from here on are shown as they are written."
        elif key in self.md_config.substitutions:
            message, hint = f"{{{{ {key} }}}} refers to itself", "Remove it from its own value."
        else:
            message = f"{{{{ {key} }}}} is not a declared substitution"
            hint = "Declare it under substitutions: in the front matter of this chapter or of chapters/index.md."
        self.context.report_problem(self.sphinx_env.docname, "substitution", message, position, hint=hint)
