"""Machines among the committers: bots, and assistants that trailers disclose. They are never authors."""

from __future__ import annotations

import functools
import re

from oerbook.model.history import Identity

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
# "Claude", "Devin" and "Jules" are people's names too: a version, a product word or the maker's address must stand beside
# them.
ASSISTANT = re.compile(
    r"^(?:claude[ -](?:opus|sonnet|haiku|code|agent|ai|v?\d)\b.*|claude \(.*\)|(?:github )?copilot\b.*|chat ?gpt\b.*|"
    r"gpt-?\d.*|openai\b.*|codex(?: cli| agent)?|gemini[ -](?:(?:cli|code|pro|flash|ai|assist)\b|\d).*|"
    r"cursor ?(?:agent| ai)|aider\b.*\(.*\)|aider|devin(?: ai|-ai-integration)|windsurf|codeium|tabnine|amazon q\b.*|"
    r"sweep ai|code ?rabbit.*|open ?hands|opencode|llama[ -]?\d.*|mistral(?: ai|[ -]\w*\d).*|deepseek\b.*|"
    r"qwen\d?\b.*|perplexity(?: ai)?|google-labs-jules|.*\b(?:ai|llm) (?:assistant|agent)|grok[ -]?\d.*|"
    r"kimi[ -](?:k\d.*|ai|cli|code|latest)|kiro agent)$",
    re.IGNORECASE,
)
ACCOUNTS = frozenset(("copilot", "copilot-swe-agent", "copilot-swe-agent[bot]", "claude", "claude[bot]", "google-labs-jules[bot]",
                      "devin-ai-integration[bot]", "cursoragent", "gemini-code-assist[bot]", "openhands-agent"))  # fmt: skip
BARE = frozenset(("claude", "devin", "jules", "gemini", "cursor", "junie", "amp", "kiro", "grok", "kimi", "sweep"))
NO_PERSON = re.compile(r"^$|^(?:no-?reply|agent|cursoragent|ai|bot|codex|assistant)@|\+noreply@", re.IGNORECASE)
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
    """Say whether an identity is a tool that writes text.

    A bare "Claude" is one in a trailer without an address that a person might have, and with its maker's address.

    >>> is_assistant(Identity("Claude Opus 5", "")), is_assistant(Identity("Claude Monet", ""))
    (True, False)
    """
    name = who.name.strip()
    made = bool(MAKERS.search(who.email))
    nobody = bool(NO_PERSON.search(who.email))
    bare = name.lower() in BARE and (made or (trailer and nobody))
    return bool(ASSISTANT.match(name) or (made and nobody) or bare or login(who.email) in ACCOUNTS)


@functools.lru_cache(maxsize=10_000)
def is_bot(who: Identity, further: tuple[str, ...] = ()) -> bool:
    """Say whether an identity is a machine that commits.

    >>> is_bot(Identity("dependabot[bot]", "")), is_bot(Identity("Anna Bot", ""))
    (True, False)
    """
    name, account = who.name.strip().lower(), login(who.email)
    named = {name, account} & (BOTS | {one.lower() for one in further})
    return bool(named or BOT_NAME.search(name) or BOT_NAME.search(account))
