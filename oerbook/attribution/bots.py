"""Recognise bots and AI assistants, which are never authors."""

from __future__ import annotations

import functools
import re

from oerbook.model.history import Identity

GITHUB_NOREPLY = re.compile(r"^(?:(\d+)\+)?([A-Za-z0-9-]+(?:\[bot\])?)@users\.noreply\.github\.com$", re.IGNORECASE)
BOT_NAMES = frozenset(
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
) | {
    "hosted weblate",
    "read the docs",
    "pre-commit ci",
    "github classroom",
    "travis ci user",
    "imgbotapp",
    "restyled commits",
    "github merge queue",
}
BOT_NAME_PATTERN = re.compile(
    r"\[bot\]$|^[\w.-]*[-_.]bot$|^bot[-_]|^(?:the )?(?:gitter|codacy|codecov|coveralls)[ -]badger$|"
    r"^(?:git(?:hub|lab|ea|ee)|azure)[ -](?:ci|actions?|"
    r"pages|runner|pipelines?)\b|^(?:circle|travis|drone|appveyor|jenkins)[ -]?ci\b|"
    r"^(?:auto|deploy(?:ment)?|release|build|format(?:ting)?|sync|merge|lint|style|translation|update|docs?)[ -]bot\b",
    re.IGNORECASE,
)
BOT_EMAILS = re.compile(
    r"^(?:(?:support\+|github-)?actions?@github\.com|badger@gitter\.im|bot@(?:stepsecurity|renovateapp|pyup|snyk)\.\w+|"
    r"(?:support|dependabot)@dependabot\.com|(?:builds|deploy|travis)@travis-ci\.(?:org|com)|"
    r"[\w.+-]*@(?:[\w-]+\.)?noreply\.weblate\.org|(?:hosted|noreply)@weblate\.org|support@crowdin\.com|"
    r"bot@all-?contributors\.(?:org|dev))$",
    re.IGNORECASE,
)
# "Claude", "Devin" and "Jules" are people's names too: they count only with a version, a product word or the
# vendor's address.
ASSISTANT_NAME_PATTERN = re.compile(
    r"^(?:claude[ -](?:opus|sonnet|haiku|code|agent|ai|v?\d)\b.*|claude \(.*\)|(?:github )?copilot\b.*|chat ?gpt\b.*|"
    r"gpt-?\d.*|openai\b.*|codex(?: cli| agent)?|gemini[ -](?:(?:cli|code|pro|flash|ai|assist)\b|\d).*|"
    r"cursor ?(?:agent| ai)|aider\b.*\(.*\)|aider|devin(?: ai|-ai-integration)|windsurf|codeium|tabnine|amazon q\b.*|"
    r"sweep ai|code ?rabbit.*|open ?hands|opencode|llama[ -]?\d.*|mistral(?: ai|[ -]\w*\d).*|deepseek\b.*|"
    r"qwen\d?\b.*|perplexity(?: ai)?|google-labs-jules|.*\b(?:ai|llm) (?:assistant|agent)|grok[ -]?\d.*|"
    r"kimi[ -](?:k\d.*|ai|cli|code|latest)|kiro agent)$",
    re.IGNORECASE,
)
ASSISTANT_ACCOUNTS = frozenset(("copilot", "copilot-swe-agent", "copilot-swe-agent[bot]", "claude", "claude[bot]",
                               "google-labs-jules[bot]",
                      "devin-ai-integration[bot]", "cursoragent", "gemini-code-assist[bot]",
                      "openhands-agent"))  # fmt: skip
AMBIGUOUS_ASSISTANT_NAMES = frozenset(
    ("claude", "devin", "jules", "gemini", "cursor", "junie", "amp", "kiro", "grok", "kimi", "sweep")
)
NON_PERSONAL_EMAIL = re.compile(
    r"^$|^(?:no-?reply|agent|cursoragent|ai|bot|codex|assistant)@|\+noreply@", re.IGNORECASE
)
ASSISTANT_VENDOR_EMAIL = re.compile(
    r"@(?:[\w-]+\.)*(?:anthropic\.com|openai\.com|cursor\.(?:com|sh)|devin\.ai|cognition\.ai|aider\.chat|ampcode\.com|"
    r"windsurf\.com|codeium\.com|openhands\.dev|all-hands\.dev)$",
    re.IGNORECASE,
)


def github_login(email: str) -> str:
    """Return the GitHub login in a noreply address in lower case, or "".

    >>> github_login("12345+ada-l@users.noreply.github.com")
    'ada-l'
    """
    match = GITHUB_NOREPLY.match(email)
    return match[2].lower() if match else ""


@functools.lru_cache(maxsize=10_000)  # few people, many calls
def is_assistant(who: Identity, trailer: bool = False) -> bool:
    """Return whether an identity is an AI assistant.

    A bare "Claude" is one with the vendor's address, or in a trailer with no personal address.

    >>> is_assistant(Identity("Claude Opus 5", "")), is_assistant(Identity("Claude Monet", ""))
    (True, False)
    """
    name = who.name.strip()
    vendor = bool(ASSISTANT_VENDOR_EMAIL.search(who.email))
    impersonal = bool(NON_PERSONAL_EMAIL.search(who.email))
    bare_name = name.lower() in AMBIGUOUS_ASSISTANT_NAMES and (vendor or (trailer and impersonal))
    return bool(
        ASSISTANT_NAME_PATTERN.match(name)
        or (vendor and impersonal)
        or bare_name
        or github_login(who.email) in ASSISTANT_ACCOUNTS
    )


@functools.lru_cache(maxsize=10_000)
def is_bot(who: Identity, extra_names: tuple[str, ...] = ()) -> bool:
    """Return whether an identity is a bot.

    It is one by a known name, a name in `extra_names`, the form of its name, or a service's address.

    >>> is_bot(Identity("GitHub Action", "")), is_bot(Identity("Anna Bot", ""))
    (True, False)
    """
    name, account = who.name.strip().lower(), github_login(who.email)
    known = {name, account} & (BOT_NAMES | {extra.lower() for extra in extra_names})
    has_form = BOT_NAME_PATTERN.search(name) or BOT_NAME_PATTERN.search(account)
    return bool(known or has_form or BOT_EMAILS.match(who.email))
