"""Tabs as other tools write them: `{tab} Words` alone or in `{tabs}`, `{group-tab}` and `{code-tab} python`."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx_design.shared import create_component, is_component, is_ignorable_child
from sphinx_design.tabs import TabItemDirective, TabSetDirective


class TabSet(TabSetDirective):
    """`{tab-set}` and `{tabs}`: what is no tab stands before the tabs."""

    optional_arguments = 1
    final_argument_whitespace = True

    def run_with_defaults(self) -> list[nodes.Node]:
        """Return the tabs, and what stands between them."""
        content = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, content)
        children = [child for child in content.children if not is_ignorable_child(child)]
        tabs: list[Any] = [child for child in children if is_component(child, "tab-item")]
        for tab in tabs:
            if "sync_id" in tab.children[0]:
                tab.children[0]["sync_group"] = self.options.get("sync-group", "tab")
        others = [child for child in content.children if child not in tabs]
        return [*others, *([_tab_set(self, tabs, self.options.get("class", []))] if tabs else [])]


class Tab(TabItemDirective):
    """`{tab-item}`, `{tab}` and `{group-tab}`: tabs that no set contains are gathered later."""

    option_spec = {**TabItemDirective.option_spec, "new-set": directives.flag}

    def run_with_defaults(self) -> list[nodes.Node]:
        """Return the tab."""
        label = self.arguments[0]
        tab = create_component("tab-item", ["sd-tab-item", *self.options.get("class-container", [])])
        tab["selected"], tab["new_set"] = "selected" in self.options, "new-set" in self.options
        words, messages = self.state.inline_text(label, self.lineno)
        rubric = nodes.rubric(label, "", *words, classes=["sd-tab-label", *self.options.get("class-label", [])])
        if "sync" in self.options:
            rubric["sync_id"] = self.options["sync"]
        self.add_name(rubric)
        content = create_component("tab-content", ["sd-tab-content", *self.options.get("class-content", [])])
        self._fill(content)
        self.set_source_info(tab)
        tab += [rubric, content, *messages]
        return [tab]

    def _fill(self, content: nodes.Element) -> None:
        self.state.nested_parse(self.content, self.content_offset, content)


class CodeTab(Tab):
    """`{code-tab} python Words`: a tab that contains only code."""

    def run_with_defaults(self) -> list[nodes.Node]:
        """Return the tab; the language is its label if it has no words."""
        self.language, _space, label = self.arguments[0].partition(" ")
        self.arguments[0] = label.strip() or self.language
        return super().run_with_defaults()

    def _fill(self, content: nodes.Element) -> None:
        code = "\n".join(self.content)
        content += nodes.literal_block(code, code, language=self.language)


def _tab_set(directive: Any, tabs: list[nodes.Node], classes: list[str]) -> nodes.Element:
    tab_set: nodes.Element = create_component("tab-set", ["sd-tab-set", *classes])
    directive.set_source_info(tab_set)
    tab_set += tabs
    return tab_set


def gather_tabs(_app: Sphinx, doctree: nodes.document) -> None:
    """Make sets of tabs that stand one behind the other, outside of any set."""
    tabs: list[Any] = list(doctree.findall(lambda node: is_component(node, "tab-item")))
    for tab in tabs:
        if tab.parent is None or is_component(tab.parent, "tab-set"):
            continue
        siblings = tab.parent.children
        run = [tab]
        for sibling in siblings[siblings.index(tab) + 1 :]:
            if not is_component(sibling, "tab-item") or sibling.get("new_set"):
                break
            run.append(sibling)
        tab_set = create_component("tab-set", ["sd-tab-set"])
        tab_set.source, tab_set.line = tab.source, tab.line
        tab.replace_self(tab_set)
        for item in run[1:]:
            item.parent.remove(item)
        tab_set += run


DIRECTIVES = {"tab-set": TabSet, "tabs": TabSet, "tab-item": Tab, "tab": Tab, "group-tab": Tab, "code-tab": CodeTab}
