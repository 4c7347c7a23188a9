"""Machines among the committers: bots, and assistants that trailers disclose. They are never authors."""

from __future__ import annotations

import functools
import re

from oerbook.model import Identity

NOREPLY = re.compile(r"^(?:(\d+)\+)?([A-Za-z0-9-]+(?:\[bot\])?)@users\.noreply\.github\.com$", re.IGNORECASE)
BOTS = frozenset(
    [
        "dependabot",
        "dependabot-preview",
        "renovate",
        "renovate-bot",
        "github-actions",
        "actions-user",
        "pre-commit-ci",
        "allcontributors",
        "all-contributors",
        "crowdin",
        "crowdin-bot",
        "weblate",
        "codecov",
        "greenkeeper",
        "snyk-bot",
        "imgbot",
        "travis-ci",
        "travisci",
        "circleci",
        "web-flow",
        "semantic-release-bot",
        "netlify",
        "readthedocs-assistant",
        "mergify",
        "meeseeksmachine",
        "lgtm-com",
        "deepsource-autofix",
        "sonarcloud",
        "gitbook-bot",
        "transifex-integration",
        "allstar-app",
        "github-merge-queue",
    ]
) | {"github actions", "hosted weblate", "read the docs", "pre-commit ci", "github classroom"}
BOT_NAME = re.compile(r"\[bot\]$|^[\w.-]*[-_.]bot$|^bot[-_]", re.IGNORECASE)
# "Claude" and "Devin" are people's names too: a version, a product word or the maker's address must stand beside them.
ASSISTANT = re.compile(
    r"^(?:claude\b.*(?:\d|opus|sonnet|haiku|code|agent|\bai\b).*|(?:github )?copilot\b.*|chat ?gpt\b.*|gpt-?\d.*|openai\b.*|"
    r"codex(?: cli| agent)?|gemini(?:[ -](?:cli|code|pro|flash|ai|\d).*)?|cursor(?: ?agent| ai)?|aider\b.*\(.*\)|aider|"
    r"devin(?: ai|-ai-integration)|windsurf|codeium|tabnine|amazon q\b.*|sweep(?: ai)|code ?rabbit.*|open ?hands|"
    r"opencode|llama[ -]?\d.*|mistral(?: ai|[ -]\w*\d).*|deepseek.*|qwen.*|perplexity(?: ai)?|google-labs-jules|"
    r".*\b(?:ai|llm) (?:assistant|agent)|grok[ -]?\d.*|kimi[ -]\w+|junie|amp|kiro(?: agent)?)$",
    re.IGNORECASE,
)
MAKERS = re.compile(
    r"@(?:[\w-]+\.)*(?:anthropic\.com|openai\.com|cursor\.(?:com|sh)|devin\.ai|cognition\.ai|aider\.chat|ampcode\.com|"
    r"windsurf\.com|codeium\.com|openhands\.dev|all-hands\.dev)$",
    re.IGNORECASE,
)


def login(email: str) -> str:
    """Return the GitHub login in a noreply address, in lower case, or "".

    >>> login("12345+ada-l@users.noreply.github.com")
    'ada-l'
    """
    match = NOREPLY.match(email)
    return match[2].lower() if match else ""


@functools.lru_cache(maxsize=10_000)  # a history is written by few, and asked of often
def is_assistant(who: Identity, trailer: bool = False) -> bool:
    """Say whether an identity is a tool that writes text; in a trailer a bare "Claude" is one as well.

    >>> is_assistant(Identity("Claude Opus 5", "")), is_assistant(Identity("Claude Monet", ""))
    (True, False)
    """
    name = who.name.strip()
    maker = MAKERS.search(who.email) and re.match(r"(?:no-?reply|agent|cursoragent|ai|bot|codex)\b", who.email, re.I)
    return bool(
        ASSISTANT.match(name) or maker or (trailer and name.lower() == "claude") or "copilot" in login(who.email)
    )


@functools.lru_cache(maxsize=10_000)
def is_bot(who: Identity, further: tuple[str, ...] = ()) -> bool:
    """Say whether an identity is a machine that commits.

    >>> is_bot(Identity("dependabot[bot]", "")), is_bot(Identity("Anna Bot", ""))
    (True, False)
    """
    name, account = who.name.strip().lower(), login(who.email)
    named = {name, account} & (BOTS | {one.lower() for one in further})
    return bool(named or BOT_NAME.search(name) or BOT_NAME.search(account))
